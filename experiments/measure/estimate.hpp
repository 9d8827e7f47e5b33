// What a trial will cost, before its data are read: by formula, and in time by a few steps on this machine.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "experiments/config/config.hpp"

namespace tubal {

struct Estimate {
  bool known = true;                // false: model.kind bag_of_words, whose cost is small
  int vocabulary = 0, classes = 0;  // assumed: the tokenizer's limit, the data set's hint
  double mean_tokens = 0;  // of a text, after cutting at max_length; of a language model, the context
  long long encoder = 0, total = 0;  // parameters
  double flops = 0;                  // a token of training, see estimate()
  double memory = 0, disk = 0;       // bytes
  double tokens = 0;  // of the whole trial: training and a third for each token evaluated; 0: unknown
  double looks = 0, tokens_a_look = 0;   // into the slices: before training and at each evaluation
  std::optional<double> seconds;         // filled in by time_trials, the looks among them
  std::optional<double> seconds_a_look;  // likewise
  bool timed = false;  // this model was timed itself (else: scaled by FLOPs from one that was)
};

/// FLOPs a token of training: three times (forward, gradient of inputs, gradient of weights) the forward
/// pass's matrix products, as the stack itself says (Structure::forward_flops): linear maps, scores and
/// weighted values, L and L^-1 as p x p products. Norms, softmax, activations and a classifier are left out
/// (a few per cent). Memory: 16 bytes a parameter (value, gradient, two moments), each lane's gradient, each
/// worker's activations of one group of sequences, 4 bytes a token of data, 60 MB for the program. Disk: 4
/// bytes a parameter for the model, 16 for a checkpoint with the best epoch, and 1 MB of records.
Estimate estimate(const TrialConfig& config, const RuntimeConfig& runtime);

/// Sets `seconds` = tokens x seconds a token + looks x seconds a look, of a trial that has its processors to
/// itself: different models are timed for two steps and a look into the slices each, those of most and least
/// FLOPs first, until `budget_seconds` are used; the others are scaled by FLOPs from the nearest. With one
/// thread other work on the machine does not count (seconds of processor), with several it does. Returns the
/// share of a processor that the timing of one thread had, else 1.
double time_trials(const std::vector<const TrialConfig*>& configs, std::vector<Estimate>& estimates,
                   const RuntimeConfig& runtime, double budget_seconds);

}  // namespace tubal
