// Running out of memory, told with what was asked for.
#pragma once
#include <cstddef>
#include <new>

namespace tubal {

/// Thrown by operator new (replaced in memory.cpp), map_zeros() and reserve_blas(). what() is a sentence with
/// the size asked for and, where there is one, the limit on address space.
class OutOfMemory : public std::bad_alloc {
 public:
  explicit OutOfMemory(std::size_t bytes, const char* purpose = "") noexcept;
  const char* what() const noexcept override { return text_; }

 private:
  char text_[320];  // no allocation where there is no memory
};

/// The limit on this process's address space (`ulimit -v`) in bytes; 0 where there is none.
std::size_t address_space_limit() noexcept;

/// Before libraries that do not survive a failed allocation: throws OutOfMemory where a limit on address
/// space leaves less than so many bytes. Costs nothing where there is no limit.
void require_room(std::size_t bytes, const char* purpose);

}  // namespace tubal
