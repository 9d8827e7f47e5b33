// What a trained classifier loses without some of its spectral slices.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "core/intervals.hpp"
#include "core/layout.hpp"
#include "experiments/records/record.hpp"
#include "layers/choices.hpp"

namespace tubal {

/// Slices that are zeroed together, numbers in storage order (the slice axis of /spectrum).
struct SliceGroup {
  std::string name;
  std::vector<std::size_t> slices;
};
/// none; each slice; the n lowest and the n highest frequencies, n = 2 .. S-1 (slices of one frequency in
/// storage order).
std::vector<SliceGroup> slice_groups(const std::vector<SliceInfo>& slices);

struct AblationRow {
  SliceGroup group;
  double accuracy = unknown, loss = unknown, difference = unknown;
  statistics::Interval interval, difference_interval;
};

struct Ablation {
  std::string trial, study, model_sha256;
  ScalingPlace at = ScalingPlace::output;
  double level = 0, test_accuracy = unknown;  // as the trial itself measured it
  long examples = 0;
  long differing = 0;  // test predictions by the whole model that are not the trial's own: another build
  std::vector<SliceInfo> slices;
  std::vector<AblationRow> rows;  // the first is `none`
};

struct AblationOptions {
  /// output: zeroed on the spectral encoder output; residual: on each sub-layer's output, so that the slice
  /// keeps its input alone; input: on the spectral encoder input.
  ScalingPlace at = ScalingPlace::output;
  double level = 0.95;
  int threads = 1;
  std::filesystem::path cache;  // of tokenized data; empty: the default of data/dataset.hpp
  std::function<void(const SliceGroup&, std::size_t index, std::size_t count)> progress;
};

/// Why a trial cannot be ablated ("" if it can): no slices, one slice, not finished.
/// Reads its two small files.
std::string ablation_refusal(const layout::TrialFolder& trial);
/// Evaluates the trial's model on the test part, once a group. Throws UsageError where the trial is refused
/// or its data are no longer those that it was trained on, Error where its files are damaged.
Ablation ablate(const layout::TrialFolder& trial, const AblationOptions& options);
/// Writes ablation.h5 (core/layout_entries.hpp) whole and renames it into place. Returns its SHA-256.
std::string write_ablation(const layout::TrialFolder& trial, const Ablation& ablation);

}  // namespace tubal
