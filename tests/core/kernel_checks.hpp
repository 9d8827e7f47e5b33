// One check of a kernel: it fills arrays from a range, calls the kernel, and compares every number that came
// back with a long-double reference. Errors count in eps of the type times a magnitude that the reference
// gives (the sum of the absolute values of what is added up), so that one bound serves all lengths.
#pragma once
#include <cmath>
#include <cstring>
#include <deque>
#include <functional>
#include <limits>
#include <string>
#include <tuple>
#include <vector>

#include "core/kernels.hpp"
#include "core/random.hpp"

namespace tubal::kernel_checks {

using Real = long double;

/// The largest error so far. A NaN, or a number where the magnitude is 0 and the values differ, stays.
class LargestError {
 public:
  void add(Real found, Real expected, Real unit) {
    const Real e = found == expected ? 0 : std::abs(found - expected) / unit;
    if (!std::isnan(largest_) && !(e <= largest_)) largest_ = e;
  }
  void fail() { largest_ = std::numeric_limits<Real>::quiet_NaN(); }
  double value() const { return static_cast<double>(largest_); }

 private:
  Real largest_ = 0;
};

/// What one call of a check works with: n elements, arrays `offset` elements off an aligned start, numbers
/// from low .. high, and who takes the errors.
template <class T>
class Sample {
 public:
  Sample(std::size_t n, std::size_t offset, double low, double high, LargestError& error)
      : n(n),
        random_(11, Purpose::test, 64 * n + offset),
        offset_(offset),
        low_(low),
        high_(high),
        error_(error) {}
  ~Sample() {
    for (const Array& a : arrays_)
      for (std::size_t i = 0; i < a.memory.size(); ++i)
        if ((i < a.begin || i >= a.end) && a.memory[i] != outside) error_.fail();
  }
  Sample(const Sample&) = delete;

  const std::size_t n;

  /// Random numbers of the range; both its ends and 0 (where it is inside) are among them.
  T* values(std::size_t count) { return values(count, low_, high_); }
  T* values(std::size_t count, double low, double high) {
    T* x = empty(count);
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t kind = random_.below(16, drawn_++);
      const double u = random_.uniform(drawn_++);
      x[i] = static_cast<T>(kind == 0              ? low
                            : kind == 1            ? high
                            : kind == 2 && low < 0 ? 0
                                                   : low + (high - low) * u);
    }
    return x;
  }
  T* empty(std::size_t count) {
    Array& a = arrays_.emplace_back();
    a.begin = offset_ + 16;
    a.end = a.begin + count;
    a.memory.assign(a.end + 16, outside);
    std::fill_n(a.memory.begin() + static_cast<std::ptrdiff_t>(a.begin), count, T(0));
    return a.memory.data() + a.begin;
  }
  T* copy(const T* x, std::size_t count) {
    T* y = empty(count);
    std::copy(x, x + count, y);
    return y;
  }
  std::size_t below(std::size_t bound) { return random_.below(bound, drawn_++); }

  /// |found - expected| in eps(T) magnitude.
  void compare(Real found, Real expected, Real magnitude) {
    error_.add(found, expected, std::numeric_limits<T>::epsilon() * magnitude);
  }
  void fail() { error_.fail(); }

 private:
  static constexpr T outside = T(12345);
  struct Array {
    std::size_t begin, end;
    std::vector<T> memory;
  };
  RandomStream random_;
  std::uint64_t drawn_ = 0;
  std::size_t offset_;
  double low_, high_;
  LargestError& error_;
  std::deque<Array> arrays_;
};

/// A kernel's check, and its outputs made wrong one at a time (after the true kernel ran).
template <class T>
struct Check {
  std::string kernel;
  void (*run)(const Kernels<T>& kernels, Sample<T>& sample);
  std::vector<std::function<void(Kernels<T>&, bool nan)>> spoil;
};

/// Sets *member to a function that calls the kernel and then spoils the first number of argument `output`.
template <class T, auto member, std::size_t output>
struct Spoiled {
  static inline std::remove_reference_t<decltype(std::declval<Kernels<T>&>().*member)> original;
  static inline bool nan;

  template <class U>
  static void spoil_first(U* x) {
    if constexpr (std::is_floating_point_v<U>)
      *x = nan ? std::numeric_limits<U>::quiet_NaN() : *x * U(1.01) + U(0.01);
    else
      *x ^= 1;
  }
  template <class U>
  static void spoil_first(MatrixView<U> x) {
    spoil_first(x.data);
  }
  template <class... Args>
  static void call(Args... args) {
    original(args...);
    spoil_first(std::get<output>(std::tuple<Args...>(args...)));
  }
  static void set(Kernels<T>& kernels, bool with_nan) {
    original = kernels.*member;
    nan = with_nan;
    kernels.*member = call;
  }
};

template <class T>
std::vector<Check<T>> elementwise_checks();
template <class T>
std::vector<Check<T>> row_checks();

}  // namespace tubal::kernel_checks
