// The key of a figure for papers: whatever the titles, all of their words are in it and none is too long.
#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <sstream>

#include "analysis/export/gnuplot.hpp"
#include "analysis/export/key.hpp"
#include "core/text_table.hpp"

using namespace tubal;

namespace {

// The titles of a plot, as gnuplot reads them: '' in a literal is one.
std::vector<std::string> read_titles(const std::string& plot) {
  std::vector<std::string> all;
  const std::string opening = "title '";
  for (std::size_t at = plot.find(opening); at != plot.npos; at = plot.find(opening, at)) {
    std::string text;
    for (at += opening.size(); plot[at] != '\'' || plot[at + 1] == '\''; ++at) {
      text += plot[at];
      if (plot[at] == '\'') ++at;
    }
    all.push_back(text);
  }
  return all;
}

std::vector<std::string> words_of(const std::vector<std::string>& titles) {
  std::vector<std::string> words;
  for (const std::string& title : titles) {
    std::istringstream fields(title);
    for (std::string word; fields >> word;) words.push_back(word);
  }
  return words;
}

}  // namespace

TEST_CASE(
    "a key holds every word of its titles in order, no entry is wider than the plot, each has its room") {
  std::mt19937 random(20260305);
  int tall = 0, twofold = 0;
  for (int n = 0; n < 2000; ++n) {
    std::string plot = "plot ";
    std::vector<std::string> titles;
    const int series = 1 + static_cast<int>(random() % 8), longest = 1 + static_cast<int>(random() % 14);
    for (int i = 0; i < series; ++i) {
      std::string title;
      for (int w = 1 + static_cast<int>(random() % static_cast<unsigned>(longest)); w > 0; --w)
        title += std::string(title.empty() ? "" : " ") +
                 std::vector<std::string>{"p=4", "it's", "ä,", "[dct,", "norm_kind=layer_norm"}[random() % 5];
      titles.push_back(title);
      plot += (i ? ", $b using 1:2 title " : "$b using 1:2 title ") + gnuplot::literal(title);
    }
    const double width = random() % 2 ? 8.6 : 17.8;
    const gnuplot::Key key = gnuplot::lay_key(plot, width);
    const std::vector<std::string> entries = read_titles(key.plot);
    INFO(key.plot);
    REQUIRE(words_of(entries) == words_of(titles));
    const bool two = key.settings.find("maxcols 2") != key.settings.npos;
    for (const std::string& entry : entries) REQUIRE(columns(entry) * 0.15 <= (two ? width / 2 : width));
    REQUIRE(key.height >= 0.4 * static_cast<double>(entries.size()) / (two ? 2 : 1) - 1e-9);
    REQUIRE((two ? entries.size() == titles.size() : entries.size() >= titles.size()));
    tall += entries.size() > titles.size();
    twofold += two;
  }
  CHECK(tall > 100);
  CHECK(twofold > 100);
}
