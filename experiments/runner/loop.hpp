// The loop behind run_study() (runner.hpp): its state, and what it does when a process ends, a signal comes
// or time passes. loop.cpp: what is to be done, and the loop itself. loop_trials.cpp: one trial's process
// from its choice to its end, and study.h5 after it. loop_display.cpp: the live table.
#pragma once
#include <algorithm>
#include <cmath>
#include <deque>
#include <map>

#include "core/cause.hpp"
#include "core/clock.hpp"
#include "experiments/runner/best.hpp"
#include "experiments/runner/cores.hpp"
#include "experiments/runner/message.hpp"
#include "experiments/runner/process.hpp"
#include "experiments/runner/runner.hpp"
#include "experiments/runner/stop_token.hpp"
#include "experiments/runner/view.hpp"

namespace tubal::runner {

struct Work {
  const PlannedTrial* trial;
  int attempt = 0;   // processes that had begun at it when it was looked at; more by now: another runner's
  int failures = 0;  // of this run
  double not_before = 0;  // seconds_now(): before then it is not looked at
  double patience = 0.05;
  /// It runs elsewhere: look again a little later each time.
  void put_off() {
    constexpr double most = 2;
    not_before = seconds_now() + patience;
    patience = std::min(2 * patience, most);
  }
};

struct Running {
  Work work;
  Child child;
  CoreClaim cores;
  Message last;
  double began = 0;
  Cause told = Cause::other;  // why it fails, as it says itself
};

class Runner {
 public:
  Runner(const layout::StudyFolder& study, const StudyIndex& index, const RunOptions& options,
         Display& display)
      : study_(study),
        index_(index),
        options_(options),
        display_(display),
        stop_(options.stop.empty() ? read_stop(study).token : options.stop) {}
  ExitStatus run();

 private:
  void plan_work();
  void choose_cores();
  void fill();
  void begin(Work work);
  void listen(Running& r);
  void ended(const ChildEnd& end);
  void settle(Running& r, const ChildEnd& end);
  void interrupt(const std::string& why);
  void watch_stop();
  void broken(const std::string& why);
  void rebuild(bool last);
  void draw();
  double wait_seconds() const;
  std::vector<const PlannedTrial*> chosen();

  const layout::StudyFolder study_;
  const StudyIndex& index_;
  const RunOptions options_;
  Display& display_;
  std::string stop_;

  AllowedCores allowed_;
  int jobs_ = 1, threads_ = 1;
  std::deque<PlannedTrial> outside_;  // chosen by --only, not of the current grid
  std::deque<Work> waiting_;
  std::map<int, Running> running_;  // by pid
  Tally tally_;
  int consecutive_ = 0, left_ = 0;
  std::string drain_;  // why no new trial starts
  bool interrupted_ = false, killed_ = false, broken_ = false;
  bool gave_up_ = false;  // by --fail-fast or policy.max_consecutive_failures
  double deadline_ = 0, drawn_ = 0, looked_ = 0;
  Best best_;
  double seconds_sum_ = 0;
  int seconds_count_ = 0;
  long long memory_kills_ = -1;
  int rebuilder_ = -1;
  bool stale_ = false;    // study.h5 lacks a finished trial
  bool unbuilt_ = false;  // its last rebuild failed
  double rebuilt_ = 0, rebuild_cost_ = 0;
};

}  // namespace tubal::runner
