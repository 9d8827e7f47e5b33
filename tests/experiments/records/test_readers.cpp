// Writes the made-up study where the environment says, for readers in other languages (read_study.py).
#include <catch2/catch.hpp>
#include <cstdlib>

#include "core/hdf5.hpp"
#include "experiments/measure/ablation.hpp"
#include "tests/sample_study.hpp"
#include "tests/temporary.hpp"

TEST_CASE("write the sample study") {
  const tubal::AskedFolder folder;
  const tubal::layout::StudyFolder study{tubal::write_sample_study(folder.path)};
  CHECK(std::filesystem::exists(study.data()));
  tubal::Ablation a;
  a.trial = study.trial_ids().back();
  a.study = "sample";
  a.at = tubal::ScalingPlace::output;
  a.level = 0.95;
  a.examples = 300;
  a.test_accuracy = 0.8;
  for (const tubal::SliceGroup& group : tubal::slice_groups({{0, false, 0}, {1, false, 0.5}, {2, false, 1}}))
    a.rows.push_back({group, 0.5, 1, -0.3, {0.4, 0.6}, {-0.4, -0.2}});
  tubal::write_ablation(study.trial(a.trial), a);
}
