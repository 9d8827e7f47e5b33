#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "analysis/compare/choice.hpp"
#include "analysis/compare/comparison.hpp"
#include "analysis/compare/json.hpp"
#include "analysis/compare/table.hpp"
#include "analysis/compare/tests_table.hpp"
#include "analysis/export/netcdf.hpp"
#include "analysis/read/study_reader.hpp"
#include "analysis/read/trial.hpp"
#include "core/axis_names.hpp"
#include "core/error.hpp"
#include "core/hdf5.hpp"
#include "core/typed.hpp"
#include "tests/sample_study.hpp"
#include "tests/temporary.hpp"

using namespace tubal;
using namespace tubal::analysis;
using Catch::Matchers::Contains;

TEST_CASE("a study comes back as cells of trials by seed") {
  const TemporaryFolder folder;
  write_sample_study(folder.path);
  const Study s = read_study(find_study("sample", folder / "studies"));
  CHECK(s.name == "sample");
  REQUIRE(s.cells.size() == 7);
  CHECK(s.cells[0].label == "p=1");  // p = 1 has no transform
  CHECK(s.cells[0].baseline);
  CHECK(s.cells[5].label == "p=4 transform=haar");
  for (const Cell& cell : s.cells) {
    REQUIRE(cell.rows.size() == 6);
    for (std::size_t i = 0; i < 6; ++i) CHECK(s.rows[cell.rows[i]].seed == static_cast<long>(i));
  }
  const auto troubles = s.troubles();
  REQUIRE(troubles.size() == 3);
  CHECK_THAT(troubles[0], Contains("p=2 transform=dct seed 4") && Contains("failed") && Contains("signal 9"));
  CHECK_THAT(troubles[1], Contains("p=4 transform=haar seed 5") && Contains("diverged"));
  CHECK_THAT(troubles[2], Contains("p=4 transform=learned_orthogonal seed 3: planned"));
  CHECK(s.without_figure() == 3);
  // Without a plan it is a copy for reading; with one, what goes on is named.
  CHECK(s.unfinished() == "1 trial is planned or interrupted. 2 trials failed or diverged.");
  write_file(s.folder.plan(), "");
  CHECK_THAT(s.unfinished(), Contains("1 trial is planned or interrupted: `tubal run ") &&
                                 Contains("2 trials failed or diverged: `tubal retry ") &&
                                 Contains(" --failed` runs them again."));
  CHECK(s.key("p") == "model.p");
  CHECK(s.key("transform") == "model.transform.name");
  CHECK_THROWS_WITH(s.key("widht"), Contains("widht") && Contains("width"));
  const TrialCurves c = read_curves(s.folder.trial(s.rows[0].id));
  CHECK(c.epoch == std::vector<double>{1, 2, 3, 4});
  CHECK(c.metrics.at("validation_accuracy").size() == 4);
  CHECK(c.classes.size() == 3);
  const TrialSlices slices = read_slices(s.folder.trial(s.rows[s.cells[5].rows[0]].id));
  CHECK(slices.matrix.size() == 5 * 4 * 4);
  CHECK(slices.spectrum.at("energy").size() == 5 * slices.layers * slices.slices);
}

TEST_CASE("the comparison pairs by seed and leaves out what failed") {
  const TemporaryFolder folder;
  const Study s = read_study({write_sample_study(folder.path)});
  const Comparison c = compare(s);
  // By hand, from the table's columns alone.
  const auto &accuracy = s.column("test_accuracy").numbers, &seed = s.column("seed").numbers;
  for (const CellResult& r : c.results) {
    double sum = 0, difference = 0;
    int n = 0, pairs = 0;
    for (const std::size_t row : s.cells[r.cell].rows) {
      if (s.rows[row].status != "complete") continue;
      sum += accuracy[row];
      ++n;
      for (const std::size_t base : s.cells[0].rows)
        if (seed[base] == seed[row]) {
          difference += accuracy[row] - accuracy[base];
          ++pairs;
        }
    }
    CHECK(static_cast<int>(r.seeds) == n);
    CHECK(r.mean == Approx(sum / n));
    CHECK(r.interval.low <= r.mean);
    CHECK(r.mean <= r.interval.high);
    if (s.cells[r.cell].baseline) {
      CHECK(std::isnan(r.difference));
      continue;
    }
    CHECK(static_cast<int>(r.pairs) == pairs);
    CHECK(r.difference == Approx(difference / pairs));
    CHECK(r.p <= r.p_holm);
    CHECK(r.compression == Approx(s.cells[r.cell].values[0] == "4" ? 4. : 2.));
  }
  CHECK(c.results[1].seeds == 5);
  const std::string table = show(s, c, c.results);
  CHECK_THAT(table, Contains("5/6") && Contains("793,088") && Contains("baseline") && Contains("4.00x") &&
                        Contains("3 trials of 42 enter no figure") && Contains("cannot fall below"));
  const auto json = nlohmann::json::parse(to_json(s, c, c.results));
  CHECK(json.at("cells").size() == 7);
  CHECK(json["cells"][0]["difference"].is_null());  // NaN
  CHECK(json["cells"][1]["compared_with"] == "p=1");
}

