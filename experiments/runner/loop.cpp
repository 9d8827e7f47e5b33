// What is to be done, and the loop that waits for signals, messages and ends.
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>

#include "core/files.hpp"
#include "core/parallel.hpp"
#include "core/typed.hpp"
#include "experiments/runner/loop.hpp"
#include "experiments/runner/post_mortem.hpp"
#include "experiments/runner/signals.hpp"
#include "experiments/runner/study_lock.hpp"

namespace tubal::runner {

namespace {

// Seconds between two looks at the study's stop file: one stat each. `tubal stop --now` has two seconds for
// this, for the trials to save themselves (save_seconds) and for the runner's own end.
constexpr double stop_look = 0.25, save_seconds = 1.5;

}  // namespace

void Runner::choose_cores() {
  allowed_ = find_cores();
  threads_ = options_.threads > 0 ? options_.threads : std::max(1, index_.runtime.threads);
  if (usable_threads(threads_) < threads_) {
    display_.say(
        "threads: OpenBLAS is its serial variant here, which computes wrong products for two threads at "
        "once; using 1 a trial. Debian's libopenblas0-pthread takes as many as there are.");
    threads_ = usable_threads(threads_);
  }
  if (threads_ > allowed_.count) {
    display_.say("threads: " + std::to_string(threads_) + " are more than the allowed cores (" +
                 allowed_.reason + "); using " + std::to_string(allowed_.count) + ".");
    threads_ = allowed_.count;
  }
  const int most = allowed_.count / threads_,
            wanted = options_.jobs > 0 ? options_.jobs : index_.runtime.jobs;
  jobs_ = wanted > 0 ? std::min(wanted, most) : most;
  if (wanted > most)
    display_.say("jobs: " + std::to_string(wanted) + " of " + std::to_string(threads_) +
                 (threads_ == 1 ? " thread" : " threads") + " are more than the allowed cores (" +
                 allowed_.reason + "); using " + std::to_string(jobs_) + ".");
}

// The grid's, or those of --only, which may be any of the store: jobs that were queued outlive their grid.
std::vector<const PlannedTrial*> Runner::chosen() {
  const std::set<std::string> inside = ids_chosen(index_.trials, options_.only);
  std::vector<const PlannedTrial*> trials;
  for (const PlannedTrial& t : index_.trials)
    if (options_.only.empty() ? !t.earlier : inside.count(t.id) > 0) trials.push_back(&t);
  std::vector<PlannedTrial> others;
  for (const std::string& only : options_.only) {
    if (!ids_chosen(index_.trials, {only}).empty()) continue;
    if (others.empty()) others = other_trials(study_, index_);
    const std::set<std::string> outside = ids_chosen(others, {only});
    if (outside.empty())
      throw UsageError("there is no trial `" + only + "` in study " + index_.study + "; `tubal status " +
                       typed(study_) + " --all` lists them.");
    for (const PlannedTrial& t : others)
      if (outside.count(t.id)) trials.push_back(&outside_.emplace_back(t));
  }
  return trials;
}

void Runner::plan_work() {
  for (const PlannedTrial* one : chosen()) {
    const PlannedTrial& trial = *one;
    const layout::TrialFolder folder = study_.trial(trial.id);
    TrialView view = view_trial(folder);
    if (!view.unread.empty()) throw Error(view.unread, Cause::device);
    std::string damage = view.damage;
    if (damage.empty() && (view.state == TrialState::complete || view.state == TrialState::stopped))
      damage = damage_of(folder, view.status);
    if (!damage.empty()) {
      if (set_aside(folder))
        display_.say(display_.colour("damaged", 33) + "  " + trial.name() + ": " + damage +
                     ". This trial runs again; the others stay.");
      view = view_trial(folder);
    }
    const bool again = view.state == TrialState::failed && (options_.again || from_outside(view.status));
    const bool diverged_again = view.state == TrialState::diverged && options_.again;
    if (is_final(view.state) && !again && !diverged_again) {
      // Killed between its last word and its end: the lease is taken over, and given back at once.
      const bool free = !file_is_there(layout::LeaseFolder{folder.root}.lease()) || Lease::claim(folder.root);
      if (free && (view.state == TrialState::complete || view.state == TrialState::stopped))
        ::unlink(folder.checkpoint().c_str());  // where the trial's end could not remove it
      tally_.add(view.state);
      if (view.state == TrialState::complete && view.status.seconds > 0) {
        seconds_sum_ += view.status.seconds;
        ++seconds_count_;
      }
      best_.see(trial, validation_figure(view.status, trial.language));
      continue;
    }
    if (!file_is_there(folder.config())) {
      display_.say(display_.colour("gone", 33) + "  " + trial.name() + ": its folder " +
                   folder.root.string() + " is not there. `tubal run " + typed(study_) + "` makes it again.");
      ++left_;
      continue;
    }
    waiting_.push_back({&trial, view.status.attempt});
  }
}

void Runner::watch_stop() {
  if (looked_ + stop_look > seconds_now()) return;
  looked_ = seconds_now();
  const StopToken found = read_stop(study_);
  if (found.token == stop_) return;
  stop_ = found.token;
  if (found.now) return interrupt("`tubal stop --now`");
  drain_ = "`tubal stop` was called";
  display_.say("`tubal stop`: " + std::to_string(running_.size()) +
               " running trials end, no new one starts.");
}

void Runner::interrupt(const std::string& why) {
  if (interrupted_) return;
  interrupted_ = true;
  drain_ = why;
  deadline_ = seconds_now() + save_seconds;
  for (const auto& [pid, r] : running_) ::kill(pid, SIGTERM);
  display_.say(why + ": " +
               (running_.empty() ? "ending"
                                 : "saving " + std::to_string(running_.size()) + " running trial" +
                                       (running_.size() > 1 ? "s" : "")) +
               ".");
}

double Runner::wait_seconds() const {
  const double now = seconds_now();
  double wait = interrupted_ ? 2.0 : looked_ + stop_look - now;
  if (interrupted_ && !killed_) wait = std::min(wait, deadline_ - now);
  if (drain_.empty() && static_cast<int>(running_.size()) < jobs_)
    for (const Work& w : waiting_) wait = std::min(wait, w.not_before - now);
  return std::clamp(wait, 0.0, 2.0);
}

ExitStatus Runner::run() {
  Signals signals({SIGCHLD, SIGINT, SIGTERM, SIGHUP});
  choose_cores();
  plan_work();
  if (waiting_.empty()) {
    display_.say("Nothing to run: " + tally_.text() + ".");
    stale_ = true;  // study.h5 may be missing, damaged or older than the trials: looked at by rebuild()
  } else {
    display_.say(index_.study + ": " + std::to_string(waiting_.size()) + " to run" +
                 (tally_.total ? " (" + tally_.text() + " before)" : "") + ", " + std::to_string(jobs_) +
                 " at a time, " + std::to_string(threads_) +
                 (threads_ == 1 ? " thread each" : " threads each"));
  }
  memory_kills_ = memory_kills();
  bool told_elsewhere = false;
  for (;;) {
    if (!interrupted_) watch_stop();
    fill();
    if (running_.empty() && (waiting_.empty() || !drain_.empty())) {
      if (interrupted_) break;
      if (rebuilder_ < 0) rebuild(true);
      if (rebuilder_ < 0) {
        clear_dead_locks(study_);
        break;
      }
    } else if (running_.empty()) {  // all that is left runs elsewhere
      if (!options_.wait) {
        display_.say(show_trials(waiting_.size()) + " left to other runners.");
        waiting_.clear();
        continue;
      }
      if (!told_elsewhere && waiting_.front().patience > 0.5) {
        display_.say("Waiting for " + show_trials(waiting_.size()) + " running elsewhere (`tubal status " +
                     typed(study_) + "` says where).");
        told_elsewhere = true;
      }
    } else {
      rebuild(false);
    }
    draw();
    std::vector<pollfd> files{{signals.descriptor(), POLLIN, 0}};
    for (const auto& [pid, r] : running_)
      if (r.child.pipe >= 0) files.push_back({r.child.pipe, POLLIN, 0});
    ::poll(files.data(), files.size(), static_cast<int>(std::ceil(1000 * wait_seconds())));
    for (const int number : signals.pending()) {
      if (number == SIGCHLD) continue;
      // Ctrl-C again: at once. A scheduler's signal may come twice (to each process, and passed on by the
      // job's script) and must not cost the checkpoint.
      if (interrupted_ && number == SIGINT && seconds_now() > deadline_ - save_seconds + 0.3)
        deadline_ = seconds_now();
      interrupt(signal_text(number));
    }
    for (auto& [pid, r] : running_)
      if (r.child.pipe >= 0) listen(r);
    for (ChildEnd end = next_end(); end.pid > 0; end = next_end()) ended(end);
    if (interrupted_ && !killed_ && seconds_now() >= deadline_) {
      killed_ = true;
      for (const auto& [pid, r] : running_) ::kill(-pid, SIGKILL);
    }
  }
  display_.clear();
  left_ += static_cast<int>(waiting_.size());
  if (interrupted_)
    display_.say(show_trials(static_cast<std::size_t>(left_)) +
                 " left. The same command goes on where this one stopped.");
  if (interrupted_) return ExitStatus::interrupted;
  if (broken_ || unbuilt_ || gave_up_) return ExitStatus::some_failed;
  if (left_ > 0) return ExitStatus::interrupted;
  return tally_.failed + tally_.diverged > 0 ? ExitStatus::some_failed : ExitStatus::done;
}

ExitStatus run_study(const layout::StudyFolder& study, const StudyIndex& index, const RunOptions& options,
                     Display& display) {
  return Runner(study, index, options, display).run();
}

}  // namespace tubal::runner
