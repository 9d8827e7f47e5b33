// What trial.h5 holds (core/layout_entries.hpp says where), as plain data.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "experiments/records/status.hpp"

namespace tubal {

struct TrainPoint {
  std::int64_t step = 0;
  double loss = unknown, learning_rate = unknown, gradient_norm = unknown, tokens_per_second = unknown;
};

struct EvaluationPoint {
  int epoch = 0;
  std::int64_t step = 0;
  double train_loss = unknown, train_accuracy = unknown, validation_loss = unknown,
         validation_accuracy = unknown;
  double test_loss = unknown, test_accuracy = unknown, seconds = unknown;
  double validation_bits_per_byte = unknown, test_bits_per_byte = unknown;  // of a language model
};

/// One epoch's L [p, p], row-major.
struct TransformPoint {
  int epoch = 0;
  std::vector<double> real, imaginary;  // imaginary empty for a real L
  double orthogonality_error = unknown, drift_from_init = unknown, largest_angle = unknown;
};

/// One epoch's figures by name (energy, effective_rank, gain, ...: the data sets of
/// /spectrum), each [layers, slices].
struct SpectrumPoint {
  int epoch = 0;
  std::map<std::string, std::vector<double>> values;
};

struct SliceInfo {
  int bin = 0;
  bool complex = false;
  double frequency = 0;
};

/// What every report of a language model prints beside it: mean loss (nats a token) and bits per byte of the
/// models of orders 1 .. n, NaN where a part is empty.
struct Baselines {
  std::vector<std::string> names;  // unigram, 2-gram, ...
  std::vector<double> validation_loss, test_loss, validation_bits_per_byte, test_bits_per_byte;
};

struct TrialRecord {
  std::string id, study;
  bool language = false;  // a language model: no accuracies, no classes, no test examples
  TrialStatus status;
  std::vector<TrainPoint> train;
  std::vector<EvaluationPoint> evaluations;
  int p = 0;  // 0: no transform
  std::vector<TransformPoint> transform;
  int layers = 0;
  std::vector<SliceInfo> slices;
  std::vector<SpectrumPoint> spectrum;
  Baselines baselines;  // of a language model
  std::vector<std::string> classes;
  std::vector<std::int64_t> label, prediction;  // test part, [examples]; empty before it was measured
  std::vector<double> probability;
  std::map<std::string, std::string> provenance;  // layout::provenance_attributes
};

/// Writes trial.h5 whole and renames it into place. Returns its SHA-256.
std::string write_record(const std::filesystem::path& file, const TrialRecord& record);

}  // namespace tubal
