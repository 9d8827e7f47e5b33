// A study that an earlier tubal made (old_study.tar.gz: p = 1, 2 with two seeds, one epoch, then three):
// read, upgraded, gone on with.
#include <catch2/catch.hpp>
#include <cmath>

#include "core/files.hpp"
#include "core/hdf5.hpp"
#include "core/layout.hpp"
#include "experiments/records/grid_history.hpp"
#include "experiments/records/study_folder.hpp"
#include "experiments/records/verify_study.hpp"
#include "experiments/runner/prepare.hpp"
#include "experiments/runner/slurm.hpp"
#include "tests/temporary.hpp"

using namespace tubal;
using namespace tubal::runner;

namespace {

layout::StudyFolder unpack(const TemporaryFolder& folder) {
  const std::string command = "tar xzf '" TUBAL_SOURCE "/tests/experiments/records/old_study.tar.gz' -C '" +
                              folder.path.string() + "'";
  REQUIRE(std::system(command.c_str()) == 0);
  return {folder / "old"};
}

// Test accuracy [p, seed] of three epochs, as each trial's status.json says.
const std::vector<double> right = {0.575, 0.75, 0.65, 0.525};

bool same(const std::vector<double>& a, const std::vector<double>& b) {
  bool equal = a.size() == b.size();
  for (std::size_t i = 0; equal && i < a.size(); ++i) equal = std::abs(a[i] - b[i]) < 1e-12;
  return equal;
}

std::string bytes_of_trials(const layout::StudyFolder& study) {
  std::string all;
  for (const std::string& id : study.trial_ids())
    for (const char* name : {"config.yaml", "status.json", "trial.h5", "model.safetensors", "journal.jsonl"})
      all += id + name + read_file(study.trial(id).root / name);
  return all;
}

}  // namespace

TEST_CASE(
    "a study of an earlier tubal is read as it is: its grid in the arrays, all its trials in the table") {
  for (const bool indexed : {true, false}) {
    const TemporaryFolder folder;
    const auto study = unpack(folder);
    if (!indexed) fs::remove(study.root / ".index.json");
    const std::string plan = read_file(study.plan()), tables = read_file(study.data());
    CHECK_FALSE(same(hdf5::Reader(study.data()).read<double>("/test_accuracy"), right));  // its own fault
    const StudyContents contents = study_contents(study.root);
    CHECK(contents.reading.version == 1);
    CHECK(contents.reading.earlier.size() == 4);
    CHECK(contents.strangers.empty());
    const std::string image = contents.image();
    const hdf5::Reader h5(image, "old");
    CHECK(same(h5.read<double>("/test_accuracy"), right));
    CHECK(h5.read_strings("/trials/id").size() == 8);
    CHECK(h5.read<std::int64_t>("/trials/in_grid") == std::vector<std::int64_t>{1, 1, 1, 1, 0, 0, 0, 0});
    CHECK(h5.read_strings("/trials/data")[0].size() == 12);
    CHECK(verify_study(study.root).problems.empty());
    CHECK(read_file(study.plan()) == plan);
    CHECK(read_file(study.data()) == tables);
  }
}

TEST_CASE("the next run upgrades it: nothing is run again, no trial is touched, a copy is kept") {
  const TemporaryFolder folder;
  const auto study = unpack(folder);
  const std::string plan = read_file(study.plan()), tables = read_file(study.data()),
                    trials = bytes_of_trials(study);
  const StudyIndex index = prepare_again(study);
  CHECK(index.trials.size() == 4);
  CHECK(missing_trials(study, index).empty());
  REQUIRE(index.notes.size() == 1);
  CHECK_THAT(index.notes[0], Catch::Contains("upgraded") &&
                                 Catch::Contains("4 trials of its grid and 4 trials of earlier grids") &&
                                 Catch::Contains("before-upgrade"));
  CHECK(read_file(study.before_upgrade() / "plan.yaml") == plan);
  CHECK(read_file(study.before_upgrade() / "study.h5") == tables);
  CHECK(bytes_of_trials(study) == trials);
  CHECK(same(hdf5::Reader(study.data()).read<double>("/test_accuracy"), right));
  const Verification found = verify_study(study.root);
  INFO((found.problems.empty() ? "" : found.problems[0]));
  CHECK(found.problems.empty());
  const GridHistory history = read_grid_history(study);
  REQUIRE(history.grids.size() == 2);
  CHECK(history.grids[0].trials.size() == 4);
  CHECK(history.grids[1].trials.size() == 4);
  CHECK(read_plan_lines(study.plan().string()).version == 2);
  CHECK(prepare_again(study).notes.empty());  // once
  CHECK(read_grid_history(study).grids.size() == 2);
}

TEST_CASE("an upgrade that was killed goes on, and a trial whose folder is gone is planned again") {
  const TemporaryFolder folder;
  const auto study = unpack(folder);
  const StudyIndex before = index_of(read_plan_lines(study.plan().string()).plan);
  prepare_again(study);
  write_file(study.plan(),
             read_file(study.before_upgrade() / "plan.yaml"));  // killed before plan.yaml was written
  fs::remove_all(study.trial(before.trials[1].id).root);
  CHECK_FALSE(verify_study(study.root).problems.empty());
  const StudyIndex index = prepare_again(study);
  CHECK(missing_trials(study, index) == std::vector<std::string>{before.trials[1].id});
  CHECK_FALSE(fs::exists(study.root / "before-upgrade-2"));
  CHECK(read_grid_history(study).grids.size() == 2);
  CHECK(std::isnan(hdf5::Reader(study.data()).read<double>("/test_accuracy")[1]));
}
