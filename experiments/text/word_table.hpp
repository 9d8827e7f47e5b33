// Words and their numbers, in the order of first sight. Open addressing with the word itself in the slot
// where it has at most 8 bytes (most do), so that a look-up touches one cache line. By hand: tokenizing looks
// up every word of a corpus, and none of the libraries that the project stands on has a hash table.
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace tubal {

class WordTable {
 public:
  std::int32_t intern(std::string_view w) {
    if (words_.size() * 2 >= slots_.size()) grow();
    Slot& slot = slots_[find(w, key_of(w))];
    if (slot.word >= 0) return slot.word;
    kept_.emplace_back(w);
    words_.push_back(kept_.back());
    slot = {key_of(w), static_cast<std::int32_t>(words_.size() - 1), static_cast<std::uint32_t>(w.size())};
    return slot.word;
  }
  /// -1 where the word is none of the table's.
  std::int32_t number(std::string_view w) const {
    return slots_.empty() ? -1 : slots_[find(w, key_of(w))].word;
  }
  const std::vector<std::string_view>& words() const { return words_; }

 private:
  struct Slot {
    std::uint64_t key = 0;
    std::int32_t word = -1;
    std::uint32_t size = 0;
  };

  // The first n <= 8 bytes, zeros behind; reads nothing else.
  static std::uint64_t piece(const char* p, std::size_t n) {
    const auto at = [&](std::size_t i) { return std::uint64_t{static_cast<unsigned char>(p[i])} << 8 * i; };
    std::uint64_t x = 0;
    std::uint32_t low, high;
    if (n == 8) return std::memcpy(&x, p, 8), x;
    if (n < 4) return n ? at(0) | at(n / 2) | at(n - 1) : 0;
    std::memcpy(&low, p, 4);
    std::memcpy(&high, p + n - 4, 4);
    return low | std::uint64_t{high} << 8 * (n - 4);
  }
  static std::uint64_t mix(std::uint64_t x) {
    x *= 0x9E3779B97F4A7C15ull;
    return x ^ x >> 32;
  }
  // The word itself up to 8 bytes, a hash of longer ones.
  static std::uint64_t key_of(std::string_view w) {
    if (w.size() <= 8) return piece(w.data(), w.size());
    std::uint64_t h = w.size();
    for (std::size_t i = 0; i < w.size(); i += 8)
      h = mix(h ^ piece(w.data() + i, std::min<std::size_t>(8, w.size() - i)));
    return h;
  }
  std::size_t find(std::string_view w, std::uint64_t key) const {
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = mix(key) & mask;; at = (at + 1) & mask) {
      const Slot& s = slots_[at];
      if (s.word < 0 || (s.key == key && s.size == w.size() && (w.size() <= 8 || words_[s.word] == w)))
        return at;
    }
  }
  void grow() {
    std::vector<Slot> old(std::max<std::size_t>(1 << 16, slots_.size() * 2));
    old.swap(slots_);
    const std::size_t mask = slots_.size() - 1;
    for (const Slot& s : old) {
      if (s.word < 0) continue;
      std::size_t at = mix(s.key) & mask;
      while (slots_[at].word >= 0) at = (at + 1) & mask;
      slots_[at] = s;
    }
  }

  std::vector<Slot> slots_;
  std::deque<std::string> kept_;
  std::vector<std::string_view> words_;
};

}  // namespace tubal
