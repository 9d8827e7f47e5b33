// Large arrays whose memory is not written before it is used: writing to fresh pages costs more than
// arithmetic on them.
#pragma once
#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <utility>

namespace tubal {

/// Memory at 64-byte boundaries, not initialised, that only grows.
template <class T>
class Buffer {
 public:
  void reserve(std::size_t n) {
    if (n > size_) {
      data_.reset(static_cast<T*>(::operator new (n * sizeof(T), std::align_val_t{64})));
      size_ = n;
    }
  }
  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }
  std::size_t size() const { return size_; }

 private:
  struct Free {
    void operator()(T* p) const { ::operator delete (p, std::align_val_t{64}); }
  };
  std::unique_ptr<T, Free> data_;
  std::size_t size_ = 0;
};

/// `bytes` of zeros straight from the system, in huge pages where it has them; throws std::bad_alloc.
void* map_zeros(std::size_t bytes);
void unmap(void* memory, std::size_t bytes) noexcept;

/// n numbers that are 0 until written; pages nobody writes to take no memory.
template <class T>
class Zeros {
 public:
  Zeros() = default;
  explicit Zeros(std::size_t n) : data_(n ? static_cast<T*>(map_zeros(n * sizeof(T))) : nullptr), size_(n) {}
  Zeros(Zeros&& o) noexcept : data_(std::exchange(o.data_, nullptr)), size_(std::exchange(o.size_, 0)) {}
  Zeros& operator=(Zeros&& o) noexcept {
    std::swap(data_, o.data_);
    std::swap(size_, o.size_);
    return *this;
  }
  ~Zeros() {
    if (data_) unmap(data_, size_ * sizeof(T));
  }
  T* data() { return data_; }
  const T* data() const { return data_; }
  std::size_t size() const { return size_; }
  operator std::span<T>() { return {data_, size_}; }

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace tubal
