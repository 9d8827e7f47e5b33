// Slice-dependent factors a_k and the sinusoidal position table that they may scale.
#pragma once
#include <span>
#include <vector>

#include "layers/structure.hpp"

namespace tubal {

/// a_k for k = 0..n-1 with frequencies f [n]; `learned` are the gains of kind learned. DESIGN section 3.
std::vector<double> scaling_factors(const FrequencyScalingConfig& config, std::size_t n,
                                    std::span<const double> f, std::span<const double> learned);

/// Factor of each stored spectral row (a complex slice's two rows share one), [p].
std::vector<double> row_factors(const Structure& s, std::span<const double> by_bin);

/// Sinusoids of slices with factors a, [positions, slices, m]: sin or cos of a_l t rate_j, t from 1,
/// rate_j = 10000^(-2 floor(j/2) / m). `derivative`: with respect to a_l.
Tensor<double, 3> sinusoids(std::size_t positions, std::size_t m, std::span<const double> a,
                            bool derivative = false);

}  // namespace tubal
