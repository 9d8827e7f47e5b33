// A study's folder as the runner sees it: planned, grown, viewed, buried, damaged.
#include <signal.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "analysis/read/study_reader.hpp"
#include "core/files.hpp"
#include "core/hdf5.hpp"
#include "core/sha256.hpp"
#include "core/text.hpp"
#include "core/typed.hpp"
#include "experiments/config/trial_file.hpp"
#include "experiments/plan/grid.hpp"
#include "experiments/records/grid_history.hpp"
#include "experiments/runner/index.hpp"
#include "experiments/runner/lease.hpp"
#include "experiments/runner/post_mortem.hpp"
#include "experiments/runner/prepare.hpp"
#include "experiments/runner/slurm.hpp"
#include "experiments/runner/stop_token.hpp"
#include "experiments/runner/view.hpp"
#include "experiments/runner/watch.hpp"
#include "tests/temporary.hpp"

using namespace tubal;
using namespace tubal::runner;

namespace {

StudyPlan plan_of(const TemporaryFolder& folder, const std::string& p = "1, 2") {
  const fs::path grid = folder / "grid.yaml";
  std::ofstream(grid)
      << "study: s\ndata: {name: synthetic}\nmodel: {width: 16, depth: 1, heads: 4}\n"
         "training: {epochs: 2}\nruntime: {threads: 2, checkpoint_seconds: 0.3}\n"
         "policy: {retries: 1, on_nan: skip}\nseeds: {first: 0, count: 2}\nsweep: {grid: {model.p: ["
      << p << "]}}\n";
  return load_grid(grid.string());
}

TrialStatus with(TrialState state, const std::string& cause = "") {
  TrialStatus status;
  status.state = state;
  status.cause = cause;
  status.attempt = 1;
  return status;
}

}  // namespace

TEST_CASE("a study's folder holds its plan, index and configurations, the index is only a cache") {
  const TemporaryFolder folder;
  const StudyPlan plan = plan_of(folder);
  const StudyIndex index = prepare_study(plan, folder / "studies");
  const auto study = find_study("s", folder / "studies");
  REQUIRE(index.trials.size() == 4);
  for (const Trial& t : plan.trials)
    CHECK(read_file(study.trial(t.id).config()).starts_with(write_bare_trial(t.config)));
  const auto same = [&](const StudyIndex& other) {
    REQUIRE(other.trials.size() == index.trials.size());
    for (std::size_t i = 0; i < index.trials.size(); ++i) {
      CHECK(other.trials[i].id == index.trials[i].id);
      CHECK(other.trials[i].name() == index.trials[i].name());
    }
    CHECK(other.policy == index.policy);
    CHECK(other.runtime == index.runtime);
    CHECK(other.asha == index.asha);
  };
  same(load_index(study));
  std::string earlier = read_file(study.root / ".index.json");  // as earlier versions had them: by place
  const auto replace = [&](const std::string& was, const std::string& is) {
    REQUIRE(earlier.find(was) != std::string::npos);
    earlier.replace(earlier.find(was), was.size(), is);
  };
  replace("\"version\":4", "\"version\":3");
  replace("\"settings\":[",
          "\"runtime\":[7,7,7,\"bf16\"],\"policy\":[7,7,\"stop\"],\"asha\":[\"\",7,7],\"former\":[");
  for (const std::string& text : {std::string(), std::string("{"), std::string("{\"plan\": 3}"), earlier}) {
    write_file(study.root / ".index.json", text);
    same(load_index(study));
    same(load_index(study));  // from what that wrote
  }
  CHECK_THROWS_WITH(find_study("t", folder / "studies"), Catch::Contains(": s."));
  CHECK_THROWS_WITH(find_study("t", folder / "none"), Catch::Contains("There are none in"));
  CHECK(find_study(study.plan().string(), folder / "none").root == study.root);  // its files name it, too
  CHECK(find_study(study.data().string(), folder / "none").root == study.root);
  CHECK_THROWS_WITH(find_study((study.root / ".index.json").string(), folder / "none"),
                    Catch::Contains("no study"));
}

TEST_CASE("a study that grows keeps what an earlier grid began, outside the current one") {
  const TemporaryFolder folder;
  const StudyIndex before = prepare_study(plan_of(folder), folder / "studies");
  const auto study = find_study("s", folder / "studies");
  write_status(study.trial(before.trials[0].id).root, with(TrialState::complete));  // p = 1
  const StudyIndex after = prepare_study(plan_of(folder, "4"), folder / "studies");
  REQUIRE(after.trials.size() == 2);
  CHECK(after.grid == before.grid + 1);
  CHECK(missing_trials(study, after).size() == 2);
  CHECK(load_index(study).trials.size() == 2);
  const std::vector<PlannedTrial> others = other_trials(study, after);
  REQUIRE(others.size() == 4);
  CHECK(std::any_of(others.begin(), others.end(), [&](const PlannedTrial& t) {
    return t.id == before.trials[0].id && t.name() == before.trials[0].name() && t.earlier;
  }));
  const hdf5::Reader h5(study.data());
  CHECK(h5.read<std::int64_t>("/trials/in_grid") == std::vector<std::int64_t>{1, 1, 0, 0, 0, 0});
  const GridHistory history = read_grid_history(study);
  REQUIRE(history.grids.size() == 2);
  CHECK(history.grids[0].trials.size() == 4);
  CHECK(history.grids[1].texts.size() == 1);
  prepare_study(plan_of(folder, "4"), folder / "studies");  // the same grid: run again
  CHECK(read_grid_history(study).grids.size() == 2);
  CHECK(read_grid_history(study).grids[1].runs.size() == 1);
}

