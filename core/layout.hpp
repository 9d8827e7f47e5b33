// Where everything lies: every path of a study's folder, every group, data set, axis and attribute of
// trial.h5, ablation.h5 and study.h5. Writers (experiments/) and readers (analysis/) know the files through
// this header alone. Below studies/<study>/:
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
#include <span>
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
  /// Whether a file of this name is one of those two.
  static bool passing(std::string_view name) { return name.starts_with(".lease."); }
};

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
  fs::path trials() const { return root / "trials"; }
  TrialFolder trial(const std::string& id) const { return {trials() / id}; }
  /// For people: the place of this file of each trial.
  fs::path of_each(const fs::path& file) const { return trials() / "<trial>" / file.filename(); }
  /// Ids of the trial folders that exist, sorted.
  std::vector<std::string> trial_ids() const;
};

/// Where a file goes that was found damaged.
inline fs::path damaged(const fs::path& file) { return file.string() + ".damaged"; }

/// The version of trial.h5 and ablation.h5, and that of study.h5 and study.nc: attribute `tubal_format` of
/// their root group. A reader refuses a larger one.
inline constexpr int format_version = 1, study_format_version = 2;

/// One data set. `axes` are space-separated names of dimension scales in the same group, row-major; a data
/// set whose only axis is itself is that scale. `type`: f = float64, i = int64, s = UTF-8 string.
struct Entry {
  const char* path;
  const char* axes;
  char type;
  const char* unit;
  const char* meaning;
};

/// One attribute. `object`: a group; "/": the file itself. `type` as above; t = a list of strings.
struct Attribute {
  const char* object;
  const char* name;
  char type;
  const char* meaning;
};

