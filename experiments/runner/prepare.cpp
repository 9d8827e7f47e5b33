#include "experiments/runner/prepare.hpp"

#include <unistd.h>

#include <cerrno>
#include <set>

#include "core/error.hpp"
#include "core/file_error.hpp"
#include "core/files.hpp"
#include "core/sha256.hpp"
#include "core/text.hpp"
#include "core/unfinished.hpp"
#include "experiments/config/identity.hpp"
#include "experiments/config/trial_file.hpp"
#include "experiments/data/content.hpp"
#include "experiments/plan/plan_file.hpp"
#include "experiments/records/grid_history.hpp"
#include "experiments/records/status.hpp"
#include "experiments/records/stored_trial.hpp"
#include "experiments/runner/settle.hpp"
#include "experiments/runner/study_lock.hpp"
#include "experiments/runner/upgrade.hpp"

namespace tubal::runner {

namespace {

std::string content(const fs::path& path) { return read_file_if_there(path).value_or(""); }

fs::path free_name(const fs::path& wanted) {
  fs::path name = wanted;
  for (int n = 2; fs::exists(name); ++n) name = wanted.string() + "-" + std::to_string(n);
  return name;
}

// The configuration that an ended trial was trained by, by the digest in its status: what the plan says, with
// the places and the record that the file at hand names.
std::string trained_by(const layout::TrialFolder& folder, const Trial& t, const TrialConfig* edited) {
  TrialConfig config = t.config;
  if (edited) {
    config.content = edited->content;
    config.plugins = edited->plugins;
  }
  try {
    const TrialStatus status = read_status(folder.root);
    const auto told = status.files.find(layout::TrialFolder::config_name);
    if (told != status.files.end())
      for (const std::string& start : {t.config.data.folder, edited ? edited->data.folder : std::string()}) {
        config.data.folder = start;
        for (const std::string& text : {write_trial(config), write_bare_trial(config)})
          if (sha256(text) == told->second) return text;
      }
  } catch (const Error&) {
  }
  return write_trial(t.config);
}

// Not synced, since there may be 10,000: a torn one differs from the plan and is
// written again by the next run.
void place_config(const layout::TrialFolder& folder, const Trial& t, std::vector<std::string>& notes) {
  make_folder(folder.root);
  const std::string there = content(folder.config()), wanted = write_trial(t.config);
  if (there == wanted) return;
  const auto put = [&](const std::string& text) { write_file(folder.config(), text, Durability::unsynced); };
  if (there.empty()) return put(has_begun(folder) ? trained_by(folder, t, nullptr) : wanted);
  std::optional<TrialConfig> found;
  try {
    found = parse_trial(there, folder.config().string());
  } catch (const std::exception&) {
  }
  const std::string sha = found ? identity(*found) : "";
  const bool own = !sha.empty() && (sha == t.sha256 || need_stored_trial(folder).problem.empty());
  if (own && !has_begun(folder)) return put(wanted);
  if (own) {  // what it read, and where, is its own: but its files may have moved since
    TrialConfig moved = t.config;
    moved.content = found->content;
    const TrialState state = [&] {
      try {
        return read_status(folder.root).state;
      } catch (const Error&) {
        return TrialState::planned;
      }
    }();
    const bool ended = state == TrialState::complete || state == TrialState::stopped;
    if (const std::string text = write_trial(moved); !ended && text != there) put(text);
    return;
  }
  const fs::path aside = free_name(folder.config().string() + ".edited");
  fs::rename(folder.config(), aside);
  put(has_begun(folder) ? trained_by(folder, t, found ? &*found : nullptr) : wanted);
  notes.push_back(folder.config().string() + " was edited" +
                  (found ? " (it comes out as trial " + short_digest(sha) + ")" : " (it cannot be read)") +
                  ": it lies beside as " + aside.filename().string() +
                  ", and what the grid says is in its place. To try other values, change the grid file.");
}

// Labels are words for the same trials: an earlier build may have chosen others.
bool same_grid(const StudyPlan& a, const StudyPlan& b) {
  if (a.axes != b.axes || a.baseline != b.baseline || !(a.asha == b.asha) ||
      a.trials.size() != b.trials.size())
    return false;
  for (std::size_t i = 0; i < a.trials.size(); ++i)
    if (a.trials[i].id != b.trials[i].id || a.trials[i].baseline != b.trials[i].baseline ||
        a.trials[i].cells != b.trials[i].cells)
      return false;
  return true;
}

std::set<std::string> ids_of(const StudyPlan& plan) {
  std::set<std::string> ids;
  for (const Trial& t : plan.trials) ids.insert(t.id);
  return ids;
}

// The plan as it stands; nothing where there is none. One that is damaged keeps no grid from running.
std::optional<PlanReading> present_plan(const layout::StudyFolder& study) {
  if (!file_is_there(study.plan())) return std::nullopt;
  try {
    return read_plan_lines(study.plan().string());
  } catch (const std::exception& e) {
    if (about(cause_of(e)).outside) throw;  // it is whole, but cannot be read now
    return std::nullopt;
  }
}

StudyIndex prepare(StudyPlan plan, const layout::StudyFolder& study, std::vector<std::string> notes) {
  check_writable(study.trials());
  DataNow data;
  {
    std::vector<std::string> unheard;  // reads and tokenizes outside the lock; what it finds is remembered
    StudyPlan trial_run = plan;
    settle(trial_run, study, data, {}, unheard);
  }
  StudyIndex index;
  {
    const StudyLock lock(study, StudyLock::What::grid);
    remove_unfinished(study.root);
    remove_unfinished(study.trials());
    const std::optional<PlanReading> before = present_plan(study);
    int number = before ? before->plan.grid : 0;
    if (before && before->version == 1) number = upgrade_study(study, *before, notes);
    settle(plan, study, data, before ? ids_of(before->plan) : std::set<std::string>(), notes);
    int last = number;
    bool told = false;  // the history knows the present grid
    try {
      const GridHistory history = read_grid_history(study);
      for (const GridRecord& g : history.grids) last = std::max(last, g.number);
      told = history.grid(number) != nullptr;
    } catch (const Error& e) {
      if (about(e.cause()).outside) throw;
      notes.push_back(std::string(e.what()) +
                      " It is put aside as history.jsonl.damaged, and a new one begun.");
    }
    const bool again = before && before->left_out.empty() && same_grid(before->plan, plan);
    plan.grid = again && number > 0 ? number : last + 1;
    const std::string text = write_plan(plan), there = content(study.plan());
    if (again && told)
      append_run(study, plan.grid);
    else
      append_grid(study, plan);
    if (there != text) write_file(study.plan(), text);
    for (const Trial& t : plan.trials) place_config(study.trial(t.id), t, notes);
    index = index_of(plan);
    index.study = study.name();
    save_index(study, index);
  }
  for (const Trial& t : plan.trials)
    if (index.data_problem.empty()) index.data_problem = data.problem(t.config.data);
  index.notes = std::move(notes);
  refresh_study(study);
  return index;
}

}  // namespace

void check_writable(const fs::path& folder) {
  try {
    make_folder(folder);
    const fs::path probe = unfinished_beside(folder / "probe");
    write_file(probe, std::string(1 << 16, '.'));
    if (::unlink(probe.c_str()) && errno != ENOENT) throw file_error("remove", probe, errno);
  } catch (const std::exception& e) {
    throw UsageError(
        message_of(e) + " Nothing was started; `--studies DIR` chooses another folder for the results.",
        cause_of(e));
  }
}

StudyIndex prepare_study(StudyPlan plan, const layout::StudyFolder& study) {
  return prepare(std::move(plan), study, {});
}

StudyIndex prepare_study(StudyPlan plan, const fs::path& studies) {
  const layout::StudyFolder study{fs::absolute(studies) / plan.study};
  return prepare(std::move(plan), study, {});
}

static StudyPlan own_plan(const layout::StudyFolder& study, std::vector<std::string>& notes) {
  PlanReading reading = read_plan_lines(study.plan().string());
  if (reading.version > 1 && !reading.left_out.empty()) throw UsageError(reading.left_out[0]);
  reading.plan.study = study.name();
  if (invalid_utf8(reading.plan.study) != std::string::npos)
    throw UsageError("the name of the study's folder " + study.root.string() +
                     " is not UTF-8, which a study's files are written in; rename the folder.");
  renew(reading.plan, notes);
  return std::move(reading.plan);
}

StudyIndex prepare_again(const layout::StudyFolder& study) {
  std::vector<std::string> notes;
  StudyPlan plan = own_plan(study, notes);
  return prepare(std::move(plan), study, std::move(notes));
}

StudyIndex look_ahead(StudyPlan plan, const layout::StudyFolder& study, bool again) {
  std::vector<std::string> notes;
  if (again) plan = own_plan(study, notes);
  const std::optional<PlanReading> before = present_plan(study);
  DataNow data;
  settle(plan, study, data, before ? ids_of(before->plan) : std::set<std::string>(), notes);
  if (before && same_grid(before->plan, plan)) plan.grid = before->plan.grid;
  StudyIndex index = index_of(plan);
  index.study = study.name();
  index.notes = std::move(notes);
  return index;
}

}  // namespace tubal::runner
