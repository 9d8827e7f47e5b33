#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <set>

#include "core/hdf5.hpp"
#include "core/layout.hpp"
#include "core/layout_entries.hpp"
#include "tests/sample_study.hpp"
#include "tests/temporary.hpp"

using namespace tubal;
using Catch::Matchers::Contains;

static std::set<std::string> attributes_of(const hdf5::Reader& file, const std::string& object) {
  const std::vector<std::string> names = file.attributes(object);
  return {names.begin(), names.end()};
}

TEST_CASE("study.h5 has the attributes that the layout names") {
  const TemporaryFolder folder;
  const hdf5::Reader file(layout::StudyFolder{write_sample_study(folder.path)}.data());
  std::map<std::string, std::set<std::string>> told;
  for (const layout::Attribute& a : layout::study_attributes) told[a.object].insert(a.name);
  for (const auto& [object, names] : told) CHECK(attributes_of(file, object) == names);
  CHECK_THROWS_WITH(layout::attribute("/", "sweept"), Contains("sweept"));
}

TEST_CASE("study.h5 holds the table and the grid") {
  const TemporaryFolder folder;
  const layout::StudyFolder study{write_sample_study(folder.path)};
  const hdf5::Reader file(study.data());
  const auto p = file.read<std::int64_t>("/trials/model.p");
  const auto transform = file.read_strings("/trials/model.transform.name"),
             status = file.read_strings("/trials/status");
  const auto accuracy = file.read<double>("/trials/test_accuracy");
  const auto seed = file.read<std::int64_t>("/trials/seed"), cell = file.read<std::int64_t>("/trials/cell");
  REQUIRE(p.size() == 42);
  CHECK(std::count(status.begin(), status.end(), "complete") == 39);
  CHECK(*std::max_element(cell.begin(), cell.end()) == 6);
  CHECK(file.attribute_strings("/trials", "swept") ==
        std::vector<std::string>{"model.p", "model.transform.name"});
  CHECK(file.attribute_strings("/", "axes") == std::vector<std::string>{"p", "transform"});
  CHECK(file.attribute("/p", "key") == "model.p");
  CHECK(file.axes("/test_accuracy") == std::vector<std::string>{"/p", "/transform", "/seed"});
  const auto axis_p = file.read<std::int64_t>("/p");
  const auto axis_transform = file.read_strings("/transform");
  const auto grid = file.read<double>("/test_accuracy");  // [p, transform, seed]
  REQUIRE(file.shape("/test_accuracy") == hdf5::Shape{3, 3, 6});
  // Every cell of the grid is its trial's figure; with p = 1 all transforms are the one trial.
  int holes = 0;
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j)
      for (std::size_t s = 0; s < 6; ++s) {
        const double got = grid[(i * 3 + j) * 6 + s];
        int found = 0;
        for (std::size_t t = 0; t < p.size(); ++t) {
          if (p[t] != axis_p[i] || seed[t] != static_cast<std::int64_t>(s) ||
              (p[t] > 1 && transform[t] != axis_transform[j]))
            continue;
          ++found;
          holes += std::isnan(got);
          CHECK((status[t] == "complete" ? got == accuracy[t] : std::isnan(got)));
        }
        CHECK(found == 1);
      }
  CHECK(holes == 3);
}

TEST_CASE("a table with gaps says so, and a sparse sweep is no grid") {
  const TemporaryFolder folder;
  std::vector<StudyRow> rows;
  for (std::int64_t i = 0; i < 6; ++i) {  // a zip of three keys over six values: 216 points, six filled
    StudyRow row{"t" + std::to_string(i),
                 {},
                 {{"a.kind", i}, {"b.kind", std::to_string(i)}, {"b.c", 0.5 * static_cast<double>(i)}},
                 {},
                 false,
                 true,
                 "",
                 "",
                 "",
                 ""};
    if (i == 2) row.values.push_back({"only.here", std::int64_t{7}});
    rows.push_back(row);
  }
  write_study(folder / "study.h5", "zip", {"a.kind", "b.kind", "b.c"}, rows);
  const hdf5::Reader file(folder / "study.h5");
  CHECK(file.attribute_number("/", "rectangular") == 0);
  CHECK_FALSE(file.has("/test_accuracy"));
  CHECK(file.read<std::int64_t>("/trials/only.here")[2] == 7);
  CHECK(file.read<std::int64_t>("/trials/only.here")[0] == layout::missing_integer);
  CHECK(file.attribute_number("/trials/only.here", "_FillValue") ==
        static_cast<double>(layout::missing_integer));
  CHECK(file.type("/trials/b.c") == 'f');
  CHECK(file.type("/trials/b.kind") == 's');
}

