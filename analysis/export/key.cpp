#include "analysis/export/key.hpp"

#include <algorithm>
#include <vector>

#include "analysis/export/gnuplot.hpp"
#include "core/text_table.hpp"

namespace tubal::gnuplot {

namespace {

// In cm, of a font of 8 points.
constexpr double letter = 0.15, row = 0.4, sign = 1.4;

constexpr const char* opening = " title '";

struct Title {
  std::size_t begin, end;  // of the literal in the plot
  std::string text;
};

std::vector<Title> titles_of(const std::string& plot) {
  std::vector<Title> all;
  for (std::size_t at = 0; (at = plot.find(opening, at)) != plot.npos;) {
    Title t{at + std::string(opening).size() - 1, 0, ""};
    std::size_t i = t.begin + 1;
    for (; plot[i] != '\'' || plot[i + 1] == '\''; ++i) {
      t.text += plot[i];
      i += plot[i] == '\'';  // two of them are one
    }
    t.end = at = i + 1;
    all.push_back(t);
  }
  return all;
}

// Lines of at most `most` columns, divided between words; a longer word is cut.
std::vector<std::string> lines_of(const std::string& text, int most) {
  std::vector<std::string> lines = {""};
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, end - at);
    std::string& line = lines.back();
    if (line.empty())
      line = word;
    else if (columns(line) + 1 + columns(word) <= most)
      line += " " + word;
    else
      lines.push_back(word);
    at = end + 1;
  }
  return lines;
}

}  // namespace

Key lay_key(const std::string& plot, double width) {
  const std::vector<Title> titles = titles_of(plot);
  int longest = 0;
  for (const Title& t : titles) longest = std::max(longest, columns(t.text));
  const auto letters = [&](int entries) { return static_cast<int>((width / entries - sign) / letter); };
  if (longest <= letters(2))
    return {"set key below maxcols 2 samplen 1.5\n", plot,
            row * static_cast<double>((titles.size() + 1) / 2)};
  Key key{"set key below maxcols 1 samplen 1.5 Left reverse\n", plot, 0};
  std::size_t rows = 0;
  for (auto t = titles.rbegin(); t != titles.rend(); ++t) {
    const std::vector<std::string> lines = lines_of(t->text, letters(1));
    std::string title = literal(lines[0]);
    for (std::size_t i = 1; i < lines.size(); ++i)
      title += ", keyentry with lines lt nodraw title " + literal("   " + lines[i]);
    key.plot.replace(t->begin, t->end - t->begin, title);
    rows += lines.size();
  }
  key.height = row * static_cast<double>(rows);
  return key;
}

}  // namespace tubal::gnuplot
