// What the HDF5 files of a study hold: every group, data set, axis and attribute of trial.h5, ablation.h5 and
// study.h5, with unit and meaning. One table, in one file however long: it is the documentation of the
// format, and who looks for a name finds it beside its fellows.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace tubal::layout {

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
    {"/", "seconds", 'f', "of training and evaluation, by the clock"},
    {"/", "processor_seconds", 'f', "the same, of processor, all threads together"},
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
/// attributes below (CF conventions 3.5), as an axis too; lists are strings, a value that a trial does not
/// have is NaN, "" or `missing_integer`.
inline constexpr const char* flag_values = "flag_values";
inline constexpr const char* flag_meanings = "flag_meanings";
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
    {"/trials/processor_seconds", "trial", 'f', "s", "the same, of processor, all threads together"},
    {"/trials/threads", "trial", 'i', "1", "threads that it trained on last"},
    {"/trials/tokens_per_second", "trial", 'f', "1/s", "median over training steps"},
    {"/trials/peak_memory", "trial", 'f', "B", "peak resident memory of the process"},
    {"/trials/host", "trial", 's', "", "machine"},
    {"/trials/revision", "trial", 's', "", "git commit of the program"},
    {"/trials/created", "trial", 's', "", "end of the trial, ISO 8601, UTC"},
    {"/trials/unused", "trial", 's', "",
     "swept keys without effect in this trial, whose values are defaults"},
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
                                               "processor_seconds",
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