TEST_CASE("rows are chosen and ordered by flags") {
  const TemporaryFolder folder;
  const Study s = read_study({write_sample_study(folder.path)});
  const Comparison c = compare(s, "validation_accuracy");
  auto four = filtered(s, c, {{"p", "4"}, {"transform", "dct,haar"}});
  REQUIRE(four.size() == 2);
  CHECK(filtered(s, c, {{"p", "4.0,3"}}).size() ==
        filtered(s, c, {{"p", "4"}}).size());  // numbers, however written
  CHECK_THROWS_WITH(filtered(s, c, {{"p", "3"}}), Contains("p=3") && Contains("1, 2, 4"));
  auto all = c.results;
  sort_results(s, c, all, "accuracy");
  for (std::size_t i = 1; i < all.size(); ++i) CHECK(all[i - 1].mean >= all[i].mean);
  sort_results(s, c, all, "encoder");
  CHECK(s.cells[all.front().cell].values[0] == "4");
  sort_results(s, c, all, "transform");
  CHECK(s.cells[all.back().cell].values[1] == "learned_orthogonal");
}

TEST_CASE("a study that is missing, empty or foreign is explained") {
  const TemporaryFolder folder;
  write_sample_study(folder.path);
  CHECK_THROWS_WITH(find_study("sampel", folder / "studies"), Contains("did you mean `sample`"));
  CHECK_THROWS_WITH(find_study("x", folder / "nowhere"), Contains("There are none in"));
  write_study(folder / "study.h5", "empty", {"model.p"}, {});
  const Study s = read_study({folder.path});
  const Comparison c = compare(s);
  CHECK(c.results.empty());
  CHECK_THAT(show(s, c, c.results), Contains("0 trials"));
  hdf5::Writer other(folder / "study.h5");
  other.attribute("/", "tubal_format", std::int64_t{99});
  other.publish();
  CHECK_THROWS_WITH(read_study({folder.path}), Contains("later version"));
}

// Scripts run this by name.
TEST_CASE("write the sample study") {
  const AskedFolder folder;
  CHECK(read_study({write_sample_study(folder.path)}).name == "sample");
}

TEST_CASE("trials that waited for processors are told, where their times say so") {
  const TemporaryFolder folder;
  const Study full = read_study({write_sample_study(folder.path)});
  const auto told = [](const Study& s) {
    std::string all;
    for (const std::string& note : compare(s).notes) all += note + "\n";
    return all;
  };
  CHECK_THAT(told(full), !Contains("waited for processors"));
  CHECK(compare(full).results[0].processor == Approx(0.95 * compare(full).results[0].seconds));
  Study busy = full, two = full, earlier = full;
  for (double& x : busy.columns.at("processor_seconds").numbers) x /= 2;
  CHECK_THAT(told(busy), Contains("waited for processors") && Contains("they had 47 %"));
  // Threads wait for each other, too: of trials on several nothing follows. Nor where nothing was recorded.
  two.columns["processor_seconds"] = busy.column("processor_seconds");
  for (double& x : two.columns.at("threads").numbers) x = 2;
  CHECK_THAT(told(two), !Contains("waited for processors"));
  for (double& x : earlier.columns.at("processor_seconds").numbers) x = NAN;
  CHECK_THAT(told(earlier), !Contains("waited for processors"));
  earlier.columns.erase("processor_seconds");
  CHECK_THAT(told(earlier), !Contains("waited for processors"));
  CHECK(std::isnan(compare(earlier).results[0].processor));
}

