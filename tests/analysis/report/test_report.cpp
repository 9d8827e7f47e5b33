#include <catch2/catch.hpp>
#include <cmath>

#include "analysis/compare/comparison.hpp"
#include "analysis/figures/over_seeds.hpp"
#include "analysis/read/study_reader.hpp"
#include "analysis/read/trial.hpp"
#include "analysis/report/data.hpp"
#include "analysis/report/trials.hpp"
#include "core/files.hpp"
#include "tests/large_study.hpp"
#include "tests/temporary.hpp"

using namespace tubal;
using namespace tubal::analysis;
using Catch::Matchers::Contains;

static double number(const Json& x) { return x.is_number() ? x.get<double>() : std::nan(""); }
// Equal, or both not there.
static bool same(const Json& x, double y) {
  return std::isnan(y) ? std::isnan(number(x)) : std::abs(number(x) - y) <= 1e-12 * std::abs(y);
}

static std::string all_of(const Json& texts) {
  std::string out;
  for (const Json& t : texts) out += t.get<std::string>() + "\n";
  return out;
}

TEST_CASE("a report's cells are those of the comparison") {
  const TemporaryFolder folder;
  const Study s = read_study({write_sample_study(folder.path)});
  const Comparison c = compare(s);
  const Json report = gather_report(s);
  const Json& cells = report["cells"];
  REQUIRE(cells.size() == c.results.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const CellResult& r = c.results[i];
    const Json& x = cells[i];
    CHECK(x["label"] == s.cells[i].label);
    CHECK(x["seeds"] == r.seeds);
    CHECK(x["by_seed"].size() == r.seeds);
    CHECK(same(x["mean"], r.mean));
    CHECK(same(x["interval"][0], r.interval.low));
    CHECK(same(x["interval"][1], r.interval.high));
    CHECK(same(x["encoder"], r.encoder));
    CHECK(same(x["compression"], r.compression));
    CHECK(same(x["difference"], r.difference));
    CHECK(same(x["difference_interval"][0], r.difference_interval.low));
    CHECK(same(x["p_holm"], r.p_holm));
    CHECK(same(x["seconds"], r.seconds));
    CHECK(x["front_parameters"] == r.front_parameters);
    CHECK(x["parity"].is_null() == (r.reference < 0));
  }
  CHECK(report["factors"][0]["name"] == "p");
  CHECK(report["factors"][0]["values"] == Json({"1", "2", "4"}));
  CHECK(report["factors"][1]["values"] == Json({"dct", "haar", "learned_orthogonal"}));
  CHECK(cells[0]["any"] == Json({false, true}));  // p = 1 stands for every transform
}

TEST_CASE("a report's parity is the verdict of compare's margin, corrected for how many cells are compared") {
  const TemporaryFolder folder;
  const Study s = read_study({write_sample_study(folder.path)});
  int corrected_away = 0;
  for (int k = 1; k <= 20; ++k) {
    ReportOptions options;
    options.margin = 0.005 * k;
    const Comparison c = compare(s, "test_accuracy", 0.95, options.margin);
    const Json report = gather_report(s, options);
    for (std::size_t i = 0; i < c.results.size(); ++i) {
      const CellResult& r = c.results[i];
      if (r.reference < 0) continue;
      const Json& x = report["cells"][i];
      CHECK(x["parity"] == (r.p_non_inferiority < 0.05));
      CHECK(same(x["bound"], r.non_inferiority->bound));
      corrected_away += r.non_inferiority->shown && !x["parity"].get<bool>();
    }
  }
  CHECK(corrected_away > 0);
}

TEST_CASE("a report says what is missing, failed or diverged") {
  const TemporaryFolder folder;
  const Study s = read_study({write_sample_study(folder.path)});
  const Json report = gather_report(s);
  REQUIRE(report["failures"].size() == 3);
  CHECK(report["failures"][0]["status"] == "failed");
  CHECK(report["failures"][0]["seed"] == 4);
  CHECK_THAT(report["failures"][0]["cause"].get<std::string>(), Contains("signal 9"));
  CHECK(report["failures"][1]["status"] == "diverged");
  CHECK(report["failures"][2]["status"] == "planned");
  const std::string summary = all_of(report["summary"]);
  CHECK_THAT(summary, Contains("39 of 42 trials") && Contains("1 diverged, 1 failed, 1 planned") &&
                          Contains("none differs significantly") && Contains("no bag of words"));
  CHECK_THAT(all_of(report["notes"]), Contains("cannot fall below"));
  CHECK(report["trials"].size() == 42);
}

