// table.tex: the comparison as a booktabs table.
#include <algorithm>
#include <cmath>

#include "analysis/export.hpp"
#include "analysis/text.hpp"
#include "core/files.hpp"

namespace tubal::analysis {

namespace {

std::string plus_minus(double mean, double deviation) {
  const std::string m = text::percent(mean), d = text::percent(deviation);
  return d.empty() ? m : m + " \\pm " + d;
}

std::string math(const std::string& inside) { return inside.empty() ? "" : "$" + inside + "$"; }

// U+2212 is for terminals; inside $...$ a hyphen is a minus.
std::string signed_points(double x) {
  std::string s = text::signed_percent(x);
  if (s.starts_with("\u2212")) s = "-" + s.substr(std::string("\u2212").size());
  return s;
}

std::string p_text(double p) { return std::isnan(p) ? "" : p < 0.001 ? "$<0.001$" : text::p_value(p); }

std::string row_of(const CellResult& r, const Cell& cell, bool best) {
  std::string out;
  for (const std::string& value : cell.values.empty() ? std::vector<std::string>{"all"} : cell.values)
    out += latex_text(value) + " & ";
  out += r.seeds == r.planned ? std::to_string(r.seeds)
                              : std::to_string(r.seeds) + "/" + std::to_string(r.planned);
  out += " & " + text::grouped(r.encoder) + " & ";
  out += std::isnan(r.compression) ? "" : math(text::format("%.2f", r.compression) + "\\times");
  const std::string accuracy = r.seeds ? plus_minus(r.accuracy, r.deviation) : "";
  out += " & " + (best ? "$\\mathbf{" + text::percent(r.accuracy) + "}" +
                             accuracy.substr(text::percent(r.accuracy).size()) + "$"
                  : accuracy.empty() ? "none"
                                     : math(accuracy));
  if (cell.baseline) return out + " & \\multicolumn{2}{c}{baseline} & " + text::seconds(r.seconds);
  out += " & " + math(signed_points(r.difference));
  if (!std::isnan(r.difference_interval.low))
    out += " $[" + signed_points(r.difference_interval.low) + ", " +
           signed_points(r.difference_interval.high) + "]$";
  return out + " & " + p_text(r.p_holm) + " & " + (std::isnan(r.seconds) ? "" : text::seconds(r.seconds));
}

}  // namespace

Written export_latex(const Study& s, const Comparison& c, const std::vector<CellResult>& results,
                     const std::filesystem::path& folder) {
  double best = -1;
  for (const CellResult& r : results)
    if (r.seeds) best = std::max(best, r.accuracy);
  std::vector<std::string> names = short_names(s.swept);
  if (names.empty()) names = {"cell"};
  const std::string level = text::format("%.0f", 100 * c.level);
  std::string out =
      "% Written by `tubal export`. In the preamble: \\usepackage{booktabs}. In the text: \\input{table}.\n"
      "\\begin{table}\n\\centering\n\\caption{" +
      latex_text(s.name) + ": " + (c.metric == "test_accuracy" ? "test" : "validation") +
      " accuracy in \\%, mean $\\pm$ sample deviation over seeds, the highest mean in bold;\n"
      "difference to the baseline in points, paired by seed, with its " +
      level +
      "\\,\\% bootstrap interval;\n$p$-value of the exact sign-flip test, corrected by Holm over all "
      "cells.}\n"
      "\\label{tab:study}\n\\smallskip\n\\small\n\\begin{tabular}{" +
      std::string(names.size(), 'l') + "rrrrrrr}\n\\toprule\n";
  for (const std::string& name : names) out += latex_text(name) + " & ";
  out += "seeds & encoder & compression & accuracy & difference & $p$-value & time \\\\\n\\midrule\n";
  for (const CellResult& r : results)
    out += row_of(r, s.cells[r.cell], r.seeds && r.accuracy == best) + " \\\\\n";
  out += "\\bottomrule\n\\end{tabular}\n";
  for (const std::string& note : c.notes) {
    std::string text = note;
    for (std::size_t at = 0; (at = text.find("\n  ", at)) != text.npos;) text.replace(at, 3, "; ");
    if (const std::size_t at = text.find(":; "); at != text.npos) text.replace(at, 3, ": ");
    out += "\n\\medskip\\parbox{\\linewidth}{\\footnotesize Note: " + latex_text(text) + "}\n";
  }
  out += "\\end{table}\n";
  make_folder(folder);
  write_file(folder / "table.tex", out);
  return {folder / "table.tex"};
}

}  // namespace tubal::analysis
