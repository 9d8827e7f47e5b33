// Whether a failed trial is taken up again follows from its cause alone: messages may say what they like.
#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>

#include "core/files.hpp"
#include "core/typed.hpp"
#include "experiments/data/dataset.hpp"
#include "experiments/plan/grid.hpp"
#include "experiments/records/status.hpp"
#include "experiments/runner/message.hpp"
#include "experiments/runner/post_mortem.hpp"
#include "experiments/runner/prepare.hpp"
#include "experiments/runner/slurm.hpp"
#include "experiments/runner/view.hpp"
#include "experiments/training/trial.hpp"
#include "tests/temporary.hpp"

using namespace tubal;
using namespace tubal::runner;

namespace {

// Said here once more, so that a change of the table is seen.
bool taken_up(Cause cause) {
  switch (cause) {
    case Cause::no_space:
    case Cause::quota:
    case Cause::read_only:
    case Cause::denied:
    case Cause::device:
    case Cause::changed:
    case Cause::other_build:
    case Cause::killed:
      return true;
    default:
      return false;
  }
}

// Other words, none, and the words of all causes.
std::vector<std::string> rewordings() {
  std::string all = "killed by a joke";
  for (const CauseEntry& e : cause_table) all += ", " + words(e.cause);
  return {"reworded", "", all};
}

TrialConfig tiny() {
  TrialConfig c;
  c.data.name = "synthetic";
  c.data.synthetic.train = 60;
  c.data.synthetic.test = 20;
  c.data.max_length = c.model.max_length = 16;
  c.data.validation = 0.2;
  c.model.kind = ModelKind::bag_of_words;
  c.model.width = 8;
  c.training.epochs = 2;
  return c;
}

}  // namespace

TEST_CASE("a cause comes back from status.json, and with the state it alone decides") {
  const TemporaryFolder folder;
  for (const CauseEntry& e : cause_table)
    for (const std::string& text : rewordings())
      for (const TrialState state :
           {TrialState::planned, TrialState::running, TrialState::interrupted, TrialState::complete,
            TrialState::failed, TrialState::diverged, TrialState::stopped}) {
        INFO(e.name << ", " << name(state) << ": " << text);
        TrialStatus status;
        status.state = state;
        status.cause = text;
        status.cause_kind = e.cause;
        write_status(folder.path, status);
        const TrialStatus back = read_status(folder.path);
        CHECK(back.cause_kind == e.cause);
        CHECK(back.cause == text);
        CHECK(from_outside(back) == (state == TrialState::failed && taken_up(e.cause)));
      }
}

TEST_CASE("what a trial throws is recorded by its cause and told, whatever the message says") {
  const TemporaryFolder folder;
  int n = 0;
  for (const CauseEntry& e : cause_table)
    for (const std::string& text : rewordings()) {
      const bool usage = n % 2 == 1;
      INFO(e.name << ": " << text);
      std::vector<Cause> told;
      TrialOptions options;
      options.failed = [&](Cause cause) { told.push_back(cause); };
      options.keep_going = [&](int, const Scores&) -> bool {
        if (usage) throw UsageError(text, e.cause);
        throw Error(text, e.cause);
      };
      const fs::path trial = folder / std::to_string(n++);
      CHECK(run_trial(trial, tiny(), options) == (usage ? ExitStatus::usage : ExitStatus::some_failed));
      const TrialStatus status = read_status(trial);
      CHECK(status.state == TrialState::failed);
      CHECK(status.cause == text);
      CHECK(status.cause_kind == e.cause);
      CHECK(told == std::vector<Cause>{e.cause});
      CHECK(from_outside(status) == taken_up(e.cause));
    }
}

TEST_CASE("a run takes up the failures from outside and leaves the others") {
  const TemporaryFolder folder;
  const fs::path grid = folder / "grid.yaml";
  std::ofstream(grid) << "study: s\ndata: {name: synthetic}\nmodel: {width: 16, depth: 1, heads: 4}\n"
                         "training: {epochs: 2}\nseeds: {first: 0, count: "
                      << std::size(cause_table) << "}\n";
  const StudyIndex index = prepare_study(load_grid(grid.string()), folder / "studies");
  const auto study = find_study("s", folder / "studies");
  REQUIRE(index.trials.size() == std::size(cause_table));
  std::vector<std::string> right;
  for (const CauseEntry& e : cause_table)
    if (taken_up(e.cause)) right.push_back(index.trials[static_cast<std::size_t>(e.cause)].id);
  for (const std::string& text : rewordings()) {
    INFO(text);
    for (const CauseEntry& e : cause_table) {
      TrialStatus status;
      status.state = TrialState::failed;
      status.attempt = 1;
      status.cause = text;
      status.cause_kind = e.cause;
      write_status(study.trial(index.trials[static_cast<std::size_t>(e.cause)].id).root, status);
    }
    CHECK(missing_trials(study, index) == right);
  }
}