TEST_CASE("a folder that cannot be written is told before anything is in it") {
  const TemporaryFolder folder;
  const StudyPlan plan = plan_of(folder);
  fs::create_directory(folder / "closed");
  fs::permissions(folder / "closed", fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read |
                                         fs::perms::others_exec);
  const std::string words = as_nobody([&] { prepare_study(plan, folder / "closed"); });
  CHECK_THAT(words, Catch::Contains("permission denied") && Catch::Contains("closed") &&
                        Catch::Contains("--studies"));
  CHECK(fs::is_empty(folder / "closed"));
}

TEST_CASE("a trial runs under a living lease only") {
  const TemporaryFolder folder;
  const layout::TrialFolder trial{folder.path};
  CHECK(view_trial(trial).state == TrialState::planned);
  write_status(trial.root, with(TrialState::running));
  CHECK(view_trial(trial).state == TrialState::interrupted);  // its process is gone
  {
    const auto lease = Lease::claim(trial.root);
    CHECK(view_trial(trial).state == TrialState::running);
    CHECK_FALSE(set_aside(trial));
  }
  write_status(trial.root, with(TrialState::stopped));
  CHECK(view_trial(trial).state == TrialState::stopped);
  std::ofstream(trial.status()) << "{\"state\": \"comp";
  CHECK_THAT(view_trial(trial).damage, Catch::Contains("status.json"));
  CHECK(set_aside(trial));
  CHECK(view_trial(trial).state == TrialState::planned);
  CHECK(fs::exists(folder / "status.json.damaged"));
}

TEST_CASE("a process that ended without a word is buried with its cause") {
  const TemporaryFolder folder;
  const layout::TrialFolder trial{folder.path};
  long long kills = -1;
  std::ofstream(trial.log()) << "first\n\nlast words  \n";
  CHECK(log_tail(trial.log(), 5) == std::vector<std::string>{"first", "last words"});
  write_status(trial.root, with(TrialState::running));
  ChildEnd end{1, 0, SIGKILL, 0, 36e6};
  CHECK(bury(trial, end, kills).empty());
  TrialStatus status = read_status(trial.root);
  CHECK(status.state == TrialState::failed);
  CHECK(status.cause == "killed by signal 9 (killed); peak memory 34 MiB; last words: last words.");
  CHECK(status.peak_memory == 36e6);
  CHECK(from_outside(status));
  end.signal = SIGSEGV;
  write_status(trial.root, with(TrialState::running));
  bury(trial, end, kills);
  status = read_status(trial.root);
  CHECK_THAT(status.cause, Catch::StartsWith("crashed by signal 11"));
  CHECK_FALSE(from_outside(status));
  for (const TrialState kept :
       {TrialState::complete, TrialState::diverged, TrialState::stopped, TrialState::interrupted}) {
    write_status(trial.root, with(kept));
    bury(trial, end, kills);
    CHECK(read_status(trial.root).state == kept);
  }
}

TEST_CASE("files that changed after status.json are hashed, and told where they differ") {
  const TemporaryFolder folder;
  const layout::TrialFolder trial{folder.path};
  write_file(trial.data(), "data");
  TrialStatus status = with(TrialState::complete);
  status.files["trial.h5"] = sha256_file(trial.data());
  write_status(trial.root, status);
  CHECK(damage_of(trial, status).empty());
  const auto later = [&] {
    fs::last_write_time(trial.data(), fs::last_write_time(trial.status()) + std::chrono::seconds(1));
  };
  later();  // touched, or copied: still whole
  CHECK(damage_of(trial, status).empty());
  std::ofstream(trial.data()) << "dada";
  later();
  CHECK_THAT(damage_of(trial, status), Catch::Contains("trial.h5 is damaged"));
  fs::remove(trial.data());
  CHECK_THAT(damage_of(trial, status), Catch::Contains("trial.h5 is missing"));
}

