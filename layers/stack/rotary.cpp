#include "layers/stack/rotary.hpp"

#include <algorithm>
#include <cmath>

#include "core/kernels.hpp"

namespace tubal {

template <class T>
Rotation<T>::Rotation(const Slices& slices, std::span<const double> factors, std::size_t positions,
                      std::size_t head_width)
    : half_(head_width / 2), positions_(positions) {
  for (std::size_t j = 0; j < half_; ++j)
    rate_.push_back(std::pow(10000.0, -2.0 * static_cast<double>(j) / static_cast<double>(head_width)));
  std::vector<double> distinct;
  for (const SpectralSlice& k : slices.all) {
    const double a = factors[static_cast<std::size_t>(k.bin)];
    const auto found = std::find(distinct.begin(), distinct.end(), a);
    table_.push_back(static_cast<std::size_t>(found - distinct.begin()));
    if (found == distinct.end()) distinct.push_back(a);
  }
  for (const double a : distinct)
    for (std::size_t t = 0; t < positions; ++t)
      for (const double rate : rate_) {
        const double angle = a * static_cast<double>(t) * rate;
        cosine_.push_back(static_cast<T>(std::cos(angle)));
        sine_.push_back(static_cast<T>(std::sin(angle)));
      }
}

template <class T>
void Rotation<T>::turn(std::size_t k, std::size_t first, T* x, std::size_t stride, std::size_t rows,
                       std::size_t segments, bool back) const {
  const std::size_t at = (table_[k] * positions_ + first) * half_;
  kernels<T>().rotate({x, rows, segments * 2 * half_, stride}, half_,
                      {cosine_.data() + at, rows, half_, half_}, {sine_.data() + at, rows, half_, half_},
                      back);
}

// x = R(theta) x0, dx/dtheta of a pair (x1, x2) is (-x2, x1), and dtheta/da = t rate.
template <class T>
double Rotation<T>::factor_gradient(const T* x, const T* dx, std::size_t stride, std::size_t rows,
                                    std::size_t segments) const {
  double sum = 0;
  for (std::size_t t = 1; t < rows; ++t)
    for (std::size_t s = 0; s < segments; ++s) {
      const std::size_t at = t * stride + s * 2 * half_;
      for (std::size_t j = 0; j < half_; ++j) {
        const double x1 = static_cast<double>(x[at + j]), x2 = static_cast<double>(x[at + half_ + j]);
        const double turned =
            static_cast<double>(dx[at + half_ + j]) * x1 - static_cast<double>(dx[at + j]) * x2;
        sum += static_cast<double>(t) * rate_[j] * turned;
      }
    }
  return sum;
}

template class Rotation<float>;
template class Rotation<double>;

}  // namespace tubal
