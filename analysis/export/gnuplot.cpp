#include "analysis/export/gnuplot.hpp"

#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>

#include "analysis/export/key.hpp"
#include "analysis/read/text.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/process.hpp"

namespace tubal::gnuplot {

std::string number(double x) { return std::isfinite(x) ? text::exact(x) : "NaN"; }

std::string literal(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "''" : c == '\n' || c == '\r' ? " " : std::string(1, c);
  return out + "'";
}

std::string tick(const std::string& text) {
  std::string out;
  for (const char c : literal(text)) out += c == '%' ? "%%" : std::string(1, c);
  return out;
}

std::string color(std::size_t i) {
  static const char* palette[] = {"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                  "#E69F00", "#56B4E9", "#000000"};
  return std::string("lc rgb '") + palette[i % 7] + "'";
}

std::string style(std::size_t i) {
  static const int points[] = {7, 5, 9, 11, 13, 6, 4, 8, 10};
  return line(i) + " pt " + std::to_string(points[i % 9]) + " ps 0.5";
}

std::string line(std::size_t i) { return color(i) + " lw 1.2 dashtype " + std::to_string(1 + i / 7 % 5); }

std::string script(const std::string& name, const std::string& comment, const std::string& data,
                   const std::string& settings, const std::string& plot, double height, double width) {
  const Key key = lay_key(plot, width);
  const double whole = height + key.height;
  return "# Written by `tubal export --figures`. `gnuplot " + name + ".gp` draws " + name + ".pdf and " +
         name + ".svg here.\n" + comment + data +
         "set encoding utf8\nset border 3 lw 0.6\nset tics nomirror out scale 0.5\nset grid ytics lc rgb "
         "'#DDDDDD' lw 0.5 lt 1\n"
         "set bars 0.4\n" +
         key.settings + settings + "set terminal pdfcairo noenhanced size " + number(width) + "cm," +
         number(whole) + "cm font 'Sans,8'\nset output '" + name + ".pdf'\n" + key.plot +
         "\nset terminal svg noenhanced size " + text::format("%.0f", 60 * width) + "," +
         text::format("%.0f", 60 * whole) + " font 'Sans,13' background rgb 'white'\nset output '" + name +
         ".svg'\nreplot\nset output\n";
}

void draw(const std::filesystem::path& folder, const std::string& name) {
  const fs::path place = folder / ("." + name + "." + std::to_string(::getpid()) + ".unfinished");
  struct Cleaner {
    const fs::path& place;
    ~Cleaner() {
      std::error_code none;
      fs::remove_all(place, none);
    }
  } const cleaner{place};
  make_folder(place);
  const std::string input = fs::absolute(folder / (name + ".gp")).string();
  const Answer answer = ask({"gnuplot", input}, Hear::both, place);
  if (answer.problem == ENOENT)
    throw UsageError(
        "--figures needs gnuplot, which is not installed (Debian: sudo apt-get install gnuplot-nox). The "
        "scripts are in " +
        folder.string() + ": `gnuplot " + name + ".gp` draws one where gnuplot is.");
  if (answer.problem) throw Error("gnuplot cannot be started: " + std::string(std::strerror(answer.problem)));
  std::error_code none;
  for (const char* type : {".pdf", ".svg"}) {
    const fs::path drawn = place / (name + type);
    if (!answer.good() || fs::file_size(drawn, none) == 0 || none)
      throw Error("gnuplot could not draw " + input + ": " + answer.text +
                  "\nIts version must have the terminals pdfcairo and svg (Debian: gnuplot-nox).");
  }
  for (const char* type : {".pdf", ".svg"})
    write_file(folder / (name + type), read_file(place / (name + type)));
}

}  // namespace tubal::gnuplot