/// trial.h5. Metrics in nats; accuracies in [0, 1]; missing numbers are NaN; an epoch counts from 1, its
/// evaluation is taken after its last step; epoch 0 in /transform and /spectrum is the initialisation.
/// Groups without values (/spectrum and /transform of bag_of_words) are left out. A language model has no
/// accuracies and no /test; a classifier no bits per byte and no /baselines. /provenance has attributes
/// alone, see provenance_attributes.
inline constexpr Entry trial_entries[] = {
    {"/metrics/train/step", "step", 'i', "1", "optimiser steps done"},
    {"/metrics/train/loss", "step", 'f', "nat", "mean cross-entropy over the step's batch, with dropout"},
    {"/metrics/train/learning_rate", "step", 'f', "1", "learning rate of the step"},
    {"/metrics/train/gradient_norm", "step", 'f', "1", "global L2 norm before clipping"},
    {"/metrics/train/tokens_per_second", "step", 'f', "1/s", "tokens trained a second, wall clock"},

    {"/metrics/evaluation/epoch", "epoch", 'i', "1", "epochs done"},
    {"/metrics/evaluation/step", "epoch", 'i', "1", "optimiser steps done"},
    {"/metrics/evaluation/train_loss", "epoch", 'f', "nat",
     "mean over the epoch's training batches, with dropout"},
    {"/metrics/evaluation/train_accuracy", "epoch", 'f', "1",
     "over the epoch's training batches, with dropout"},
    {"/metrics/evaluation/validation_loss", "epoch", 'f', "nat", "on the validation part"},
    {"/metrics/evaluation/validation_accuracy", "epoch", 'f', "1", "on the validation part"},
    {"/metrics/evaluation/test_loss", "epoch", 'f', "nat",
     "on the test part; never used to choose; NaN where not measured"},
    {"/metrics/evaluation/validation_bits_per_byte", "epoch", 'f', "bit",
     "language models: bits that a byte of the validation text costs, whatever the tokenizer"},
    {"/metrics/evaluation/test_bits_per_byte", "epoch", 'f', "bit",
     "language models: of the test text; NaN where not measured"},
    {"/metrics/evaluation/test_accuracy", "epoch", 'f', "1",
     "on the test part; never used to choose; NaN where not measured"},
    {"/metrics/evaluation/seconds", "epoch", 'f', "s",
     "wall clock of the epoch's training, without evaluation"},

    {"/spectrum/epoch", "epoch", 'i', "1", "epochs done"},
    {"/spectrum/layer", "layer", 'i', "1", "layer, from 0"},
    {"/spectrum/slice", "slice", 'i', "1", "spectral slice, from 0, in storage order"},
    {"/spectrum/bin", "slice", 'i', "1", "index of the slice in the transform (DFT bin, DCT index)"},
    {"/spectrum/complex", "slice", 'i', "1", "1 for a complex slice"},
    {"/spectrum/frequency", "slice", 'f', "1", "frequency of the slice, in [0, 1]"},
    {"/spectrum/energy", "epoch layer slice", 'f', "1",
     "mean squared modulus of the layer's output in the slice, over probe tokens and coordinates"},
    {"/spectrum/effective_rank", "epoch layer slice", 'f', "1",
     "exp of the entropy of the normalised singular values of the layer's output in the slice"},
    {"/spectrum/attention_entropy", "epoch layer slice", 'f', "nat",
     "mean entropy of the attention weights, over probe tokens and heads"},
    {"/spectrum/gradient_norm", "epoch layer slice", 'f', "1",
     "L2 norm of the gradient of the slice's weights"},
    {"/spectrum/weight_norm", "epoch layer slice", 'f', "1", "L2 norm of the slice's weights"},
    {"/spectrum/off_diagonal_mixing", "epoch layer slice", 'f', "1",
     "share of the squared mass of L diag(gain/sigma) L^-1 off the slice's own block, in its rows"},
    {"/spectrum/gain", "epoch layer slice", 'f', "1", "frequency scaling factor of the slice"},

    {"/transform/epoch", "epoch", 'i', "1", "epochs done; 0 is the start"},
    {"/transform/k", "k", 'i', "1", "spectral row"},
    {"/transform/l", "l", 'i', "1", "original slice"},
    {"/transform/matrix", "epoch k l", 'f', "1", "L, real part"},
    {"/transform/matrix_imaginary", "epoch k l", 'f', "1", "L, imaginary part; complex transforms only"},
    {"/transform/orthogonality_error", "epoch", 'f', "1", "Frobenius norm of L^H L / scale - I"},
    {"/transform/drift_from_init", "epoch", 'f', "1",
     "Frobenius norm of L - L(start), over that of L(start)"},
    {"/transform/largest_angle", "epoch", 'f', "rad", "largest rotation angle of L L(start)^-1"},

    {"/baselines/name", "name", 's', "", "language models: unigram, 2-gram, ...: interpolated Kneser-Ney"},
    {"/baselines/validation_loss", "name", 'f', "nat", "mean over the validation part's tokens"},
    {"/baselines/test_loss", "name", 'f', "nat", "mean over the test part's tokens"},
    {"/baselines/validation_bits_per_byte", "name", 'f', "bit", "of the validation text"},
    {"/baselines/test_bits_per_byte", "name", 'f', "bit", "of the test text"},

    {"/test/example", "example", 'i', "1", "row of the test part, from 0"},
    {"/test/label", "example", 'i', "1", "true class"},
    {"/test/prediction", "example", 'i', "1", "predicted class, by the best epoch's parameters"},
    {"/test/probability", "example", 'f', "1", "softmax probability of the predicted class"},
    {"/test/class", "class", 'i', "1", "true class"},
    {"/test/class_name", "class", 's', "", "name of the class"},
    {"/test/predicted_class", "predicted_class", 'i', "1", "predicted class"},
    {"/test/confusion", "class predicted_class", 'i', "1", "number of test examples"},
};

