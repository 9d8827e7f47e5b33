// Slice-dependent factors a_k: what DESIGN's frequency scaling multiplies slices,
// positions or learning rates by.
#pragma once
#include <span>
#include <vector>

#include "layers/model_config.hpp"

namespace tubal {

/// a_k for k = 0..n-1 with frequencies f [n]; `learned` are the gains of kind learned.
std::vector<double> scaling_factors(const FrequencyScalingConfig& config, std::size_t n,
                                    std::span<const double> f, std::span<const double> learned);

/// Whether the configuration scales there.
bool scales(const FrequencyScalingConfig& config, ScalingPlace at);

}  // namespace tubal