TEST_CASE("a status that an earlier version wrote is decided by its words, as that version did") {
  const TemporaryFolder folder;
  const struct {
    const char *state, *cause;
    Cause kind;
    bool again;
  } table[] = {
      {"failed",
       "cannot write a/status.json: no space left on the device (0 MiB free). Free some, then run again",
       Cause::no_space, true},
      {"failed", "cannot write a: the disk quota is used up. Free some space", Cause::quota, true},
      {"failed", "cannot write a: the file system is read-only. Remount it", Cause::read_only, true},
      {"failed", "cannot claim a/lease: permission denied. Check the owner", Cause::denied, true},
      {"failed", "the data (imdb) changed since the trial was planned: SHA-256 abc then, def now.",
       Cause::changed, true},
      {"failed", "a.so: plugins: the file changed since the trial was planned: its SHA-256", Cause::changed,
       true},
      {"failed", "the checkpoint was made by another build (x) than this one (y), whose", Cause::other_build,
       true},
      {"failed", "killed by signal 9 (killed); peak memory 34 MiB; last words: out of memory.", Cause::killed,
       true},
      {"failed", "ended with exit status 1 without a result; last words: tubal: no space left on the device.",
       Cause::no_space, true},
      {"failed", "crashed by signal 11 (segmentation fault); peak memory 34 MiB.", Cause::crashed, false},
      {"failed", "out of memory: the system ended the process; peak memory 1 GiB.", Cause::memory, false},
      {"failed", "the program could not be started; peak memory 1 MiB.", Cause::not_started, false},
      {"failed", "ended with exit status 3 without a result.", Cause::other, false},
      {"failed", "it was killed by the plug-in", Cause::other, false},
      {"failed", "the plug-in threw", Cause::other, false},
      {"failed", "", Cause::other, false},
      {"diverged", "the loss was not finite at step 25", Cause::not_finite, false},
      {"complete", "", Cause::none, false},
      {"stopped", "stopped by ASHA after epoch 3", Cause::none, false},
      {"interrupted", "no space left on the device", Cause::none, false}};
  for (const auto& row : table) {
    INFO(row.cause);
    write_file(folder / "status.json", std::string("{\n \"state\": \"") + row.state + "\",\n \"cause\": \"" +
                                           row.cause + "\",\n \"attempt\": 1\n}\n");
    const TrialStatus status = read_status(folder.path);
    CHECK(status.cause_kind == row.kind);
    CHECK(from_outside(status) == row.again);
    write_status(folder.path, status);  // as a later version keeps it
    CHECK(read_status(folder.path).cause_kind == row.kind);
  }
}

TEST_CASE("a cause that this version does not know waits for retry, one that is no text is damage") {
  const TemporaryFolder folder;
  write_file(folder / "status.json",
             "{\"state\": \"failed\", \"cause\": \"no space left\", \"cause_kind\": \"meteorite\"}");
  CHECK(read_status(folder.path).cause_kind == Cause::other);
  CHECK_FALSE(from_outside(read_status(folder.path)));
  for (const char* value : {"3", "null", "[]"}) {
    write_file(folder / "status.json",
               std::string("{\"state\": \"failed\", \"cause\": \"x\", \"cause_kind\": ") + value + "}");
    CHECK_THROWS_WITH(read_status(folder.path), Catch::Contains("damaged"));
  }
}

TEST_CASE("a process that ended without a word has the cause of its end, or the one it told") {
  const TemporaryFolder folder;
  const layout::TrialFolder trial{folder.path};
  std::ofstream(trial.log()) << "no space left, permission denied, read-only, killed by hand\n";
  const auto buried = [&](int signal, int status, Cause told) {
    TrialStatus running;
    running.state = TrialState::running;
    write_status(trial.root, running);
    long long kills = -1;
    CHECK(bury(trial, {1, status, signal, 0, 1e6}, kills, told).empty());
    return read_status(trial.root).cause_kind;
  };
  for (const int signal : {SIGKILL, SIGTERM, SIGHUP, SIGINT})
    CHECK(buried(signal, 0, Cause::other) == Cause::killed);
  for (const int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE})
    CHECK(buried(signal, 0, Cause::other) == Cause::crashed);
  CHECK(buried(0, 127, Cause::other) == Cause::not_started);
  CHECK(buried(0, 3, Cause::other) == Cause::other);
  for (const CauseEntry& e : cause_table) {
    INFO(e.name);
    CHECK(buried(0, 1, e.cause) == e.cause);
    CHECK(buried(SIGKILL, 0, e.cause) == Cause::killed);
    CHECK(buried(SIGSEGV, 0, e.cause) == (e.cause == Cause::other ? Cause::crashed : e.cause));
    Message told;
    told.kind = "failed";
    told.text = e.name;
    const auto heard = from_line(to_line(told));
    REQUIRE(heard);
    CHECK(heard->kind == "failed");
    CHECK(cause_named(heard->text) == e.cause);
  }
}

TEST_CASE("data that changed since a trial was planned are a cause of their own") {
  const TemporaryFolder folder;
  TrialConfig config = tiny();
  config.content.tokens = std::string(64, 'a');  // not what the data hold
  run_trial(folder.path, config);
  const TrialStatus status = read_status(folder.path);
  CHECK(status.state == TrialState::failed);
  CHECK(status.cause_kind == Cause::changed);
  CHECK_THAT(status.cause, Catch::Contains(words(Cause::changed)));
  CHECK(from_outside(status));
}

TEST_CASE("the README names every kind of cause") {
  const std::string text = read_file(fs::path(TUBAL_SOURCE) / "experiments/README.md");
  for (const CauseEntry& e : cause_table) CHECK_THAT(text, Catch::Contains("`" + std::string(e.name) + "`"));
}