TEST_CASE("a cell that has not begun is named once, not by each test that it lacks") {
  const TemporaryFolder folder;
  Study s = read_study({write_sample_study(folder.path)});
  for (const std::size_t r : s.cells[5].rows) s.rows[r].status = "planned";
  const Comparison c = compare(s, "", 0.95, 0.01);
  REQUIRE(c.results[5].seeds == 0);
  CHECK_FALSE(c.results[5].notes.empty());
  CHECK_THAT(show_tests(s, c, c.results), !Contains("no pair to speak of") && !Contains("seed 0 (planned)"));
  CHECK_THAT(show(s, c, c.results), Contains("no complete trial in: p=4 transform=haar.") &&
                                        Contains("p=4 transform=haar seed 0, 1, 2, 3, 4, 5: planned"));
}

TEST_CASE("another baseline: what A is to B, B is to A with the other sign") {
  const TemporaryFolder folder;
  const Study grid = read_study({write_sample_study(folder.path)});
  Study dct = grid, haar = grid;
  choose_baseline(dct, {{"p", "4"}, {"transform", "dct"}});
  choose_baseline(haar, {{"model.p", "4.0"}, {"transform", "haar"}});
  const Comparison a = compare(dct, "", 0.95, 0.01), b = compare(haar, "", 0.95, 0.01);
  const auto at = [&](const char* label) {
    for (std::size_t i = 0; i < grid.cells.size(); ++i)
      if (grid.cells[i].label == label) return i;
    throw Error("no such cell");
  };
  const std::size_t d = at("p=4 transform=dct"), h = at("p=4 transform=haar");
  for (std::size_t i = 0; i < grid.cells.size(); ++i) {
    CHECK(dct.cells[i].baseline == (i == d));
    CHECK(a.results[i].reference == (i == d ? -1 : static_cast<long>(d)));
    for (const std::size_t r : dct.cells[i].rows) {
      CHECK(dct.rows[r].baseline == (i == d));
      CHECK(dct.column("baseline").texts[r] == (i == d ? "1" : "0"));  // a CSV's
      CHECK(dct.column("baseline").numbers[r] == (i == d));
    }
  }
  export_netcdf(dct, folder / "out");
  const hdf5::Reader written(folder / "out" / "study.nc");
  CHECK(written.attribute("/", "baseline") == "{model.p: 4, model.transform.name: dct}");
  const auto marks = written.read<std::int64_t>("/trials/baseline");
  REQUIRE(marks.size() == dct.rows.size());
  for (std::size_t r = 0; r < marks.size(); ++r) CHECK((marks[r] != 0) == dct.rows[r].baseline);
  CHECK(a.results[h].pairs == b.results[d].pairs);
  CHECK(a.results[h].difference == Approx(-b.results[d].difference));
  CHECK(a.results[h].difference_student.low == Approx(-b.results[d].difference_student.high));
  CHECK(a.results[h].p == Approx(b.results[d].p));
  CHECK(a.results[h].difference ==
        Approx(a.results[h].mean - a.results[d].mean).margin(0.02));  // but for a seed that is missing
  Study same = grid;
  choose_baseline(same, {});
  for (std::size_t i = 0; i < grid.cells.size(); ++i) CHECK(same.cells[i].baseline == grid.cells[i].baseline);
  // p = 1 has no transform, and several cells may be the baseline.
  Study both = grid;
  choose_baseline(both, {{"transform", "dct"}});
  for (const Cell& cell : both.cells)
    CHECK(cell.baseline == (cell.label.find("transform=dct") != std::string::npos));
  // Keys go by the names that labels give them.
  Study kinds = grid;
  kinds.swept = {"model.kind", "model.p", "model.transform.name", "data.tokenizer.kind"};
  const std::vector<std::string> names = axis_names(kinds.swept);
  for (std::size_t k = 0; k < names.size(); ++k) CHECK(kinds.key(names[k]) == kinds.swept[k]);
  Study wrong = grid;
  CHECK_THROWS_WITH(choose_baseline(wrong, {{"p", "3"}}),
                    Contains("--baseline p=3") && Contains("Values of model.p: 1, 2, 4"));
  CHECK_THROWS_WITH(choose_baseline(wrong, {{"p", "1"}, {"transform", "haar"}}),
                    Contains("no cell has all of these") && Contains("p=4 transform=haar"));
  CHECK_THROWS_AS(choose_baseline(wrong, {{"pp", "1"}}), UsageError);
}
