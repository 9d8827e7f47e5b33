// The numbers of one AdamW step, for all who take one: the model, and the bag of words beside it. The update
// itself is one formula, core/kernels/adamw.hpp.
#pragma once
#include <cmath>

#include "core/kernels.hpp"
#include "layers/model.hpp"

namespace tubal {

/// The factor on the gradient that brings its global L2 norm within the settings' bound.
inline double clip_factor(const AdamWSettings& a, double norm) {
  return a.gradient_clip > 0 && norm > a.gradient_clip ? a.gradient_clip / norm : 1;
}

/// Step t (from 1) of parameters that decay or not, at `factor` times the learning rate.
template <class T>
AdamWStep<T> adamw_step(const AdamWSettings& a, std::int64_t t, bool decays, T clip, double factor = 1) {
  const double lr = a.learning_rate * factor, bias1 = 1 - std::pow(a.beta1, static_cast<double>(t)),
               bias2 = 1 - std::pow(a.beta2, static_cast<double>(t));
  return {static_cast<T>(decays || a.decay_everything ? 1 - lr * a.weight_decay : 1),
          static_cast<T>(lr / bias1),
          static_cast<T>(a.beta1),
          static_cast<T>(a.beta2),
          static_cast<T>(1 / std::sqrt(bias2)),
          static_cast<T>(a.eps),
          clip};
}

}  // namespace tubal
