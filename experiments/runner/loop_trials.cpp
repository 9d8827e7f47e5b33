// One trial's process: chosen, started, heard, ended, settled; and study.h5 after it.
#include <unistd.h>

#include "core/environment.hpp"
#include "core/files.hpp"
#include "core/typed.hpp"
#include "experiments/config/study_keys.hpp"
#include "experiments/runner/loop.hpp"
#include "experiments/runner/post_mortem.hpp"

namespace tubal::runner {

// Starts what may be started. A trial leaves the queue, too, where another runner has finished it.
void Runner::fill() {
  for (std::size_t i = 0;
       i < waiting_.size() && drain_.empty() && static_cast<int>(running_.size()) < jobs_;) {
    Work& work = waiting_[i];
    if (work.not_before > seconds_now()) {
      ++i;
      continue;
    }
    const TrialView view = view_trial(study_.trial(work.trial->id));
    const bool finished = is_final(view.status.state) && view.status.attempt > work.attempt;
    if (!finished && view.state == TrialState::running) {
      work.put_off();
      ++i;
      continue;
    }
    const Work chosen = work;
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
    if (finished) {
      tally_.add(view.status.state);
      stale_ = true;
    } else {
      begin(chosen);
    }
  }
}

// glibc's allocator asks for huge pages where the system has them: a trial's first
// step takes fewer page faults.
static std::string with_huge_pages() {
  std::string text = "GLIBC_TUNABLES=glibc.malloc.hugetlb=1";
  if (const auto given = environment("GLIBC_TUNABLES")) text += ":" + *given;
  return text;
}

void Runner::begin(Work work) {
  const layout::TrialFolder folder = study_.trial(work.trial->id);
  CoreClaim cores = claim_cores(allowed_, threads_);
  ChildSpec spec;
  spec.command = {this_program(), "trial",     folder.root.string(),        "--study",
                  index_.study,   "--attempt", std::to_string(work.attempt)};
  Settings settings = study_settings(index_.runtime, index_.policy, index_.asha);
  settings.runtime.threads = threads_;
  for (const std::string& word : study_words(settings, true))
    spec.command.insert(spec.command.end(), {"--set", word});
  if (options_.allow_code_change) spec.command.push_back("--allow-code-change");
  spec.environment = {"OMP_NUM_THREADS=" + std::to_string(threads_),
                      std::string(report_variable) + "=" + std::to_string(report_descriptor)};
  spec.environment.push_back(with_huge_pages());
  spec.log = folder.log().string();
  spec.cores = cores.cores();
  try {
    Child child = start(spec);
    const int pid = child.pid;
    running_[pid] = {work, std::move(child), std::move(cores), {}, seconds_now(), Cause::other};
  } catch (const Error& e) {
    if (!file_is_there(folder.config())) {  // somebody removed the folder: that trial's matter alone
      display_.say(display_.colour("gone", 33) + "  " + work.trial->name() +
                   ": its folder was removed. `tubal run " + typed(study_) + "` makes it again.");
      ++left_;
      return;
    }
    waiting_.push_front(work);
    broken(e.what());
  }
}

void Runner::listen(Running& r) {
  for (const std::string& line : read_lines(r.child)) {
    const auto message = from_line(line);
    if (!message) continue;
    if (message->kind == "failed") {
      r.told = cause_named(message->text);
      continue;
    }
    r.last = *message;
    if (message->kind != "epoch") continue;
    const bool language = r.work.trial->language;
    const double figure = language ? message->validation_loss : message->validation_accuracy;
    best_.see(*r.work.trial, figure);
    if (display_.live()) continue;
    display_.say(r.work.trial->name() + "  epoch " + std::to_string(message->epoch) + "/" +
                 std::to_string(message->epochs) + "  loss " + show_share(message->loss) + "  validation " +
                 first_metric(language).title + " " + show_figure(language, figure) + "  " +
                 show_count(message->tokens_per_second) + " tokens/s");
  }
}

void Runner::ended(const ChildEnd& end) {
  if (end.pid == rebuilder_) {
    rebuilder_ = -1;
    rebuild_cost_ = seconds_now() - rebuilt_;
    const bool failed = end.signal || end.status;
    stale_ = stale_ || (failed && !unbuilt_);  // once more: what hindered it may be over
    if (failed && unbuilt_)
      display_.say(display_.colour(study_.data().filename().string(), 33) +
                   " could not be rebuilt; the trials' own files are whole. `tubal verify " + typed(study_) +
                   "` says more.");
    unbuilt_ = failed;
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
    r.work.put_off();
    waiting_.push_back(r.work);
    return;
  }
  std::string unrecorded;
  if (!(interrupted_ && (killed_ || end.signal || end.status == static_cast<int>(ExitStatus::interrupted))))
    unrecorded = bury(folder, end, memory_kills_, r.told);
  if (!unrecorded.empty()) {  // nothing can be written: further trials would fail alike
    ++left_;
    broken("failed  " + who + ": " + unrecorded);
    return;
  }
  const TrialView view = view_trial(folder);
  const TrialStatus& status = view.status;
  r.work.attempt = std::max(r.work.attempt + 1, status.attempt);
  if (!view.unread.empty()) {
    ++left_;
    broken("unknown  " + who + ": " + view.unread);
    return;
  }
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
    gave_up_ = gave_up_ || options_.fail_fast || (most > 0 && consecutive_ >= most);
    if (!drain_.empty() && !waiting_.empty()) display_.say("No further trial is started: " + drain_ + ".");
    return;
  }
  consecutive_ = 0;
  if (status.seconds > 0) {
    seconds_sum_ += status.seconds;
    ++seconds_count_;
  }
  const bool language = r.work.trial->language;
  const std::string test = show_figure(language, test_figure(status, language));
  display_.say(display_.colour(view.state == TrialState::stopped ? "stopped" : "done", 32) + "  " + who +
               "  validation " + first_metric(language).title + " " +
               show_figure(language, validation_figure(status, language)) +
               (language && test.empty() ? "" : "  test " + test) + "  " + show_seconds(status.seconds) +
               (status.cause.empty() ? "" : "  (" + status.cause + ")"));
}

void Runner::broken(const std::string& why) {
  broken_ = true;
  display_.say(display_.colour(why, 31));
  if (drain_.empty()) display_.say("No further trial is started.");
  drain_ = why;
}

// study.h5 is rebuilt by a process of its own, so that a damaged file cannot end the runner, and at most as
// often as keeps the cost below a hundredth of the time.
void Runner::rebuild(bool last) {
  if (!stale_ || rebuilder_ > 0 || (!last && seconds_now() < rebuilt_ + std::max(1.0, 100 * rebuild_cost_)))
    return;
  stale_ = false;
  rebuilt_ = seconds_now();
  try {
    const Child child = start({{this_program(), "trial", "--rebuild", study_.root.string()}, {}, "", {}});
    rebuilder_ = child.pid;
    ::close(child.pipe);
  } catch (const Error& e) {
    display_.say(e.what());
  }
}

}  // namespace tubal::runner
