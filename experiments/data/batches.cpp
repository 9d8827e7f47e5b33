#include "experiments/data/batches.hpp"

#include <algorithm>
#include <numeric>

namespace tubal {

namespace {

// Fisher and Yates, from counter-based numbers starting at `index`.
void shuffle(std::vector<std::size_t>& x, const RandomStream& random, std::uint64_t index) {
  for (std::size_t i = x.size(); i > 1; --i) std::swap(x[i - 1], x[random.below(i, index + i)]);
}

}  // namespace

EpochOrder::EpochOrder(const Part& part, int batch_size, std::uint64_t seed, std::int64_t epoch)
    : order_(part.size()) {
  const RandomStream random(seed, Purpose::shuffle, static_cast<std::uint64_t>(epoch));
  const std::size_t size = static_cast<std::size_t>(batch_size), stretch = size * 50;
  std::iota(order_.begin(), order_.end(), 0);
  shuffle(order_, random, 0);
  for (std::size_t at = 0; at < order_.size(); at += stretch)
    std::stable_sort(order_.begin() + static_cast<std::ptrdiff_t>(at),
                     order_.begin() + static_cast<std::ptrdiff_t>(std::min(order_.size(), at + stretch)),
                     [&](std::size_t a, std::size_t b) { return part.length(a) < part.length(b); });
  for (std::size_t at = 0; at < order_.size(); at += size) begin_.push_back(at);
  place_.resize(begin_.size());
  std::iota(place_.begin(), place_.end(), 0);
  shuffle(place_, random, std::uint64_t{1} << 40);
  begin_.push_back(order_.size());
}

std::vector<std::size_t> EpochOrder::rows(std::size_t i) const {
  const std::size_t b = place_[i];
  return {order_.begin() + static_cast<std::ptrdiff_t>(begin_[b]),
          order_.begin() + static_cast<std::ptrdiff_t>(begin_[b + 1])};
}

TrainingBatches::TrainingBatches(const TrialConfig& config, const Dataset& data)
    : config_(config), part_(data.train) {
  std::size_t rows = part_.size();
  tokens_ = static_cast<double>(part_.tokens.size());
  if (data.language) {
    windows_.emplace(part_, config.data.max_length, config.data.cross_documents);
    rows = windows_->count();
    tokens_ = static_cast<double>(windows_->positions());
    squares_ = windows_->squares();
  } else {
    for (std::size_t i = 0; i < rows; ++i)
      squares_ += static_cast<double>(part_.length(i)) * static_cast<double>(part_.length(i));
  }
  const auto size = static_cast<std::size_t>(config.training.batch_size);
  steps_per_epoch_ = static_cast<std::int64_t>((rows + size - 1) / size);
}

Batch TrainingBatches::operator()(std::int64_t step) {
  const auto size = static_cast<std::size_t>(config_.training.batch_size);
  if (windows_ && config_.training.order == "random") {
    const RandomStream random(config_.seed, Purpose::sample, static_cast<std::uint64_t>(step));
    std::vector<std::size_t> starts(size);
    for (std::size_t i = 0; i < size; ++i) starts[i] = random.below(windows_->starts(), i);
    return windows_->from(starts);
  }
  const std::int64_t epoch = step / steps_per_epoch_ + 1;
  const auto i = static_cast<std::size_t>(step % steps_per_epoch_);
  if (!windows_) {
    if (epoch != epoch_) order_.emplace(part_, config_.training.batch_size, config_.seed, epoch);
    epoch_ = epoch;
    return make_batch(part_, order_->rows(i));
  }
  if (epoch != epoch_) {
    shuffled_.resize(windows_->count());
    std::iota(shuffled_.begin(), shuffled_.end(), 0);
    shuffle(shuffled_, RandomStream(config_.seed, Purpose::shuffle, static_cast<std::uint64_t>(epoch)), 0);
    epoch_ = epoch;
  }
  return windows_->numbered(
      std::span(shuffled_).subspan(i * size, std::min(size, shuffled_.size() - i * size)));
}

TrainingLength::TrainingLength(const TrainingConfig& t, std::int64_t steps_per_epoch)
    : steps(t.steps > 0 ? t.steps : steps_per_epoch * t.epochs),
      period(std::min(steps, t.evaluate_every > 0 ? std::int64_t{t.evaluate_every} : steps_per_epoch)) {}

std::size_t evaluation_windows(int context) {
  return std::max<std::size_t>(1, 8192 / static_cast<std::size_t>(context));
}

std::vector<std::size_t> shuffled_rows(std::size_t n, std::uint64_t seed, Purpose purpose) {
  std::vector<std::size_t> rows(n);
  std::iota(rows.begin(), rows.end(), 0);
  shuffle(rows, RandomStream(seed, purpose), 0);
  return rows;
}

Batch make_batch(const Part& part, const std::vector<std::size_t>& rows) {
  Batch batch{{}, {0}, {}};
  for (const std::size_t r : rows) {
    batch.tokens.insert(batch.tokens.end(), part.tokens.begin() + part.offsets[r],
                        part.tokens.begin() + part.offsets[r + 1]);
    batch.offsets.push_back(static_cast<std::int32_t>(batch.tokens.size()));
    batch.labels.push_back(part.labels[r]);
  }
  return batch;
}

Batch make_batch(const Part& part, std::size_t first, std::size_t count) {
  std::vector<std::size_t> rows(std::min(count, part.size() - first));
  std::iota(rows.begin(), rows.end(), first);
  return make_batch(part, rows);
}

}  // namespace tubal
