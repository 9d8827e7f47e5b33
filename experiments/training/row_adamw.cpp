#include "experiments/training/row_adamw.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace tubal {

// As many numbers as stay in the first cache with their moments.
constexpr std::size_t at_once = 1024;

static void forget_small(float* m, float* v, std::size_t n, std::int64_t t) {
  if (t % 64 != 0) return;
  for (std::size_t i = 0; i < n; ++i) {
    if (std::abs(m[i]) < 1e-30f) m[i] = 0;
    if (v[i] < 1e-36f) v[i] = 0;
  }
}

RowAdamW::RowAdamW(std::size_t rows, std::size_t columns, float* value, float* first, float* second)
    : C_(columns), value_(value), first_(first), second_(second), done_(rows) {}

bool RowAdamW::is_zero(std::size_t row) const {
  const auto zero = [&](const float* x) {
    return std::all_of(x + row * C_, x + (row + 1) * C_, [](float y) { return y == 0; });
  };
  return zero(value_) && zero(first_) && zero(second_);
}

void RowAdamW::catch_up(std::span<const std::uint32_t> rows) {
  late_.clear();
  for (const std::uint32_t r : rows)
    if (done_[r] < steps_.size()) {
      if (is_zero(r))  // it stays so
        done_[r] = static_cast<std::uint32_t>(steps_.size());
      else
        late_.push_back(r);
    }
  std::stable_sort(late_.begin(), late_.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return done_[a] < done_[b]; });
  const std::size_t block = std::max<std::size_t>(1, at_once / C_);
  for (std::size_t at = 0; at < late_.size(); at += block)
    replay(std::span<const std::uint32_t>(late_).subspan(at, std::min(block, late_.size() - at)));
}

void RowAdamW::catch_up() {
  if (steps_.empty()) return;
  std::vector<std::uint32_t> all(done_.size());
  std::iota(all.begin(), all.end(), 0u);
  catch_up(all);
  steps_.clear();
  std::fill(done_.begin(), done_.end(), 0u);
}

// Rows in the order of the steps that they have taken, so that those which take the next one stand in front.
void RowAdamW::replay(std::span<const std::uint32_t> rows) {
  w_.clear();
  m_.clear();
  v_.clear();
  for (const std::size_t r : rows) {
    w_.insert(w_.end(), value_ + r * C_, value_ + (r + 1) * C_);
    m_.insert(m_.end(), first_ + r * C_, first_ + (r + 1) * C_);
    v_.insert(v_.end(), second_ + r * C_, second_ + (r + 1) * C_);
  }
  std::size_t joined = 0;
  for (std::size_t s = done_[rows[0]]; s < steps_.size(); ++s) {
    while (joined < rows.size() && done_[rows[joined]] <= s) ++joined;
    kernels<float>().adamw_no_gradient(w_.data(), m_.data(), v_.data(), joined * C_, steps_[s].numbers);
    forget_small(m_.data(), v_.data(), joined * C_, steps_[s].t);
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t r = rows[i];
    std::copy_n(w_.data() + i * C_, C_, value_ + r * C_);
    std::copy_n(m_.data() + i * C_, C_, first_ + r * C_);
    std::copy_n(v_.data() + i * C_, C_, second_ + r * C_);
    done_[r] = static_cast<std::uint32_t>(steps_.size());
  }
}

void RowAdamW::step(std::span<const std::uint32_t> rows, const float* gradient, const AdamWStep<float>& step,
                    std::int64_t t) {
  steps_.push_back({step, t});
  for (const std::size_t r : rows) {
    const std::size_t at = r * C_;
    kernels<float>().adamw(value_ + at, first_ + at, second_ + at, gradient + at, C_, step);
    forget_small(first_ + at, second_ + at, C_, t);
    done_[r] = static_cast<std::uint32_t>(steps_.size());
  }
}

}  // namespace tubal
