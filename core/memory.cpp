#include "core/memory.hpp"

#include <sys/mman.h>
#include <sys/resource.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace tubal {

std::size_t address_space_limit() noexcept {
  rlimit limit{};
  return ::getrlimit(RLIMIT_AS, &limit) || limit.rlim_cur == RLIM_INFINITY ? 0 : limit.rlim_cur;
}

void require_room(std::size_t bytes, const char* purpose) {
  if (!address_space_limit()) return;
  void* room = ::mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (room == MAP_FAILED) throw OutOfMemory(bytes, purpose);
  ::munmap(room, bytes);
}

OutOfMemory::OutOfMemory(std::size_t bytes, const char* purpose) noexcept {
  const double mebibytes = static_cast<double>(bytes) / (1 << 20);
  int n = std::snprintf(text_, sizeof text_, "out of memory: %.*f MiB more were asked for%s.",
                        mebibytes < 10 ? 3 : 0, mebibytes, purpose);
  const std::size_t limit = address_space_limit(), at = static_cast<std::size_t>(n);
  if (limit)
    std::snprintf(text_ + at, sizeof text_ - at,
                  " This shell allows a process %zu KiB of address space; `ulimit -v` shows and raises it.",
                  limit >> 10);
  else
    std::snprintf(
        text_ + at, sizeof text_ - at,
        " A smaller training.batch_size, data.max_length or model takes less; so do fewer trials at "
        "a time (runtime.jobs).");
}

}  // namespace tubal

// Every allocation of the program and of plug-ins, so that the size is known when there is no memory. A
// sanitizer brings its own operators, all forms of them. GCC defines a macro for it; clang has __has_feature,
// which other headers define too (as 0, for GCC).
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TUBAL_SANITIZED
#elif defined(__clang__)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define TUBAL_SANITIZED
#endif
#endif
#ifndef TUBAL_SANITIZED
void* operator new(std::size_t bytes) {
  if (void* memory = std::malloc(bytes ? bytes : 1)) return memory;
  throw tubal::OutOfMemory(bytes);
}
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  const std::size_t to = static_cast<std::size_t>(alignment);
  if (bytes <= SIZE_MAX - to)
    if (void* memory = std::aligned_alloc(to, (bytes + to - 1) / to * to + (bytes ? 0 : to))) return memory;
  throw tubal::OutOfMemory(bytes);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
#endif
