// The order in which an epoch visits a part. It depends on (seed, epoch) alone, and step i can be asked for
// without the steps before it, so a run goes on exactly where it stopped.
#pragma once
#include <cstdint>
#include <vector>

#include "core/random.hpp"
#include "experiments/dataset.hpp"
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

/// Texts that are evaluated at a time: always so many, so that a part gives the same bits whoever asks.
inline constexpr std::size_t evaluation_texts = 128;

/// The rows packed into one batch.
Batch make_batch(const Part& part, const std::vector<std::size_t>& rows);
/// Rows first .. first+count-1 in the part's own order, for evaluation.
Batch make_batch(const Part& part, std::size_t first, std::size_t count);

}  // namespace tubal
