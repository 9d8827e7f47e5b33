// A figure is one: what the report's data say of it is what the gnuplot scripts hold.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <set>
#include <sstream>

#include "analysis/compare/choice.hpp"
#include "analysis/export/figures.hpp"
#include "analysis/figures/table.hpp"
#include "analysis/read/study_reader.hpp"
#include "analysis/report/data.hpp"
#include "analysis/statistics/statistics.hpp"
#include "tests/language_study.hpp"
#include "tests/large_study.hpp"
#include "tests/temporary.hpp"

using namespace tubal;
using namespace tubal::analysis;

namespace {

using Rows = std::vector<std::vector<double>>;

double of_json(const Json& x) { return x.is_number() ? x.get<double>() : std::nan(""); }

// The blocks `$name << EOD` of a script: the numbers of each line, up to its first word.
std::map<std::string, Rows> blocks(const std::string& script) {
  std::map<std::string, Rows> all;
  std::istringstream lines(script);
  std::string line, open;
  while (std::getline(lines, line)) {
    if (line == "EOD") {
      open.clear();
    } else if (!open.empty()) {
      std::istringstream fields(line);
      std::vector<double> row;
      for (double x; fields >> x;) row.push_back(x);
      all[open].push_back(row);
    } else if (line.starts_with("$") && line.ends_with(" << EOD")) {
      open = line.substr(1, line.find(' ') - 1);
      all[open];
    }
  }
  return all;
}

// What a script sets: "set xlabel 'p'" gives "p".
std::string setting(const std::string& script, const std::string& name) {
  const std::string start = "\nset " + name + " '";
  const std::size_t at = script.find(start);
  if (at == script.npos) return "";
  const std::size_t begin = at + start.size();
  std::string text = script.substr(begin, script.find("'\n", begin) - begin);
  for (std::size_t i = 0; (i = text.find("''", i)) != text.npos; ++i) text.erase(i, 1);
  return text;
}

// "x y low high" of every point of a figure's JSON, an interval that is not there having no length.
std::multiset<std::vector<double>> points_of(const Json& figure) {
  std::multiset<std::vector<double>> all;
  for (const Json& p : figure["points"]) {
    const double y = of_json(p["y"]), low = of_json(p["low"]), high = of_json(p["high"]);
    all.insert({of_json(p["x"]), y, std::isnan(low) ? y : low, std::isnan(high) ? y : high});
  }
  return all;
}

std::multiset<std::vector<double>> first_columns(const std::map<std::string, Rows>& all,
                                                 const std::string& kind, std::size_t columns) {
  std::multiset<std::vector<double>> found;
  for (const auto& [name, rows] : all)
    if (name.starts_with(kind))
      for (const std::vector<double>& row : rows) {
        REQUIRE(row.size() >= columns);
        found.insert({row.begin(), row.begin() + static_cast<std::ptrdiff_t>(columns)});
      }
  return found;
}

void check_points(const Json& figure, const std::map<std::string, Rows>& data) {
  if (figure["kind"] == "curves") {
    for (std::size_t n = 0; n < figure["curves"].size(); ++n) {
      const Json& c = figure["curves"][n];
      Rows rows;
      for (std::size_t i = 0; i < c["x"].size(); ++i)
        rows.push_back(
            {of_json(c["x"][i]), of_json(c["mean"][i]), of_json(c["low"][i]), of_json(c["high"][i])});
      CHECK(data.at("curve" + std::to_string(n)) == rows);
      CHECK(rows.size() >= 1);
    }
    return;
  }
  const bool front = figure["kind"] == "front";
  CHECK(first_columns(data, front ? "cells" : "series", 4) == points_of(figure));
  std::multiset<std::vector<double>> on_front;
  for (const Json& p : figure["points"])
    if (p["front"]) on_front.insert({of_json(p["x"]), of_json(p["y"])});
  CHECK(first_columns(data, "front", 2) == on_front);
  for (std::size_t n = 0; n < figure["lines"].size(); ++n) {
    Rows line, drawn;
    for (const Json& k : figure["lines"][n]["points"])
      line.push_back({of_json(figure["points"][k.get<std::size_t>()]["x"]),
                      of_json(figure["points"][k.get<std::size_t>()]["y"])});
    for (const std::vector<double>& row : data.at("line" + std::to_string(n)))
      drawn.push_back({row[0], row[1]});
    CHECK(drawn == line);
  }
}

// Titles, axes, scales, notes and points of all figures, in the table's order.
std::size_t check_alike(const Study& s, const std::string& metric = "") {
  const Comparison c = compare(s, metric);
  ReportOptions options;
  options.metric = metric;
  const Json figures = gather_report(s, options)["figures"];
  const std::vector<FigureScript> scripts = figure_scripts(s, c, c.results);
  REQUIRE(figures.size() == scripts.size());
  std::set<std::string> ids;
  for (std::size_t i = 0; i < scripts.size(); ++i) {
    const Json& f = figures[i];
    const std::string& script = scripts[i].script;
    CAPTURE(script);
    CHECK(f["id"] == scripts[i].name);
    CHECK(ids.insert(f["id"]).second);
    CHECK(script.find("\n# " + f["title"].get<std::string>() + "\n") != script.npos);
    if (f["note"] != "") CHECK(script.find("\n# " + f["note"].get<std::string>() + "\n") != script.npos);
    const bool sideways = f["x"]["scale"] == "names";
    const std::string x = sideways ? "y" : "x", y = sideways ? "x" : "y";
    CHECK(setting(script, x + "label") == f["x"]["title"]);
    CHECK(setting(script, y + "label") == f["y"]["title"]);
    CHECK((script.find("\nset logscale " + x) != script.npos) == (f["x"]["scale"] == "log"));
    CHECK((script.find("\nset " + y + "range [0:") != script.npos) == f["y"]["from_zero"].get<bool>());
    const std::map<std::string, Rows> data = blocks(script);
    check_points(f, data);
    for (const Json& r : f["references"])
      CHECK(std::any_of(data.begin(), data.end(), [&](const auto& block) {
        return block.first.starts_with("reference") && block.second[0][sideways ? 0 : 1] == of_json(r["y"]);
      }));
  }
  return scripts.size();
}

}  // namespace

