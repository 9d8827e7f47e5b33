#include "core/hdf5_heaps.hpp"

#include <cstdint>
#include <cstring>
#include <map>

namespace tubal::hdf5 {

static constexpr std::size_t heap_head = 16;  // bytes of a collection's and of an object's
static constexpr std::string_view heap_mark("GCOL\1\0\0\0", 8);

static std::uint64_t number(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t n = 0;
  std::memcpy(&n, bytes.data() + at, size);  // little-endian, as this program's machines are
  return n;
}

// A collection: "GCOL", version 1, three zeros, its size [8]; then objects: index [2], references [2], zeros
// [4], size [8] and data padded to 8 bytes. Index 0 is the free space up to the end, its size with the head.
// `found` is given each object's index and size.
template <class Found>
static bool walk(std::string_view bytes, std::size_t start, std::size_t size, Found found) {
  const std::size_t end = start + size;
  for (std::size_t at = start + heap_head; at + heap_head <= end;) {
    const std::uint64_t index = number(bytes, at, 2), length = number(bytes, at + 8, 8);
    if (index == 0) return length >= heap_head && length <= end - at;
    if (length > end - at - heap_head) return false;
    found(index, length);
    at += heap_head + (static_cast<std::size_t>(length) + 7) / 8 * 8;
  }
  return true;
}

std::string heap_fault(std::string_view bytes) {
  for (std::size_t at = bytes.find(heap_mark); at != bytes.npos; at = bytes.find(heap_mark, at + 8)) {
    const std::uint64_t size = at + heap_head <= bytes.size() ? number(bytes, at + 8, 8) : 0;
    if (size < heap_head || size > bytes.size() - at)
      return "the heap at byte " + std::to_string(at) + " is cut off";
    if (!walk(bytes, at, static_cast<std::size_t>(size), [](std::uint64_t, std::uint64_t) {}))
      return "the heap at byte " + std::to_string(at) + " is damaged";
  }
  return "";
}

std::string text_fault(std::string_view bytes, std::uint64_t offset, std::uint64_t count) {
  constexpr std::size_t reference = 16;
  if (offset > bytes.size() || count > (bytes.size() - offset) / reference)
    return "its texts are said to lie beyond the file's end";
  std::map<std::uint64_t, std::map<std::uint64_t, std::uint64_t>> heaps;  // address -> index -> size
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::size_t at = static_cast<std::size_t>(offset + i * reference);
    const std::uint64_t length = number(bytes, at, 4), heap = number(bytes, at + 4, 8),
                        index = number(bytes, at + 12, 4);
    if (heap == 0) continue;  // never written: an empty text
    const auto [objects, unknown] = heaps.try_emplace(heap);
    if (unknown && heap < bytes.size() &&
        bytes.substr(static_cast<std::size_t>(heap), heap_mark.size()) == heap_mark)
      walk(bytes, static_cast<std::size_t>(heap),
           static_cast<std::size_t>(number(bytes, static_cast<std::size_t>(heap) + 8, 8)),
           [&sizes = objects->second](std::uint64_t i, std::uint64_t size) { sizes.emplace(i, size); });
    const auto object = objects->second.find(index);
    if (object == objects->second.end() || object->second != length)
      return "text " + std::to_string(i) + " is not where it is said to be";
  }
  return "";
}

}  // namespace tubal::hdf5
