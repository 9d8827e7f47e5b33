// Working rows of a fast scheme: one buffer a thread and type, which only grows.
#pragma once
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <utility>

#include "core/memory.hpp"

namespace tubal {

struct FreeDeleter {
  void operator()(void* bytes) const { std::free(bytes); }
};

/// At least n numbers, aligned to 64 bytes, with what a former call left in them.
template <class T>
T* scratch(std::size_t n) {
  thread_local std::unique_ptr<T, FreeDeleter> buffer;
  thread_local std::size_t size = 0;
  if (n > size) {
    size = (n + 63) / 64 * 64;
    buffer.reset(static_cast<T*>(std::aligned_alloc(64, size * sizeof(T))));
    if (!buffer) throw OutOfMemory(std::exchange(size, 0) * sizeof(T));
  }
  return buffer.get();
}

/// What the kernels' schemes work in: p rows of 128 bytes.
template <class T>
T* scheme_scratch(std::size_t p) {
  return scratch<T>(p * 128 / sizeof(T));
}

}  // namespace tubal
