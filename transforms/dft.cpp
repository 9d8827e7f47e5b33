// Unitary DFT: L[k,l] = exp(-2 pi i k l / p) / sqrt(p). The input is real, so bins 0..floor(p/2) say all: bin
// 0 and, for even p, p/2 are real; the others are stored as a real row and an imaginary row.
#include <cmath>
#include <numbers>

#include "transforms/fast.hpp"
#include "transforms/plan.hpp"

namespace tubal {

static Complex root(long long kl, int p) {
  const double angle = -2 * std::numbers::pi * static_cast<double>(kl % p) / p;
  return Complex(std::cos(angle), std::sin(angle)) / std::sqrt(static_cast<double>(p));
}

static PlanParts dft_parts(int p) {
  const std::size_t n = static_cast<std::size_t>(p);
  PlanParts parts;
  parts.forward = Matrix::from_shape({n, n});
  parts.inverse = Matrix::from_shape({n, n});
  parts.matrix = Tensor<Complex, 2>::from_shape({n, n});
  for (int k = 0; k < p; ++k)
    for (int l = 0; l < p; ++l) parts.matrix(k, l) = root(static_cast<long long>(k) * l, p);

  const auto frequency = [p](int bin) { return p == 1 ? 0.0 : static_cast<double>(bin) / (p / 2); };
  parts.slices.push_back({0, false, 0.0});
  if (p % 2 == 0) parts.slices.push_back({p / 2, false, frequency(p / 2)});
  for (int k = 1; 2 * k < p; ++k) parts.slices.push_back({k, true, frequency(k)});
  std::size_t row = 0;
  for (const Slice& s : parts.slices) {
    for (int l = 0; l < p; ++l) {
      const Complex w = parts.matrix(s.bin, l);
      parts.forward(row, l) = s.bin == 0 ? 1 / std::sqrt(static_cast<double>(p)) : w.real();
      // x[l] = sum over all p bins of conj(w) xhat;
      // a complex bin and its mirror image give 2 Re(conj(w) xhat).
      parts.inverse(l, row) = parts.forward(row, l) * (s.complex ? 2 : 1);
      if (s.complex) {
        parts.forward(row + 1, l) = w.imag();
        parts.inverse(l, row + 1) = 2 * w.imag();
      }
    }
    row += s.complex ? 2 : 1;
  }
  add_fast_scheme("dft", parts);
  return parts;
}

std::unique_ptr<Transform> make_dft(const TransformSpec&) { return fixed_transform("dft", dft_parts); }

}  // namespace tubal
