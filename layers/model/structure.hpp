// What a model consists of and where its parameters lie: made of a configuration alone, without numbers.
#pragma once
#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "layers/stack/table.hpp"

namespace tubal {

/// One transform of the list that the layers take in turn.
struct StackTransform {
  std::unique_ptr<Transform> transform;
  std::unique_ptr<TransformPlan> plan;  // of a learned one: at the initial parameters
  Slices slices;
  std::size_t theta = 0, theta_count = 0;  // where its parameters begin in the parameter arena
};

/// A sub-layer in its place.
struct Step {
  std::unique_ptr<Sublayer> sublayer;
  std::unique_ptr<Norm> norm;
  std::size_t layer, transform;
  std::size_t part, norm_part;  // where their parameters begin in the effective arena
};

/// A part of the model as people call it, and where its parameters begin: in ParameterList::entries, and in
/// the effective arena.
struct Place {
  std::string name;
  std::size_t entry, part;
};

struct Structure {
  Structure(const ModelConfig& config, int vocabulary, int classes);

  ModelConfig config;
  std::size_t V, C, d, p, m, depth;
  bool spectral_stream, post_norm;
  std::vector<StackTransform> transforms;
  std::vector<Step> steps;  // all layers' sub-layers, in order
  NormSegments segments;
  std::unique_ptr<Norm> final_norm;  // pre-norm only
  std::size_t final_norm_part = 0, head_part = 0;
  std::unique_ptr<Head> head;
  std::unique_ptr<Position> position;

  /// Dense parameters (an effective arena mirrors their first part), then the token embedding [V, d].
  ParameterList parameters;
  std::vector<Place> places;  // all of it, in order; of step j: its norm 2 j, itself 2 j + 1
  std::size_t scaling_gain = 0, scaling_count = 0;  // learned frequency scaling, by slice
  std::size_t dense_size = 0;
  std::size_t effective_size() const { return parameters.effective_size(); }
  /// Where the gradient [V, d] of a token embedding that the head shares lies in a lane's.
  std::size_t shared_gradient() const { return std::max(effective_size(), dense_size); }
  std::size_t arena_size() const { return dense_size + V * d; }

  const StackTransform& first() const { return transforms.front(); }
  const StackTransform& last() const { return transforms[(depth - 1) % transforms.size()]; }
  std::size_t heads_per_slice() const;

  /// Matrix products of a forward pass, a token: of the stack and the changes of domain, without the head.
  std::vector<MatrixProduct> products() const;
  /// Floating-point operations of a forward pass over sequences with `tokens` tokens in all and `squares` =
  /// the sum of their squared lengths: matrix products, attention, changes of domain, and a head that every
  /// token goes through. Norms, softmax, activations and a classifier are left out (a few per cent).
  double forward_flops(double tokens, double squares) const;
};

}  // namespace tubal
