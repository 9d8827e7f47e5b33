// A finished study of many trials with made-up figures: make_large STUDIES TRIALS. Its plan, history and
// configurations are the program's own; each trial has a status of its own, and all share one trial.h5 (a
// hard link), so that a hundred thousand fit.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "experiments/plan/grid.hpp"
#include "experiments/records/record.hpp"
#include "experiments/records/status.hpp"
#include "experiments/runner/prepare.hpp"
#include "tests/sample_study.hpp"

using namespace tubal;

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const fs::path studies = fs::absolute(argv[1]);
  const int trials = std::atoi(argv[2]), cells = 100;
  fs::create_directories(studies);
  const fs::path grid = studies / "large.yaml", shared = studies / "shared.h5";
  std::ofstream out(grid);
  out << "study: large\ndata: {name: synthetic, synthetic: {train: 60, test: 40}}\n"
         "model: {width: 16, depth: 1, heads: 8}\nseeds: {first: 0, count: "
      << trials / cells
      << "}\nsweep:\n  grid:\n    model.p: [1, 2, 4, 8]\n    training.optimizer.learning_rate: [";
  for (int i = 1; i <= cells / 4; ++i) out << (i > 1 ? ", " : "") << 1e-4 * i;
  out << "]\nbaseline: {model.p: 1}\n";
  out.close();
  const StudyPlan plan = load_grid(grid.string());
  const layout::StudyFolder study{studies / "large"};
  const TrialRecord one = sample_record("000000000000", 2, "dct", 0, 4, 1);
  write_record(shared, one);
  for (const Trial& t : plan.trials) {
    const fs::path root = study.trial(t.id).root;
    fs::create_directories(root);
    fs::create_hard_link(shared, root / "trial.h5");
    TrialStatus s = one.status;
    s.seed = t.config.seed;
    s.test_accuracy = 0.8 + 0.1 * chance(t.id);
    s.validation_accuracy = s.test_accuracy - 0.01;
    write_status(root, s);
  }
  runner::prepare_study(plan, study);
}