TEST_CASE("a study of no trials is a readable file") {
  const TemporaryFolder folder;
  write_study(folder / "study.h5", "empty", {"model.p"}, {});
  CHECK(hdf5::Reader(folder / "study.h5").read_strings("/trials/id").empty());
}

TEST_CASE("trial.h5 holds what the layout names, each on its axes") {
  const TemporaryFolder folder;
  const layout::StudyFolder study{write_sample_study(folder.path)};
  const TrialRecord record = sample_record(study.trial_ids().front(), 4, "haar", 0);
  for (const bool language : {true, false}) {
    TrialRecord r = record;
    r.language = language;
    if (language) {
      r.baselines = {{"unigram"}, {3}, {3}, {4}, {4}};
      r.label.clear();
      r.prediction.clear();
      r.probability.clear();
    }
    write_record(folder / "trial.h5", r);
    const hdf5::Reader file(folder / "trial.h5");
    CHECK(file.attribute("/", "task") == (language ? "language_model" : "classification"));
    for (const layout::Entry& e : layout::trial_entries) {
      const std::string path = e.path;
      if (path == "/transform/matrix_imaginary") continue;
      INFO(path);
      const bool of_language = path.ends_with("bits_per_byte") || path.starts_with("/baselines"),
                 of_classifier = path.ends_with("accuracy") || path.starts_with("/test/");
      REQUIRE(file.has(path) == !(language ? of_classifier : of_language));
      if (!file.has(path)) continue;
      CHECK(file.type(path) == e.type);
      CHECK(file.axes(path) == layout::axis_paths(e));
    }
    std::set<std::string> told;
    for (const layout::Attribute& a : layout::trial_attributes) told.insert(a.name);
    told.erase(language ? "test_accuracy" : "test_bits_per_byte");
    CHECK(attributes_of(file, "/") == told);
  }
  const hdf5::Reader file(folder / "trial.h5");
  CHECK(file.read<double>("/spectrum/energy").size() == 5 * 2 * 4);
  const auto confusion = file.read<std::int64_t>("/test/confusion");
  CHECK((confusion[0] + confusion[4] + confusion[8]) / 300. == Approx(record.status.test_accuracy));
  CHECK(file.attribute("/provenance", "configuration") == record.provenance.at("configuration"));
}

TEST_CASE("status.json comes back, and a damaged one is named") {
  const TemporaryFolder folder;
  TrialStatus s = sample_record("x", 2, "dct", 1).status;
  s.cause = "a \"quoted\" cause\n";
  s.cause_kind = Cause::memory;
  s.files["trial.h5"] = "abc";
  s.loss = unknown;
  s.seed = 18446744073709551615ull;
  write_status(folder.path, s);
  const TrialStatus back = read_status(folder.path);
  CHECK(back.state == TrialState::complete);
  CHECK(back.cause == s.cause);
  CHECK(back.cause_kind == s.cause_kind);
  CHECK(back.files == s.files);
  CHECK(std::isnan(back.loss));
  CHECK(back.seed == s.seed);
  CHECK(back.test_accuracy == s.test_accuracy);
  CHECK(read_status(folder / "none").state == TrialState::planned);
  write_file(folder / "status.json", "{\"state\": \"comp");
  CHECK_THROWS_WITH(read_status(folder.path), Contains("status.json") && Contains("damaged"));
  write_file(folder / "status.json", "{\"state\": \"finished\"}");
  CHECK_THROWS_WITH(read_status(folder.path), Contains("finished") && Contains("diverged"));
}