TEST_CASE("status tells states, places and causes, for people and programs") {
  const TemporaryFolder folder;
  const StudyIndex index = prepare_study(plan_of(folder), folder / "studies");
  const auto study = find_study("s", folder / "studies");
  TrialStatus done = with(TrialState::complete);
  done.validation_accuracy = 0.75;
  write_status(study.trial(index.trials[0].id).root, done);
  write_status(study.trial(index.trials[1].id).root, with(TrialState::failed, "the plug-in threw"));
  std::ofstream(study.trial(index.trials[1].id).log()) << "began\nthe last words\n";
  const auto lease = Lease::claim(study.trial(index.trials[2].id).root);
  const std::string text = status_text(study, index, 40);
  CHECK_THAT(text, Catch::Contains("4 trials: 1 complete, 1 failed, 1 running, 1 planned") &&
                       Catch::Contains("the plug-in threw") &&
                       Catch::Contains("pid " + std::to_string(::getpid())) && Catch::Contains("0.7500") &&
                       Catch::Contains("    | began\n    | the last words\n") &&
                       Catch::Contains("tubal retry " + study.root.string() + " --failed"));
  CHECK_THAT(status_text(study, index, 2),
             Catch::Contains("and 2 more") && Catch::Contains("the plug-in threw"));
  CHECK_THAT(status_json(study, index), Catch::Contains("\"complete\": 1") &&
                                            Catch::Contains("\"running\": 1") &&
                                            Catch::Contains("\"the last words\""));
  CHECK(missing_trials(study, index) == std::vector<std::string>{index.trials[3].id});
}

TEST_CASE("an array's script asks for what was said and quotes what it is given") {
  const TemporaryFolder folder;
  prepare_study(plan_of(folder), folder / "it's here");
  const auto study = find_study("s", folder / "it's here");
  SlurmOptions options;
  options.partition = "main";
  options.time = "10";
  options.memory = "2G";
  options.cpus = 3;
  options.at_a_time = 4;
  options.extra = {"--constraint=avx512"};
  const std::string script = slurm_script(study, options, "/x/list.txt", 20);
  for (const char* line : {"#SBATCH --array=0-19%4\n", "--cpus-per-task=3", "#SBATCH --partition=main\n",
                           "#SBATCH --time=10\n", "#SBATCH --mem=2G\n", "#SBATCH --constraint=avx512\n",
                           "#SBATCH --requeue", "it'\\''s here", "--stop-token none "})
    CHECK_THAT(script, Catch::Contains(line));
  write_stop(study, false);
  const std::string token = read_stop(study).token;
  CHECK(token != "none");
  CHECK_FALSE(read_stop(study).now);
  CHECK_THAT(slurm_script(study, options, "/x/list.txt", 1),
             Catch::Contains("--stop-token " + shell_word(token) + " "));
  write_stop(study, true);
  CHECK(read_stop(study).now);
  CHECK(read_stop(study).token != token);
}

// A transform that learns nothing was called `transform=haar init=dct`, after where a learned one begins.
TEST_CASE("what has no effect in a cell is not in its label") {
  const TemporaryFolder folder;
  const fs::path grid = folder / "grid.yaml";
  std::ofstream(grid)
      << "study: s\ndata: {name: synthetic}\nmodel: {width: 16, depth: 2, heads: 4, p: 2}\n"
         "seeds: {first: 0, count: 1}\nsweep:\n"
         "  - grid:\n      model.transform: [dct, haar, [dct, identity], {name: learned_orthogonal, init: "
         "dct},\n"
         "        {name: learned_orthogonal, init: identity, parametrization: cayley}]\n"
         "  - set: {model.frequency_scaling.at: residual}\n"
         "    grid: {model.frequency_scaling.kind: [power], model.frequency_scaling.alpha: [1, 2]}\n"
         "  - grid: {model.p: [1], model.heads: [2, 4]}\n"
         "  - grid: {model.kind: [bag_of_words]}\n"
         "  - grid: {model.stack: [[mixer, feed_forward]]}\n";
  prepare_study(load_grid(grid.string()), folder / "studies");
  const analysis::Study s = analysis::read_study(find_study("s", folder / "studies"));
  REQUIRE(s.cells.size() == 11);
  const auto holds = [](const std::string& label, const char* word) {
    return label.find(word) != std::string::npos;
  };
  std::size_t inits = 0, alphas = 0;
  for (const analysis::Cell& cell : s.cells) {
    INFO(cell.label);
    CHECK(holds(cell.label, "init=") == holds(cell.label, "learned_orthogonal"));
    CHECK(holds(cell.label, "alpha=") == holds(cell.label, "power"));
    CHECK_FALSE(holds(cell.label, "at="));  // one value wherever it has an effect
    CHECK((!holds(cell.label, "heads=") || !holds(cell.label, "mixer")));
    if (holds(cell.label, "bag_of_words")) CHECK(cell.label == "model=bag_of_words");
    if (holds(cell.label, "p=1")) CHECK((!holds(cell.label, "transform") && holds(cell.label, "heads=")));
    inits += holds(cell.label, "init=");
    alphas += holds(cell.label, "alpha=");
  }
  CHECK(inits == 2);
  CHECK(alphas == 2);
}
