// The maps along tubes that the encoder applies, each a product of L^-1 (I), a diagonal
// of factors (A) and L (F).
//
//              norm_domain original       norm_domain spectral (the stream is spectral)
//   entry      I A F at input, else none  A F at input, else F          embedding -> stream
//   exit       I A F at output, else none I A at output, else I         stream -> head
//   to_sub     F                          none                          stream -> sub-layer
//   from_sub   I A at residual, else I    A at residual, else none      sub-layer -> stream
//   to_original, to_spectral              I and F inside a sub-layer (an activation in the original domain)
//
// entry is of the first layer's L, exit of the last one's; the others are made for every L of the list. A
// sub-layer that takes the stream as it stands has neither to_sub nor from_sub.
#pragma once
#include <vector>

#include "layers/model.hpp"
#include "layers/model/structure.hpp"

namespace tubal {

enum class MapRole { entry, exit, to_sub, from_sub, to_original, to_spectral };

template <class T>
struct StackMap {
  TubeMap<T> map;
  MapRole role = MapRole::entry;
  std::size_t transform = 0;
  bool has_inverse = false, has_factors = false, has_forward = false;
};

/// What one transform of the list is at the parameters as they stand.
struct TransformNow {
  Tensor<double, 2> F, I;
  std::vector<double> by_bin;  // factors a_k of frequency scaling, 1 where there is none
};

/// d loss / d what the parameters determine beside the weights, as a lane adds it up.
template <class T>
struct MapGradients {
  std::vector<std::vector<double>> maps;     // [p*p] each; empty where absent or nothing in it is learned
  std::vector<std::vector<double>> factors;  // of rotary positions, by bin; empty: nobody asks
  std::vector<T> positions;                  // [max_length, d]; empty: nobody asks
};

template <class T>
class Maps {
 public:
  /// From the parameters as they stand (`arena` is the parameter arena), float64 inside. `further`: factors
  /// that are multiplied to A where they act.
  void build(const Structure& s, const T* arena, const SliceFactors* further = nullptr);

  const StackMap<T>& operator[](std::size_t i) const { return maps_[i]; }
  std::size_t count() const { return maps_.size(); }
  /// Index of a map; entry and exit have no transform to name.
  static std::size_t index(MapRole role, std::size_t transform = 0);
  const TubeMap<T>& map(MapRole role, std::size_t transform = 0) const {
    return maps_[index(role, transform)].map;
  }

  bool learned() const { return learned_; }                                 // some map depends on parameters
  const std::vector<T>& position_table() const { return position_table_; }  // [max_length, d], or empty
  const Rotation<T>* rotation(std::size_t t) const { return rotations_.empty() ? nullptr : &rotations_[t]; }
  const TransformNow& now(std::size_t transform) const { return now_[transform]; }

  /// Zeros for what is to be added up.
  void reset(const Structure& s, MapGradients<T>& gradients) const;
  /// Chains to the parameters: adds to gradient[scaling_gain..], gradient[theta..] and the positions' own.
  void chain(const Structure& s, const T* arena, const MapGradients<T>& gradients, T* gradient) const;

 private:
  void build_positions(const Structure& s, const T* arena);

  std::vector<StackMap<T>> maps_;
  std::vector<TransformNow> now_;
  std::vector<T> position_table_;
  std::vector<Rotation<T>> rotations_;
  bool learned_ = false, position_learned_ = false, factors_learned_ = false;
};

}  // namespace tubal
