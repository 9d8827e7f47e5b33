#include "experiments/data/windows.hpp"

#include <algorithm>

namespace tubal {

Windows::Windows(const Part& part, int context, bool across)
    : part_(part), context_(static_cast<std::size_t>(context)), across_(across) {}

// Calls visit(end) for each sequence of [begin, end): a document begins with the token before it.
template <class Visit>
void Windows::each_sequence(std::size_t begin, std::size_t end, Visit visit) const {
  if (!across_) {
    const auto& bounds = part_.offsets;
    auto next = std::upper_bound(bounds.begin(), bounds.end(), static_cast<std::int64_t>(begin));
    for (; next != bounds.end() && *next < static_cast<std::int64_t>(end); ++next)
      visit(static_cast<std::size_t>(*next));
  }
  visit(end);
}

void Windows::append(Batch& batch, std::size_t begin, std::size_t end) const {
  const auto tokens = part_.tokens.begin();
  const std::size_t first = batch.tokens.size();
  batch.tokens.insert(batch.tokens.end(), tokens + static_cast<std::ptrdiff_t>(begin),
                      tokens + static_cast<std::ptrdiff_t>(end));
  batch.targets.insert(batch.targets.end(), tokens + static_cast<std::ptrdiff_t>(begin + 1),
                       tokens + static_cast<std::ptrdiff_t>(end + 1));
  each_sequence(begin, end, [&](std::size_t bound) {
    batch.offsets.push_back(static_cast<std::int32_t>(first + bound - begin));
  });
}

Batch Windows::numbered(std::span<const std::size_t> windows) const {
  Batch batch{{}, {0}, {}};
  for (const std::size_t w : windows) append(batch, w * context_, std::min((w + 1) * context_, positions()));
  return batch;
}

Batch Windows::from(std::span<const std::size_t> starts) const {
  Batch batch{{}, {0}, {}};
  for (const std::size_t at : starts) append(batch, at, at + context_);
  return batch;
}

double Windows::squares() const {
  double sum = 0;
  for (std::size_t begin = 0; begin < positions(); begin += context_) {
    std::size_t from = begin;
    each_sequence(begin, std::min(begin + context_, positions()), [&](std::size_t bound) {
      const auto n = static_cast<double>(bound - from);
      sum += n * n;
      from = bound;
    });
  }
  return sum;
}

}  // namespace tubal
