// The p x p maps along tubes that a model applies, each a product of F^-1 (I), a diagonal of factors (A) and
// F.
//
//              norm_domain original       norm_domain spectral (the stream is spectral)
//   entry      I A F at input, else none  A F at input, else F          embedding -> stream
//   sub_in     F                          none                          stream -> sub-layer
//   sub_out    I A at residual, else I    A at residual, else none      sub-layer -> stream
//   exit       I A F at output, else none I A at output, else I         stream -> classifier
//   act_in, act_out   I and F around an activation in the original domain
#pragma once
#include <vector>

#include "layers/model.hpp"
#include "layers/structure.hpp"

namespace tubal {

enum MapName { entry, sub_in, sub_out, exit_map, act_in, act_out, map_count };

/// One map: present or the identity. `matrix` in float64; the engine's copies, row-major [p, p], and their
/// transposes.
template <class T>
struct TubeMap {
  bool present = false, has_inverse = false, has_factors = false, has_forward = false;
  std::vector<double> matrix;
  std::vector<T> forward, adjoint;
};

/// d loss / d each map, [p*p] float64; empty where the map is absent or nothing in it is learned.
using MapGradients = std::vector<std::vector<double>>;

template <class T>
struct Mixing {
  TubeMap<T> maps[map_count];
  bool learned = false;           // some map depends on parameters
  std::vector<T> position_table;  // [max_length, d], added to the embeddings; of all kinds of position
  bool position_learned = false;  // the table's gradient is wanted
  Tensor<double, 2> F, I;
  std::vector<double> by_bin, rows;  // factors a_k, and those of the stored rows
};

/// From the parameters as they stand (`arena` is the parameter arena). Float64 inside. `further`: factors
/// that are multiplied to A where they act.
template <class T>
void build_mixing(const Structure& s, const T* arena, Mixing<T>& mixing,
                  const SliceFactors* further = nullptr);

/// Chains map gradients and the position table's gradient [max_length, d] (may be empty) to the parameters'
/// gradients: adds to gradient[scaling_gain..], gradient[theta..] and, for learned positions,
/// gradient[position_embedding..].
template <class T>
void mixing_gradients(const Structure& s, const T* arena, const Mixing<T>& mixing, const MapGradients& maps,
                      const std::vector<T>& table, T* gradient);

}  // namespace tubal
