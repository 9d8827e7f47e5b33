#include "layers/stack/frequency_scaling.hpp"

#include <cmath>

namespace tubal {

std::vector<double> scaling_factors(const FrequencyScalingConfig& c, std::size_t n, std::span<const double> f,
                                    std::span<const double> learned) {
  std::vector<double> a(n, 1.0);
  for (std::size_t k = 0; k < n; ++k) {
    const double x = static_cast<double>(k);
    switch (c.kind) {
      case ScalingKind::none:
        break;
      case ScalingKind::linear:
        a[k] = (x + 1) / static_cast<double>(n);
        break;
      case ScalingKind::exponential:
        a[k] = n > 1 ? std::exp2(x / static_cast<double>(n - 1)) : 1;
        break;
      case ScalingKind::harmonic:
        a[k] = x + 1;
        break;
      case ScalingKind::learned:
        a[k] = learned[k];
        break;
      case ScalingKind::power:
        a[k] = std::pow(1 + x, -c.alpha);
        break;
      case ScalingKind::decay:
        a[k] = std::exp(-c.alpha * f[k]);
        break;
      case ScalingKind::values:
        a[k] = c.values[k];
        break;
    }
  }
  return a;
}

bool scales(const FrequencyScalingConfig& c, ScalingPlace at) {
  return c.kind != ScalingKind::none && c.at == at;
}

}  // namespace tubal