inline constexpr Attribute trial_attributes[] = {
    {"/", "tubal_format", 'i', "format_version"},
    {"/", "trial", 's', "its folder's name"},
    {"/", "study", 's', "may be empty"},
    {"/", "task", 's', "classification (also where absent) or language_model"},
    {"/", "status", 's', "the trial's state"},
    {"/", "cause", 's', "empty, or why it ended"},
    {"/", "seed", 'i', "seed"},
    {"/", "epochs_done", 'i', "epochs trained"},
    {"/", "best_epoch", 'i', "0: none yet"},
    {"/", "parameters_encoder", 'i', "all but embeddings and classifier"},
    {"/", "parameters_total", 'i', "all"},
    {"/", "flops", 'f', "of the whole training, counted from shapes"},
    {"/", "seconds", 'f', "of training and evaluation"},
    {"/", "tokens_per_second", 'f', "median over training steps"},
    {"/", "peak_memory", 'f', "bytes"},
    {"/", "test_accuracy", 'f', "of a classifier, by the best epoch's parameters"},
    {"/", "test_bits_per_byte", 'f', "of a language model, by the best epoch's parameters"},
    {"/", "test_loss", 'f', "nats, by the best epoch's parameters"},
};

/// ablation.h5, by `tubal ablate`: the test part by the trial's own parameters with
/// spectral slices taken away.
inline constexpr Entry ablation_entries[] = {
    {"/ablation/name", "name", 's', "", "what is zeroed: none, slice 0, ..., lowest 2, ..., highest 2, ..."},
    {"/ablation/slices", "name", 's', "", "numbers of the zeroed slices, separated by commas"},
    {"/ablation/accuracy", "name", 'f', "1", "accuracy on the test part"},
    {"/ablation/interval_low", "name", 'f', "1", "lower end of Wilson's interval of the accuracy"},
    {"/ablation/interval_high", "name", 'f', "1", "upper end of Wilson's interval of the accuracy"},
    {"/ablation/loss", "name", 'f', "nat", "mean cross-entropy on the test part"},
    {"/ablation/difference", "name", 'f', "1", "accuracy minus that of none, on the same examples"},
    {"/ablation/difference_low", "name", 'f', "1", "lower end of the difference's interval"},
    {"/ablation/difference_high", "name", 'f', "1", "upper end of the difference's interval"},
};

inline constexpr Attribute ablation_attributes[] = {
    {"/", "tubal_format", 'i', "format_version"},
    {"/", "trial", 's', "its folder's name"},
    {"/", "study", 's', "may be empty"},
    {"/", "at", 's', "input, residual or output: where slices are zeroed"},
    {"/", "level", 'f', "of the intervals"},
    {"/", "examples", 'i', "of the test part"},
    {"/", "test_accuracy", 'f', "of the trial"},
    {"/", "model_sha256", 's', "of model.safetensors"},
    {"/", "revision", 's', "git commit of the program"},
    {"/", "created", 's', "ISO 8601, UTC"},
};

/// Attributes of /provenance in trial.h5, all strings.
inline constexpr const char* provenance_attributes[] = {
    "configuration",  // config.yaml as it stands
    "plugins",        // one line each: SHA-256, name
    "data_sha256",    // of the tokenized data
    "revision",       // git commit, with "-dirty" where the tree had changes
    "version",       "compiler", "flags", "libraries", "blas", "host", "cpu", "threads", "created", "started",
};

/// study.h5, group /trials: one row for every trial of the store on axis `trial`, those of the current grid
/// first. Beside these, one data set for every configuration value under its dotted key (model.p,
/// training.optimizer.learning_rate, ...): int64, float64 or string; booleans are int64 0 and 1 with the
/// attributes below, as an axis too; lists are strings, a value that a trial does not have is NaN, "" or
/// `missing_integer`.
inline constexpr const char *flag_values = "flag_values",
                            *flag_meanings = "flag_meanings";  // CF conventions 3.5
