#include "core/hdf5_heaps.hpp"

#include <cstdint>
#include <cstring>

namespace tubal::hdf5 {

static std::uint64_t number(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t n = 0;
  std::memcpy(&n, bytes.data() + at, size);  // little-endian, as this program's machines are
  return n;
}

// A collection: "GCOL", version 1, three zeros, its size [8]; then objects: index [2], references [2], zeros
// [4], size [8] and data padded to 8 bytes. Index 0 is the free space up to the end, its size with the head.
static bool can_be_walked(std::string_view bytes, std::size_t start, std::size_t size) {
  constexpr std::size_t head = 16;
  const std::size_t end = start + size;
  for (std::size_t at = start + head; at + head <= end;) {
    const std::uint64_t index = number(bytes, at, 2), length = number(bytes, at + 8, 8);
    if (index == 0) return length >= head && length <= end - at;
    if (length > end - at - head) return false;
    at += head + (static_cast<std::size_t>(length) + 7) / 8 * 8;
  }
  return true;
}

std::string heap_fault(std::string_view bytes) {
  constexpr std::string_view mark("GCOL\1\0\0\0", 8);
  for (std::size_t at = bytes.find(mark); at != bytes.npos; at = bytes.find(mark, at + 8)) {
    const std::uint64_t size = at + 16 <= bytes.size() ? number(bytes, at + 8, 8) : 0;
    if (size < 16 || size > bytes.size() - at)
      return "the heap at byte " + std::to_string(at) + " is cut off";
    if (!can_be_walked(bytes, at, static_cast<std::size_t>(size)))
      return "the heap at byte " + std::to_string(at) + " is damaged";
  }
  return "";
}

}  // namespace tubal::hdf5
