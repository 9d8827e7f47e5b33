// What each step of a training sees, and each evaluation. A batch depends on (seed, step) alone and can be
// asked for without those before it, so a run goes on exactly where it stopped.
#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/random.hpp"
#include "experiments/config/config.hpp"
#include "experiments/data/dataset.hpp"
#include "experiments/data/windows.hpp"
#include "layers/model.hpp"

namespace tubal {

/// Rows shuffled, then sorted by length within stretches of 50 batches (groups of like length cost less), and
/// the batches shuffled. Every row comes once; the last batch of the sorted order may be smaller.
class EpochOrder {
 public:
  EpochOrder(const Part& part, int batch_size, std::uint64_t seed, std::int64_t epoch);
  std::size_t batches() const { return begin_.size() - 1; }
  /// Rows of batch i.
  std::vector<std::size_t> rows(std::size_t i) const;

 private:
  std::vector<std::size_t> order_, begin_, place_;
};

/// 0 .. n-1 shuffled; depends on (n, seed, purpose) alone.
std::vector<std::size_t> shuffled_rows(std::size_t n, std::uint64_t seed, Purpose purpose);

/// The batches of a trial's training. Texts come in EpochOrder; the windows of a language model shuffled,
/// each once an epoch (order: walk), or from positions drawn anew at each step (random).
class TrainingBatches {
 public:
  TrainingBatches(const TrialConfig& config, const Dataset& data);
  /// Batches that have seen as many texts or tokens as there are.
  std::int64_t steps_per_epoch() const { return steps_per_epoch_; }
  /// Of the step with this number, from 0.
  Batch operator()(std::int64_t step);
  /// Tokens of an epoch, and the sum of their sequences' squared lengths.
  double tokens() const { return tokens_; }
  double squares() const { return squares_; }

 private:
  const TrialConfig& config_;
  const Part& part_;
  std::optional<Windows> windows_;  // of a language model
  std::optional<EpochOrder> order_;
  std::vector<std::size_t> shuffled_;
  std::int64_t steps_per_epoch_, epoch_ = -1;
  double tokens_ = 0, squares_ = 0;
};

/// How many steps a training has, and when it is evaluated.
struct TrainingLength {
  TrainingLength(const TrainingConfig& training, std::int64_t steps_per_epoch);
  std::int64_t steps, period;  // in all; between evaluations
  int evaluations() const { return static_cast<int>((steps + period - 1) / period); }
  /// Steps before evaluation number n, from 1, and after the one before it.
  std::int64_t steps_of(int n) const { return std::min(period, steps - (n - 1) * period); }
};

/// Texts, or windows of a language model, that are evaluated at a time: always so many, so that a part gives
/// the same bits whoever asks.
inline constexpr std::size_t evaluation_texts = 128;
std::size_t evaluation_windows(int context);

/// The rows packed into one batch.
Batch make_batch(const Part& part, const std::vector<std::size_t>& rows);
/// Rows first .. first+count-1 in the part's own order, for evaluation.
Batch make_batch(const Part& part, std::size_t first, std::size_t count);

}  // namespace tubal
