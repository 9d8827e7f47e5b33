#include "analysis/export/latex.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/export/latex_text.hpp"
#include "analysis/read/text.hpp"
#include "core/axis_names.hpp"
#include "core/files.hpp"

namespace tubal::analysis {

namespace {

std::string math(const std::string& inside) { return inside.empty() ? "" : "$" + inside + "$"; }

// U+2212 is for terminals; inside $...$ a hyphen is a minus.
std::string difference(const Measure& m, double x) {
  std::string s = m.difference(x);
  if (s.starts_with("\u2212")) s = "-" + s.substr(std::string("\u2212").size());
  return s;
}

std::string p_text(double p) { return std::isnan(p) ? "" : p < 0.001 ? "$<0.001$" : text::p_value(p); }

std::string row_of(const Comparison& c, const CellResult& r, const Cell& cell, bool best) {
  const Measure& m = c.measure;
  std::string out;
  for (const std::string& value : cell.values.empty() ? std::vector<std::string>{"all"} : cell.values)
    out += latex_text(value) + " & ";
  out += r.seeds == r.planned ? std::to_string(r.seeds)
                              : std::to_string(r.seeds) + "/" + std::to_string(r.planned);
  out += " & " + text::grouped(r.encoder) + " & ";
  out += std::isnan(r.compression) ? "" : math(text::format("%.2f", r.compression) + "\\times");
  const std::string mean = m.figure(r.mean), spread = m.spread(r.mean, r.deviation);
  out += " & ";
  out += !r.seeds
             ? "none"
             : math((best ? "\\mathbf{" + mean + "}" : mean) + (spread.empty() ? "" : " \\pm " + spread));
  for (std::size_t k = 0; k < c.beside.size(); ++k) out += " & " + math(c.beside[k].figure(r.beside[k]));
  if (cell.baseline) return out + " & \\multicolumn{2}{c}{baseline} & " + text::seconds(r.seconds);
  out += " & " + math(difference(m, r.difference));
  if (!std::isnan(r.difference_interval.low))
    out += " $[" + difference(m, r.difference_interval.low) + ", " +
           difference(m, r.difference_interval.high) + "]$";
  return out + " & " + p_text(r.p_holm) + " & " + (std::isnan(r.seconds) ? "" : text::seconds(r.seconds));
}

std::string head_of(const Measure& m) {
  return latex_text(m.metric->title) + (m.lower() ? " $\\downarrow$" : "");
}

// "test accuracy in \%"
std::string in_words(const Measure& m) {
  const std::string unit = m.metric->unit;
  return latex_text(m.title()) + (m.exponential() ? " (exp of the mean loss, its deviation to first order)"
                                  : m.axis() == m.title() ? ""
                                                          : " in " + latex_text(unit));
}

}  // namespace

Written export_latex(const Study& s, const Comparison& c, const std::vector<CellResult>& results,
                     const std::filesystem::path& folder) {
  const long best = best_of(c, results);
  const Measure& m = c.measure;
  std::vector<std::string> names = axis_names(s.swept);
  if (names.empty()) names = {"cell"};
  const std::string level = text::format("%.0f", 100 * c.level);
  std::string out =
      "% Written by `tubal export`. In the preamble: \\usepackage{booktabs}. In the text: \\input{table}.\n"
      "\\begin{table}\n\\centering\n\\caption{" +
      latex_text(s.name) + ": " + in_words(m) + ", mean $\\pm$ sample deviation over seeds, the " +
      (m.lower() ? "lowest" : "highest") + " mean in bold;\ndifference " +
      (m.exponential() ? "of the loss " : "") + "to the baseline in " + m.metric->difference_unit +
      ", paired by seed, with its " + level +
      "\\,\\% bootstrap interval;\n$p$-value of the exact sign-flip test, corrected by Holm over all "
      "cells.}\n"
      "\\label{tab:study}\n\\smallskip\n" +
      std::string(c.beside.empty() ? "\\small\n" : "\\footnotesize\n\\setlength{\\tabcolsep}{4pt}\n") +
      "\\begin{tabular}{" + std::string(names.size(), 'l') + "rrr" + std::string(1 + c.beside.size(), 'r') +
      "rrr}\n\\toprule\n";
  for (const std::string& name : names) out += latex_text(name) + " & ";
  out += "seeds & encoder & compression & " + head_of(m);
  for (const Measure& b : c.beside) out += " & " + head_of(b);
  out += " & difference & $p$-value & time \\\\\n\\midrule\n";
  for (const CellResult& r : results)
    out += row_of(c, r, s.cells[r.cell], r.seeds && r.mean == results[static_cast<std::size_t>(best)].mean) +
           " \\\\\n";
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