inline constexpr const char* flag_words = "false true";
inline constexpr long long missing_integer = -9223372036854775807LL;  // also each int64 column's _FillValue
inline constexpr Entry study_entries[] = {
    {"/trials/trial", "trial", 'i', "1", "row, from 0"},
    {"/trials/id", "trial", 's', "", "trial: its folder's name"},
    {"/trials/seed", "trial", 'i', "1", "seed"},
    {"/trials/in_grid", "trial", 'i', "1", "1 where the trial belongs to the study's current grid"},
    {"/trials/configuration", "trial", 's', "",
     "digest of the configuration: equal for a trial on other data"},
    {"/trials/data", "trial", 's', "", "digest of what it read of its data; empty where it has not begun"},
    {"/trials/matrix", "trial", 's', "", "digest of its matrix file"},
    {"/trials/plugin", "trial", 's', "", "digest of the plug-ins that it uses"},
    {"/trials/cell", "trial", 'i', "1",
     "number of the cell: trials that differ in the seed alone share it, on the same data"},
    {"/trials/baseline", "trial", 'i', "1", "1 where the trial belongs to the grid's baseline"},
    {"/trials/status", "trial", 's', "",
     "planned, running, interrupted, complete, failed, diverged or stopped"},
    {"/trials/cause", "trial", 's', "", "why it failed, diverged or was stopped"},
    {"/trials/epochs_done", "trial", 'i', "1", "epochs trained"},
    {"/trials/best_epoch", "trial", 'i', "1", "epoch with the best validation accuracy"},
    {"/trials/train_loss", "trial", 'f', "nat", "at the best epoch"},
    {"/trials/train_accuracy", "trial", 'f', "1", "at the best epoch"},
    {"/trials/validation_loss", "trial", 'f', "nat", "at the best epoch"},
    {"/trials/validation_accuracy", "trial", 'f', "1", "at the best epoch"},
    {"/trials/test_loss", "trial", 'f', "nat", "by the best epoch's parameters"},
    {"/trials/test_accuracy", "trial", 'f', "1", "by the best epoch's parameters"},
    {"/trials/validation_bits_per_byte", "trial", 'f', "bit", "language models, at the best epoch"},
    {"/trials/test_bits_per_byte", "trial", 'f', "bit", "language models, by the best epoch's parameters"},
    {"/trials/parameters_encoder", "trial", 'i', "1", "all but embeddings and classifier"},
    {"/trials/parameters_total", "trial", 'i', "1", "all"},
    {"/trials/flops", "trial", 'f', "1",
     "floating-point operations of the whole training, counted from shapes"},
    {"/trials/seconds", "trial", 'f', "s", "wall clock of training and evaluation, over all resumptions"},
    {"/trials/tokens_per_second", "trial", 'f', "1/s", "median over training steps"},
    {"/trials/peak_memory", "trial", 'f', "B", "peak resident memory of the process"},
    {"/trials/host", "trial", 's', "", "machine"},
    {"/trials/revision", "trial", 's', "", "git commit of the program"},
    {"/trials/created", "trial", 's', "", "end of the trial, ISO 8601, UTC"},
};

/// Root of study.h5, where the trials of the current grid form one (attribute `rectangular` = 1): each of
/// these over (<axes...>, seed), NaN where a trial is missing or not complete. Trials outside the grid are in
/// none. An axis goes by its name in core/axis_names.hpp (model.p: p; model.transform.name: transform) and
/// carries the key as attribute `key`.
inline constexpr const char* grid_metrics[] = {"test_accuracy",
                                               "test_loss",
                                               "test_bits_per_byte",
                                               "validation_accuracy",
                                               "validation_loss",
                                               "validation_bits_per_byte",
                                               "seconds",
                                               "tokens_per_second",
                                               "parameters_encoder",
                                               "parameters_total",
                                               "peak_memory"};

inline constexpr Attribute study_attributes[] = {
    {"/", "tubal_format", 'i', "study_format_version"},
    {"/", "study", 's', "its name"},
    {"/", "grid", 'i', "number of the current grid in the history"},
    {"/", "baseline", 's', "the grid's, as YAML; empty: none"},
    {"/", "rectangular", 'i', "1 where the trials of the current grid form one"},
    {"/", "axes", 't', "names of its axes, without the seed"},
    {"/", "created", 's', "when the last of what it holds was written"},
    {"/trials", "swept", 't', "keys that differ between the trials of the current grid, without the seed"},
    {"/trials", "keys", 't', "all keys"},
};

/// The attribute of this object in any table; throws Error where there is none.
const Attribute& attribute(std::string_view object, std::string_view name);

/// The entry of `path` in any table; throws Error naming the path where there is none.
const Entry& entry(std::string_view path);

/// "epoch layer slice" -> {"/spectrum/epoch", ...} for an entry.
std::vector<std::string> axis_paths(const Entry& e);

}  // namespace tubal::layout
