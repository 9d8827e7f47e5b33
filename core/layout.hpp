// Where everything lies: every path of a study's folder. Writers (experiments/) and readers (analysis/)
// know the files through this header alone, and what the HDF5 files hold through
// core/layout_entries.hpp. Below studies/<study>/:
//
//   plan.yaml (the current grid)  history.jsonl  study.h5  report.html  export/
//   trials/<trial>/{config.yaml, status.json, journal.jsonl, checkpoint, log.txt, trial.h5,
//                   model.safetensors, ablation.h5, lease/}
//   archive/<time>/<trial>: what `tubal prune` moved out
//   before-upgrade/: files of an earlier tubal
//   stop, asha/epoch-<n>/<trial>.json: what runners tell one another
//   slurm/<n>/: what was submitted
//   .index.json: the plan in short
//   .grid/, .rebuild/: locks on the plan with the history, and on study.h5
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tubal::layout {

namespace fs = std::filesystem;

/// Who works in `root` (a trial's folder, or a lock's): runner/lease.hpp says how.
struct LeaseFolder {
  fs::path root;
  fs::path lease() const { return root / "lease"; }
  /// What took the lease over from the owner with this token.
  fs::path taken(const std::string& token) const { return lease() / ("taken." + token); }
  /// In the lease, or in what took it over.
  static fs::path owner(const fs::path& link) { return link / "owner.json"; }
  /// Before it is renamed into place, and once it is given up; `maker`: a name that says who made it.
  fs::path made(const std::string& maker) const { return root / (".lease.new." + maker); }
  fs::path given_up(const std::string& maker) const { return root / (".lease.old." + maker); }
  /// Whether a file of this name is one of those two; whether it is the second.
  static bool passing(std::string_view name) { return name.starts_with(".lease."); }
  static bool given_back(std::string_view name) { return name.starts_with(".lease.old."); }
};

inline constexpr const char* trials_name = "trials";

struct TrialFolder {
  /// As status.json names the files whose checksums it tells.
  static constexpr const char* config_name = "config.yaml";
  static constexpr const char* journal_name = "journal.jsonl";
  static constexpr const char* data_name = "trial.h5";
  static constexpr const char* model_name = "model.safetensors";
  fs::path root;
  std::string id() const { return root.filename().string(); }
  fs::path config() const { return root / config_name; }
  fs::path status() const { return root / "status.json"; }
  fs::path journal() const { return root / journal_name; }
  fs::path checkpoint() const { return root / "checkpoint"; }
  fs::path log() const { return root / "log.txt"; }
  fs::path data() const { return root / data_name; }
  fs::path model() const { return root / model_name; }
  fs::path ablation() const { return root / "ablation.h5"; }
  /// The folder of its study.
  fs::path study() const { return root.parent_path().parent_path(); }
  /// Whether it lies where a study's trials do; else it is one by itself.
  bool in_study() const { return root.parent_path().filename() == trials_name; }
};

/// One submission to Slurm.
struct SlurmFolder {
  fs::path root;
  /// The trials of array n, its script, and the numbers of all jobs.
  fs::path list(std::size_t n) const { return root / ("array-" + std::to_string(n) + ".txt"); }
  fs::path script(std::size_t n) const { return root / ("array-" + std::to_string(n) + ".sh"); }
  fs::path jobs() const { return root / "jobs.txt"; }
};

struct StudyFolder {
  fs::path root;
  std::string name() const { return root.filename().string(); }
  fs::path plan() const { return root / "plan.yaml"; }
  fs::path history() const { return root / "history.jsonl"; }
  fs::path index() const { return root / ".index.json"; }
  fs::path stop() const { return root / "stop"; }
  fs::path asha() const { return root / "asha"; }
  /// The scores of the trials that came to this epoch.
  fs::path rung(int epoch) const { return asha() / ("epoch-" + std::to_string(epoch)); }
  SlurmFolder slurm(int n) const { return {root / "slurm" / std::to_string(n)}; }
  /// Locks: on the plan and the history, and on study.h5.
  LeaseFolder grid_lock() const { return {root / ".grid"}; }
  LeaseFolder tables_lock() const { return {root / ".rebuild"}; }
  fs::path archive() const { return root / "archive"; }
  fs::path before_upgrade() const { return root / "before-upgrade"; }
  fs::path data() const { return root / "study.h5"; }
  fs::path report() const { return root / "report.html"; }
  fs::path exports() const { return root / "export"; }
  fs::path trials() const { return root / trials_name; }
  TrialFolder trial(const std::string& id) const { return {trials() / id}; }
  /// For people: the place of this file of each trial.
  fs::path of_each(const fs::path& file) const { return trials() / "<trial>" / file.filename(); }
  /// Ids of the trial folders that exist, sorted.
  std::vector<std::string> trial_ids() const;
};

/// Where a file goes that was found damaged.
inline fs::path damaged(const fs::path& file) { return file.string() + ".damaged"; }

}  // namespace tubal::layout
