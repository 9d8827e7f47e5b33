#include "experiments/runner/runner.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <fstream>
#include <map>

#include "core/files.hpp"
#include "experiments/runner/cores.hpp"
#include "experiments/runner/message.hpp"
#include "experiments/runner/post_mortem.hpp"
#include "experiments/runner/process.hpp"
#include "experiments/runner/view.hpp"

namespace tubal::runner {

namespace {

double now_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct Work {
  const PlannedTrial* trial;
  int attempt =
      0;  // processes that had begun at it when it was looked at: more by now means that another did it
  int failures = 0;                        // of this run
  double not_before = 0, patience = 0.05;  // it runs elsewhere: look again then, a little later each time
};

struct Running {
  Work work;
  Child child;
  CoreClaim cores;
  Message last;
  double began = 0;
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
  bool ready(Work& work);
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
  bool selected(const PlannedTrial& t) const;

  const layout::StudyFolder study_;
  const StudyIndex& index_;
  const RunOptions options_;
  Display& display_;
  std::string stop_;

  AllowedCores allowed_;
  int jobs_ = 1, threads_ = 1;
  std::deque<Work> waiting_;
  std::map<int, Running> running_;  // by pid
  Tally tally_;
  int failed_now_ = 0, consecutive_ = 0, began_ = 0, left_ = 0;
  std::string drain_;  // why no new trial starts
  bool interrupted_ = false, killed_ = false, broken_ = false;
  double deadline_ = 0, drawn_ = 0, looked_ = 0;
  double best_ = std::nan(""), seconds_sum_ = 0;
  int seconds_count_ = 0;
  std::string best_name_;
  long long memory_kills_ = -1;
  int rebuilder_ = -1;
  bool stale_ = false;  // study.h5 lacks a finished trial
  double rebuilt_ = 0, rebuild_cost_ = 0;
};

bool Runner::selected(const PlannedTrial& t) const {
  if (options_.only.empty()) return !t.earlier;
  return std::any_of(options_.only.begin(), options_.only.end(),
                     [&](const std::string& o) { return t.id.rfind(o, 0) == 0; });
}

void Runner::choose_cores() {
  allowed_ = allowed_cores();
  threads_ = options_.threads > 0 ? options_.threads : std::max(1, index_.runtime.threads);
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

void Runner::plan_work() {
  for (const std::string& only : options_.only)
    if (std::none_of(index_.trials.begin(), index_.trials.end(),
                     [&](const PlannedTrial& t) { return t.id.rfind(only, 0) == 0; }))
      throw UsageError("there is no trial `" + only + "` in study " + index_.study + "; `tubal status " +
                       index_.study + "` lists them.");
  for (const PlannedTrial& trial : index_.trials) {
    if (!selected(trial)) continue;
    const layout::TrialFolder folder = study_.trial(trial.id);
    TrialView view = view_trial(folder);
    std::string damage = view.damage;
    if (damage.empty() && (view.state == TrialState::complete || view.state == TrialState::stopped))
      damage = damage_of(folder, view.status);
    if (!damage.empty()) {
      if (!set_aside(folder)) continue;
      display_.say(display_.colour("damaged", 33) + "  " + trial.name() + ": " + damage +
                   ". This trial runs again; the others stay.");
      view = view_trial(folder);
    }
    const bool again = view.state == TrialState::failed && (options_.again || from_outside(view.status));
    const bool diverged_again = view.state == TrialState::diverged && options_.again;
    if (is_final(view.state) && !again && !diverged_again) {
      tally_.add(view.state);
      if (view.state == TrialState::complete && view.status.seconds > 0)
        seconds_sum_ += view.status.seconds, ++seconds_count_;
      if (view.status.validation_accuracy > best_ ||
          (std::isnan(best_) && !std::isnan(view.status.validation_accuracy)))
        best_ = view.status.validation_accuracy, best_name_ = trial.name();
      continue;
    }
    waiting_.push_back({&trial, view.status.attempt, 0, 0, 0.05});
  }
}

// Whether the trial should be started now. It leaves the queue where another runner has finished it.
bool Runner::ready(Work& work) {
  const double now = now_seconds();
  if (work.not_before > now) return false;
  const TrialView view = view_trial(study_.trial(work.trial->id));
  if (view.state != TrialState::running) return true;
  work.not_before = now + work.patience;
  work.patience = std::min(2 * work.patience, 2.0);
  return false;
}

void Runner::fill() {
  for (std::size_t i = 0;
       i < waiting_.size() && drain_.empty() && static_cast<int>(running_.size()) < jobs_;) {
    Work& work = waiting_[i];
    if (work.not_before <= now_seconds()) {
      const TrialStatus status = view_trial(study_.trial(work.trial->id)).status;
      if (is_final(status.state) && status.attempt > work.attempt) {  // another runner's
        tally_.add(status.state);
        waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
        stale_ = true;
        continue;
      }
    }
    if (!ready(work)) {
      ++i;
      continue;
    }
    const Work chosen = work;
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
    begin(chosen);
  }
}

void Runner::begin(Work work) {
  const layout::TrialFolder folder = study_.trial(work.trial->id);
  CoreClaim cores = claim_cores(allowed_, threads_);
  ChildSpec spec;
  spec.command = {this_program(),
                  "trial",
                  folder.root.string(),
                  "--study",
                  index_.study,
                  "--threads",
                  std::to_string(threads_),
                  "--checkpoint-seconds",
                  std::to_string(index_.runtime.checkpoint_seconds),
                  "--on-nan",
                  index_.policy.on_nan,
                  "--attempt",
                  std::to_string(work.attempt)};
  if (!index_.asha.metric.empty())
    spec.command.insert(spec.command.end(),
                        {"--asha", index_.asha.metric + "," + std::to_string(index_.asha.min) + "," +
                                       std::to_string(index_.asha.eta)});
  spec.environment = {"OMP_NUM_THREADS=" + std::to_string(threads_), "TUBAL_REPORT=3"};
  spec.log = folder.log().string();
  spec.cores = cores.cores();
  try {
    Child child = start(spec);
    const int pid = child.pid;
    running_[pid] = {work, std::move(child), std::move(cores), {}, now_seconds()};
    ++began_;
  } catch (const Error& e) {
    waiting_.push_front(work);
    broken(e.what());
  }
}

void Runner::broken(const std::string& why) {
  ++failed_now_;
  broken_ = true;
  display_.say(display_.colour(why, 31));
  if (drain_.empty()) display_.say("No further trial is started.");
  drain_ = why;
}

void Runner::listen(Running& r) {
  for (const std::string& line : read_lines(r.child)) {
    const auto message = from_line(line);
    if (!message) continue;
    r.last = *message;
    if (message->kind != "epoch") continue;
    if (std::isnan(best_) || message->validation_accuracy > best_)
      best_ = message->validation_accuracy, best_name_ = r.work.trial->name();
    if (display_.live()) continue;
    display_.say(r.work.trial->name() + "  epoch " + std::to_string(message->epoch) + "/" +
                 std::to_string(message->epochs) + "  loss " + show_share(message->loss) +
                 "  validation accuracy " + show_share(message->validation_accuracy) + "  " +
                 show_count(message->tokens_per_second) + " tokens/s");
  }
}

void Runner::ended(const ChildEnd& end) {
  if (end.pid == rebuilder_) {
    rebuilder_ = -1;
    rebuild_cost_ = now_seconds() - rebuilt_;
    if (end.signal || end.status)
      display_.say(display_.colour("study.h5", 33) +
                   " could not be rebuilt; the trials' own files are whole. `tubal verify " + index_.study +
                   "` says more.");
    return;
  }
  const auto found = running_.find(end.pid);
  if (found == running_.end()) return;
  Running r = std::move(found->second);
  running_.erase(found);
  if (r.child.pipe >= 0) listen(r);
  if (r.child.pipe >= 0) ::close(r.child.pipe);
  settle(r, end);
}

void Runner::settle(Running& r, const ChildEnd& end) {
  const layout::TrialFolder folder = study_.trial(r.work.trial->id);
  const std::string who = r.work.trial->name();
  if (end.status == taken_status) {
    r.work.not_before = now_seconds() + r.work.patience;
    waiting_.push_back(r.work);
    return;
  }
  std::string unrecorded;
  if (!(interrupted_ && (killed_ || end.signal || end.status == 75)))
    unrecorded = bury(folder, end, memory_kills_);
  if (!unrecorded.empty()) {  // nothing can be written: further trials would fail alike
    ++left_;
    broken("failed  " + who + ": " + unrecorded);
    return;
  }
  const TrialView view = view_trial(folder);
  const TrialStatus& status = view.status;
  r.work.attempt = std::max(r.work.attempt + 1, status.attempt);
  if (!is_final(view.state)) {  // interrupted, or killed by this runner's end
    if (!interrupted_)
      display_.say(display_.colour("interrupted", 33) + "  " + who +
                   ": goes on from its checkpoint with the next `tubal run`");
    ++left_;
    return;
  }
  stale_ = true;
  if (view.state == TrialState::failed && r.work.failures < index_.policy.retries && drain_.empty()) {
    ++r.work.failures;
    display_.say(display_.colour("failed", 31) + "  " + who + ": " + status.cause + " Trying again (" +
                 std::to_string(r.work.failures) + " of " + std::to_string(index_.policy.retries) + ").");
    waiting_.push_back(r.work);
    return;
  }
  tally_.add(view.state);
  if (view.state == TrialState::failed || view.state == TrialState::diverged) {
    ++failed_now_;
    consecutive_ = view.state == TrialState::failed ? consecutive_ + 1 : 0;
    display_.say(display_.colour(name(view.state), 31) + "  " + who + ": " + status.cause);
    if (view.state == TrialState::failed) {
      for (const std::string& line : log_tail(folder.log(), 5))
        display_.say(display_.colour("        | " + line, 2));
      display_.say(display_.colour("        " + folder.log().string(), 2));
    }
    const int most = index_.policy.max_consecutive_failures;
    if (options_.fail_fast)
      drain_ = "a trial failed and --fail-fast was given";
    else if (most > 0 && consecutive_ >= most)
      drain_ = std::to_string(consecutive_) + " trials in a row failed (policy.max_consecutive_failures)";
    if (!drain_.empty() && !waiting_.empty()) display_.say("No further trial is started: " + drain_ + ".");
    return;
  }
  consecutive_ = 0;
  if (status.seconds > 0) seconds_sum_ += status.seconds, ++seconds_count_;
  display_.say(display_.colour(view.state == TrialState::stopped ? "stopped" : "done", 32) + "  " + who +
               "  validation accuracy " + show_share(status.validation_accuracy) + "  test " +
               show_share(status.test_accuracy) + "  " + show_seconds(status.seconds) +
               (status.cause.empty() ? "" : "  (" + status.cause + ")"));
}

void Runner::interrupt(const std::string& why) {
  if (interrupted_) {  // the second time: at once
    deadline_ = now_seconds();
    return;
  }
  interrupted_ = true;
  drain_ = why;
  deadline_ = now_seconds() + 1.6;
  for (const auto& [pid, r] : running_) ::kill(pid, SIGTERM);
  display_.say(why + ": " +
               (running_.empty() ? "ending"
                                 : "saving " + std::to_string(running_.size()) + " running trial" +
                                       (running_.size() > 1 ? "s" : "")) +
               ".");
}

void Runner::watch_stop() {
  if (looked_ + 2 > now_seconds()) return;
  looked_ = now_seconds();
  const StopToken found = read_stop(study_);
  if (found.token == stop_) return;
  stop_ = found.token;
  if (found.now) return interrupt("`tubal stop --now`");
  drain_ = "`tubal stop` was called";
  display_.say("`tubal stop`: " + std::to_string(running_.size()) +
               " running trials end, no new one starts.");
}

// study.h5 is rebuilt by a process of its own, so that a damaged file cannot end the runner, and at most as
// often as keeps the cost below a hundredth of the time.
void Runner::rebuild(bool last) {
  if (!stale_ || rebuilder_ > 0 || (!last && now_seconds() < rebuilt_ + std::max(1.0, 100 * rebuild_cost_)))
    return;
  stale_ = false;
  rebuilt_ = now_seconds();
  try {
    const Child child = start({{this_program(), "trial", "--rebuild", study_.root.string()}, {}, "", {}});
    rebuilder_ = child.pid;
    ::close(child.pipe);
  } catch (const Error& e) {
    display_.say(e.what());
  }
}

void Runner::draw() {
  if (!display_.live() || interrupted_ || now_seconds() < drawn_ + 0.1) return;
  drawn_ = now_seconds();
  const int width = display_.width();
  std::vector<std::string> lines;
  double longest = 0;
  int names = 0;
  for (const auto& [pid, r] : running_) names = std::max(names, columns(r.work.trial->name()));
  for (const auto& [pid, r] : running_) {
    const Message& m = r.last;
    const double share = m.steps > 0 ? static_cast<double>(m.step) / static_cast<double>(m.steps) : 0;
    const double left = m.kind == "note" || m.step == 0 ? std::nan("") : m.seconds_left;
    if (std::isfinite(left)) longest = std::max(longest, left);
    std::string facts = m.kind.empty() ? "starting"
                        : m.kind == "note"
                            ? m.text
                            : "epoch " + std::to_string(m.epoch) + "/" + std::to_string(m.epochs) +
                                  "  step " + std::to_string(m.step) + "/" + std::to_string(m.steps) +
                                  "  loss " + show_share(m.loss) + "  " + show_count(m.tokens_per_second) +
                                  " tok/s  " + show_seconds(left) + " left";
    const int bar = std::clamp(width / 6, 6, 24), room = std::max(12, width - bar - 4 - columns(facts) - 3);
    lines.push_back(fit("  " + fit(r.work.trial->name(), std::min(room, names)) + "  " +
                            show_bar(share, bar, display_.unicode()) + "  " + facts,
                        width - 1));
  }
  const int left = static_cast<int>(waiting_.size() + running_.size());
  std::string total = "  " + index_.study + ": " + std::to_string(tally_.complete + tally_.stopped) +
                      " finished, " + std::to_string(tally_.failed + tally_.diverged) + " failed, " +
                      std::to_string(left) + " left";
  if (!std::isnan(best_)) total += "   best validation " + show_share(best_) + " (" + best_name_ + ")";
  if (seconds_count_ > 0 && left > 0)
    total +=
        "   about " +
        show_seconds(longest + seconds_sum_ / seconds_count_ *
                                   std::max(0.0, std::ceil(static_cast<double>(waiting_.size()) / jobs_))) +
        " left";
  if (!drain_.empty()) total += "   draining";
  lines.push_back(fit(total, width - 1));
  display_.draw(lines);
}

double Runner::wait_seconds() const {
  const double now = now_seconds();
  double wait =
      running_.empty() && waiting_.empty() ? 0.5 : 2.0;  // tubal stop is looked for every two seconds
  if (display_.live()) wait = std::min(wait, 0.5);
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
    stale_ = !fs::exists(study_.data());
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
      if (rebuilder_ < 0) break;
    } else if (running_.empty()) {  // all that is left runs elsewhere
      if (!options_.wait) {
        display_.say(show_trials(waiting_.size()) + " left to other runners.");
        waiting_.clear();
        continue;
      }
      if (!told_elsewhere && waiting_.front().patience > 0.5) {
        display_.say("Waiting for " + show_trials(waiting_.size()) + " running elsewhere (`tubal status " +
                     index_.study + "` says where).");
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
    for (const int number : signals.pending())
      if (number != SIGCHLD) interrupt(signal_text(number));
    for (auto& [pid, r] : running_)
      if (r.child.pipe >= 0) listen(r);
    for (ChildEnd end = next_end(); end.pid > 0; end = next_end()) ended(end);
    if (interrupted_ && !killed_ && now_seconds() >= deadline_) {
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
  if (broken_ || (left_ > 0 && options_.fail_fast && failed_now_ > 0)) return ExitStatus::some_failed;
  if (left_ > 0) return ExitStatus::interrupted;
  return tally_.failed + tally_.diverged > 0 ? ExitStatus::some_failed : ExitStatus::done;
}

}  // namespace

ExitStatus run_study(const layout::StudyFolder& study, const StudyIndex& index, const RunOptions& options,
                     Display& display) {
  return Runner(study, index, options, display).run();
}

}  // namespace tubal::runner