TEST_CASE("the report and papers draw the same figures: ids, titles, axes and points") {
  const TemporaryFolder folder;
  CHECK(check_alike(read_study({write_sample_study(folder.path)})) >= 8);
  for (const char* metric : {"loss", "perplexity", "bits_per_byte"})
    CHECK(check_alike(read_study({write_language_study(folder / metric)}), metric) >= 8);
}

TEST_CASE("figures of a study with panels, a bag of words and many factors are alike, too") {
  const TemporaryFolder folder;
  CHECK(check_alike(read_study({write_large_study(folder.path, "large")})) >= 10);
}

TEST_CASE("each row of the table is drawn of a study that has all of it, with a title and axes in words") {
  const TemporaryFolder folder;
  const Study s = read_study({write_sample_study(folder.path)});
  const Comparison c = compare(s);
  std::vector<std::string> damaged;
  const std::vector<Figure> all = gather_figures(set_scene(s, c, c.results, damaged));
  CHECK(damaged.empty());
  for (const FigureRow& row : figure_table()) {
    const std::string name = row.quantity ? row.quantity->name : "";
    const auto found = std::find_if(all.begin(), all.end(), [&](const Figure& f) {
      return f.kind == row.kind && f.section == row.section && f.id.find(name) != f.id.npos;
    });
    CAPTURE(row.section, name);
    REQUIRE(found != all.end());
    CHECK(std::isupper(static_cast<unsigned char>(found->title[0])));
    CHECK((!found->x.title.empty() && !found->y.title.empty()));
    CHECK(found->points.size() + found->curves.size() >= 2);
  }
}

TEST_CASE(
    "lines of a figure join cells that differ in its factor alone, and hold every cell of the sample study") {
  const TemporaryFolder folder;
  const Study s = read_study({write_sample_study(folder.path)});
  const Comparison c = compare(s);
  std::vector<std::string> damaged;
  const Scene scene = set_scene(s, c, c.results, damaged);
  const Figure figure = gather_figures(scene)[0];
  REQUIRE(figure.id == "accuracy-by-p");
  REQUIRE(figure.lines.size() == 3);
  std::set<std::size_t> cells;
  for (const FigureLine& line : figure.lines) {
    REQUIRE(line.points.size() == 3);
    CHECK(figure.points[line.points[0]].series == any_value);  // p = 1 begins each of them
    for (const std::size_t k : line.points) {
      const FigurePoint& p = figure.points[k];
      cells.insert(p.cell);
      CHECK(p.x == std::stod(s.cells[p.cell].values[0]));
      CHECK(p.y == c.measure.shown(c.results[p.cell].mean));
      if (p.x > 1) CHECK(s.cells[p.cell].values[1] == line.series);
    }
  }
  CHECK(cells.size() == s.cells.size());
}

TEST_CASE("fronts are those of the comparison, also of the cells that a filter leaves") {
  const TemporaryFolder folder;
  const Study s = read_study({write_sample_study(folder.path)});
  const Comparison c = compare(s);
  std::vector<std::string> damaged;
  for (const std::vector<CellResult>& results : {c.results, filtered(s, c, {{"p", "2,4"}})}) {
    const Scene scene = set_scene(s, c, results, damaged);
    std::size_t fronts = 0;
    for (const Figure& f : gather_figures(scene)) {
      if (f.kind != FigureKind::front) continue;
      CHECK(f.points.size() == results.size());
      for (const FigurePoint& p : f.points) {
        if (f.id == "front-parameters") CHECK(p.front == c.results[p.cell].front_parameters);
        if (f.id == "front-seconds") CHECK(p.front == c.results[p.cell].front_seconds);
      }
      ++fronts;
    }
    CHECK(fronts >= 2);
  }
}