TEST_CASE("a report's curves, spectra, transforms and confusion are means over the seeds") {
  const TemporaryFolder folder;
  const Study s = read_study({write_sample_study(folder.path)});
  const Json report = gather_report(s);
  const std::size_t cell = 5;  // p=4 haar, of which seed 5 diverged
  const auto of = [&](const char* part) {
    for (const Json& x : report[part])
      if (x["cell"] == cell) return x;
    return Json();
  };
  Json curve;
  for (const Json& figure : report["figures"])
    for (const Json& x : figure["curves"])
      if (figure["id"] == "curve-accuracy" && x["cell"] == cell) curve = x;
  const Json spectrum = of("spectra");
  REQUIRE(curve["x"] == Json({1., 2., 3., 4.}));
  CHECK(curve["seeds"] == Json({5, 5, 5, 5}));
  double sum = 0, low = 1, high = 0, energy = 0;
  for (const std::size_t r : s.cells[cell].rows) {
    if (!s.rows[r].complete()) continue;
    const double a = read_curves(s.folder.trial(s.rows[r].id)).metrics.at("validation_accuracy")[2];
    sum += a;
    low = std::min(low, a);
    high = std::max(high, a);
    // epoch 4, layer 1, slice 3 of [5, 2, 4]
    energy += read_slices(s.folder.trial(s.rows[r].id)).spectrum.at("energy")[4 * 8 + 4 + 3];
  }
  CHECK(number(curve["mean"][2]) == Approx(100 * sum / 5).epsilon(1e-4));
  CHECK(number(curve["low"][2]) == Approx(100 * low).epsilon(1e-4));
  CHECK(number(curve["high"][2]) == Approx(100 * high).epsilon(1e-4));
  REQUIRE(spectrum["values"]["energy"].size() == 5 * 2 * 4);
  CHECK(number(spectrum["values"]["energy"][4 * 8 + 4 + 3]) == Approx(energy / 5).epsilon(1e-4));

  REQUIRE(report["learned"].size() == 2);  // p = 2 and 4; the fixed ones never move
  const Json& learned = report["learned"][1];
  CHECK(learned["p"] == 4);
  CHECK(number(learned["start"][0]) == 1);
  CHECK(number(learned["end"][0]) == Approx(std::cos(0.2)).epsilon(1e-4));
  CHECK(number(learned["angle"]["mean"][4]) == Approx(0.2).epsilon(1e-4));

  const Json& confusion = report["confusion"]["cells"][0];
  long all = 0, right = 0;
  for (std::size_t i = 0; i < 9; ++i) {
    all += confusion["counts"][i].get<long>();
    if (i % 4 == 0) right += confusion["counts"][i].get<long>();
  }
  CHECK(all == 6 * 300);
  CHECK(static_cast<double>(right) / static_cast<double>(all) == Approx(number(report["cells"][0]["mean"])));
}

TEST_CASE("a large study keeps its report small, and its names stay texts") {
  const TemporaryFolder folder;
  const std::string name = "</title></script><script>alert(\"1\")</script> & \xff";
  const Study s = read_study({write_large_study(folder.path, name)});
  CHECK(s.rows.size() == 315);
  const Json report = gather_report(s);
  CHECK(report["ablation"].size() == 2);
  CHECK(report["ablation"][0]["rows"].size() == 9);
  const std::string summary = all_of(report["summary"]);
  CHECK_THAT(summary, Contains("313 of 315 trials") && Contains("The sanity baseline") && Contains("p=8"));
  std::size_t bags = 0;
  for (const Json& c : report["cells"]) bags += c["bag_of_words"].get<bool>();
  CHECK(bags == 1);
  const std::string html = make_report(s);
  CHECK(html.size() < 5000000);
  CHECK_THAT(html, Contains("&lt;/title&gt;&lt;/script&gt;") && Contains("\xef\xbf\xbd"));
  // The only script elements are the page's own: data, two libraries, drawing.
  std::size_t opened = 0;
  for (std::size_t at = 0; (at = html.find("<script", at)) != html.npos; ++at) ++opened;
  std::size_t closed = 0;
  for (std::size_t at = 0; (at = html.find("</script", at)) != html.npos; ++at) ++closed;
  CHECK(opened == 4);
  CHECK(closed == 4);
  CHECK(html.find("alert(1)</script") == html.npos);
  for (const char* licence :
       {"Redistribution and use in source and binary forms", "Interactive Data Lab", "Mike Bostock"})
    CHECK_THAT(html, Contains(licence));
}

TEST_CASE("a damaged trial costs its own figures alone, no trials at all is a report too") {
  const TemporaryFolder folder;
  const Study s = read_study({write_sample_study(folder.path)});
  write_file(s.folder.trial(s.rows[0].id).data(), "not HDF5");
  const Json report = gather_report(s);
  CHECK_THAT(all_of(report["notes"]), Contains(s.rows[0].id));
  for (const Json& figure : report["figures"])
    if (figure["id"] == "curve-accuracy") CHECK(figure["curves"][0]["seeds"] == Json({5, 5, 5, 5}));
  write_study(folder / "study.h5", "empty", {"model.p"}, {});
  const Study empty = read_study({folder.path});
  CHECK(gather_report(empty)["cells"].empty());
  CHECK(make_report(empty).size() > 100000);
}

TEST_CASE("positions are thinned evenly, first and last kept") {
  CHECK(thinned(3, 10) == std::vector<std::size_t>{0, 1, 2});
  CHECK(thinned(101, 5) == std::vector<std::size_t>{0, 25, 50, 75, 100});
  CHECK(thinned(1, 5) == std::vector<std::size_t>{0});
  CHECK(thinned(0, 5).empty());
  CHECK(brief(std::nan("")).is_null());
  CHECK(number(brief(1 / 3.)) == 0.33333);
}

// The browser test runs this by name.
TEST_CASE("write the large study") {
  const AskedFolder folder;
  const std::string name = "large </script> \"quoted\" & café";
  const Study s = read_study({write_large_study(folder.path, name)});
  CHECK(s.name == name);
  CHECK(s.rows.size() > 100);
}
