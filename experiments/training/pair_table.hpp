// Pairs of numbers from 0 on, numbered in the order of first sight. Open addressing: 4 bytes a slot beside 8
// a pair. By hand, as word_table.hpp is.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tubal {

class PairTable {
 public:
  std::int32_t intern(std::int32_t first, std::int32_t second) {
    if (pairs_.size() * 3 >= slots_.size() * 2) grow();
    std::int32_t& slot = slots_[find(pair_of(first, second))];
    if (slot < 0) {
      slot = static_cast<std::int32_t>(pairs_.size());
      pairs_.push_back(pair_of(first, second));
    }
    return slot;
  }
  /// -1 where the pair is none of the table's.
  std::int32_t number(std::int32_t first, std::int32_t second) const {
    return slots_.empty() ? -1 : slots_[find(pair_of(first, second))];
  }
  std::size_t size() const { return pairs_.size(); }
  std::int32_t first(std::size_t i) const { return static_cast<std::int32_t>(pairs_[i] >> 32); }
  std::size_t bytes() const { return pairs_.capacity() * 8 + slots_.capacity() * 4; }

 private:
  static std::uint64_t pair_of(std::int32_t first, std::int32_t second) {
    return static_cast<std::uint64_t>(first) << 32 | static_cast<std::uint32_t>(second);
  }
  // The pair's slot, or the free one where it belongs.
  std::size_t find(std::uint64_t pair) const {
    const std::size_t mask = slots_.size() - 1;
    std::uint64_t h = pair * 0x9E3779B97F4A7C15ull;
    h = (h ^ h >> 32) * 0xD6E8FEB86659FD93ull;
    std::size_t at = (h ^ h >> 32) & mask;
    while (slots_[at] >= 0 && pairs_[static_cast<std::size_t>(slots_[at])] != pair) at = (at + 1) & mask;
    return at;
  }
  void grow() {
    slots_.assign(std::max<std::size_t>(1024, slots_.size() * 2), -1);
    for (std::size_t i = 0; i < pairs_.size(); ++i) slots_[find(pairs_[i])] = static_cast<std::int32_t>(i);
  }

  std::vector<std::uint64_t> pairs_;
  std::vector<std::int32_t> slots_;  // a pair's number, or -1
};

}  // namespace tubal
