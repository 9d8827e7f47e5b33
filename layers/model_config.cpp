#include "layers/model_config.hpp"

namespace tubal {

std::vector<TransformSpec> transform_cycle(const ModelConfig& c) {
  return c.transforms.empty() ? std::vector{c.transform} : c.transforms;
}

bool scales_original_slices(const ModelConfig& c) {
  return c.frequency_scaling.at == ScalingPlace::position && c.position.kind == PositionKind::sinusoidal &&
         c.position.domain == Domain::original;
}

}  // namespace tubal
