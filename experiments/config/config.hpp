// What a study is made of, as plain data. schema.cpp says for every key its type, range, default and meaning;
// plan/grid.hpp reads YAML into these; data, training and runner work from them.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "layers/model_config.hpp"

namespace tubal {

struct TokenizerConfig {
  std::string kind = "word";           // char | word | sentencepiece
  int vocabulary = 30000;              // largest number of entries, special ones included
  std::string model_type = "unigram";  // sentencepiece: unigram | bpe
  bool operator==(const TokenizerConfig&) const = default;
};

/// data.name: synthetic. Rows are drawn from `seed` alone, so every trial of a study sees the same rows.
struct SyntheticConfig {
  int train = 2000, test = 500;  // rows
  int classes = 2;
  int words = 200;     // different words
  int length = 32;     // mean words a row
  double noise = 0.1;  // share of rows whose label is drawn at random
  std::uint64_t seed = 0;
  bool operator==(const SyntheticConfig&) const = default;
};

struct DataConfig {
  std::string name = "imdb";                   // a row of data_sets.hpp, which says what of the rest it reads
  std::string path;                            // folder (as written; see resolve)
  std::string train, test;                     // files (as written; see resolve)
  std::vector<std::string> train_list;         // several files in place of `train`, one after the other
  std::string text = "text", label = "label";  // columns
  TokenizerConfig tokenizer;
  int max_length = 128;               // tokens kept of each text; also rows of a learned position table
  std::string truncation = "head";    // head | tail | head_tail: which tokens of a longer text are kept
  double validation = 0.1;            // share of the training part: stratified by class; of text, its end
  std::string validation_file;        // a file in place of the share
  double test_share = 0;              // of the training part, behind the validation share; 0: see `test`
  std::string documents = "stream";   // stream | line | paragraph | file
  bool cross_documents = true;        // language models: attention reaches across the bounds of documents
  std::uint64_t split_seed = 0;       // draws the validation part (the same for all trials)
  int train_rows = 0, test_rows = 0;  // use at most so many rows of the part (drawn by split_seed); 0: all
  SyntheticConfig synthetic;
  bool language = false;  // read as running text: task is language_model (follow_up)
  std::string folder;  // where relative paths start: the grid file's folder, absolute. Not part of identity.
  bool operator==(const DataConfig&) const = default;
};

/// A path as written in the configuration, made absolute from data.folder; "" stays "".
std::string resolve(const DataConfig& data, const std::string& path);
/// The training files, one or several, absolute.
std::vector<std::string> train_files(const DataConfig& data);

struct OptimizerConfig {
  std::string kind = "adamw";
  double learning_rate = 3e-4, weight_decay = 0.01, beta1 = 0.9, beta2 = 0.999, eps = 1e-8;
  bool operator==(const OptimizerConfig&) const = default;
};

struct ScheduleConfig {
  std::string kind = "cosine";  // cosine | linear | constant, after the warm-up
  double warmup = 0.1;          // share of all steps with a linear rise from 0
  double final = 0.03;          // last learning rate / largest one (cosine, linear)
  bool operator==(const ScheduleConfig&) const = default;
};

struct EarlyStoppingConfig {
  // validation_accuracy | validation_loss | validation_bits_per_byte; of a language model validation_loss
  // where nothing is given (follow_up).
  std::string metric = "validation_accuracy";
  int patience = 0;  // evaluations without a better value; 0: never stop early
  bool operator==(const EarlyStoppingConfig&) const = default;
};

struct TrainingConfig {
  int epochs = 8;
  int steps = 0;               // > 0: so many, in place of epochs
  int evaluate_every = 0;      // steps; 0: once an epoch
  int batch_size = 64;         // texts; of language models, windows of data.max_length tokens
  std::string order = "walk";  // language models: walk | random
  OptimizerConfig optimizer;
  ScheduleConfig schedule;
  double gradient_clip = 1.0;  // largest global L2 norm; 0: no clipping
  EarlyStoppingConfig early_stopping;
  bool operator==(const TrainingConfig&) const = default;
};

struct PluginFile {
  std::string path;    // absolute
  std::string sha256;  // 64 hexadecimal digits, of the file
  bool operator==(const PluginFile&) const = default;
};

/// What a trial depends on beside its text, by SHA-256 ("" where it is not known or there is none). The name
/// of a trial follows from its text and the matrix; data are checked on use (data/content.hpp).
struct Content {
  std::string matrix;   // the file model.transform.file
  std::string sources;  // the data's files: names, sizes, bytes
  std::string tokens;   // what was read from them: the three parts, classes, vocabulary
  std::string build;    // of the program that began it
  bool operator==(const Content&) const = default;
};

/// One training run. model.max_length equals data.max_length.
struct TrialConfig {
  DataConfig data;
  ModelConfig model;
  TrainingConfig training;
  std::uint64_t seed = 0;
  Content content;
  /// To load before the model is built; part of identity where the model uses one.
  std::vector<PluginFile> plugins;
  bool operator==(const TrialConfig&) const = default;
};

// What follows is no part of a trial's identity.

struct RuntimeConfig {
  int jobs = 0;                     // trials at a time; 0: allowed cores / threads
  int threads = 1;                  // of each trial
  double checkpoint_seconds = 60;   // besides one at each epoch's end
  std::string precision = "float";  // float | bf16
  bool operator==(const RuntimeConfig&) const = default;
};

struct PolicyConfig {
  int retries = 0;                    // of a trial that failed (not of one that diverged)
  int max_consecutive_failures = 10;  // then the study stops; 0: never
  std::string on_nan = "stop";  // stop: the trial ends as diverged | skip: that step's update is left out
  bool operator==(const PolicyConfig&) const = default;
};

/// sweep.early_stop.asha: at epochs min, min*eta, ... a trial goes on only among the best
/// 1/eta. Off when metric is "".
struct AshaConfig {
  std::string metric;  // "" | validation_accuracy | validation_loss | validation_bits_per_byte
  int min = 1, eta = 3;
  bool operator==(const AshaConfig&) const = default;
};

}  // namespace tubal
