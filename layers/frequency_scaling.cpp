#include "layers/frequency_scaling.hpp"

#include <cmath>

namespace tubal {

std::vector<double> scaling_factors(const FrequencyScalingConfig& c, std::size_t n, std::span<const double> f,
                                    std::span<const double> learned) {
  std::vector<double> a(n, 1.0);
  for (std::size_t k = 0; k < n; ++k) {
    const double x = static_cast<double>(k);
    if (c.kind == ScalingKind::linear)
      a[k] = (x + 1) / static_cast<double>(n);
    else if (c.kind == ScalingKind::exponential)
      a[k] = n > 1 ? std::exp2(x / static_cast<double>(n - 1)) : 1;
    else if (c.kind == ScalingKind::harmonic)
      a[k] = x + 1;
    else if (c.kind == ScalingKind::learned)
      a[k] = learned[k];
    else if (c.kind == ScalingKind::power)
      a[k] = std::pow(1 + x, -c.alpha);
    else if (c.kind == ScalingKind::decay)
      a[k] = std::exp(-c.alpha * f[k]);
    else if (c.kind == ScalingKind::values)
      a[k] = c.values[k];
  }
  return a;
}

std::vector<double> row_factors(const Structure& s, std::span<const double> by_bin) {
  std::vector<double> a;
  for (const Block& b : s.blocks) a.insert(a.end(), b.complex ? 2 : 1, by_bin[b.bin]);
  return a;
}

Tensor<double, 3> sinusoids(std::size_t positions, std::size_t m, std::span<const double> a,
                            bool derivative) {
  Tensor<double, 3> table({positions, a.size(), m});
  double* out = table.data();
  for (std::size_t t = 1; t <= positions; ++t)
    for (const double factor : a)
      for (std::size_t j = 0; j < m; ++j) {
        const double rate = std::pow(10000.0, -2.0 * static_cast<double>(j / 2) / static_cast<double>(m));
        const double base = static_cast<double>(t) * rate, angle = factor * base;
        if (derivative)
          *out++ = j % 2 == 0 ? base * std::cos(angle) : -base * std::sin(angle);
        else
          *out++ = j % 2 == 0 ? std::sin(angle) : std::cos(angle);
      }
  return table;
}

}  // namespace tubal
