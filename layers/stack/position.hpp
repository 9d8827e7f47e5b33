// Positions: how the stream comes to know where a token stands. Either a table is added to the embeddings in
// the original domain, or queries and keys turn in every attention (rotary.hpp), or nothing at all. In
// float64: tables are small and made seldom.
#pragma once
#include <memory>
#include <span>
#include <vector>

#include "layers/model_config.hpp"
#include "layers/stack/parameters.hpp"

namespace tubal {

struct PositionSight {
  std::span<const double> own;      // its parameters
  std::span<const double> factors;  // of frequency scaling (Position::by_original()); 1 where it is elsewhere
  const Tensor<double, 2>* inverse;  // stored matrix of L^-1 [p, p]
};
/// d loss / d each of these.
struct PositionGradient {
  std::vector<double> own, factors;
  Tensor<double, 2> inverse;
};

class Position {
 public:
  virtual ~Position() = default;
  /// Whether a table is added. Without one the functions below are not called.
  virtual bool adds() const { return false; }
  virtual bool rotates() const { return false; }
  /// The factors are those of the original slices [p]; else of the spectral ones, by bin.
  virtual bool by_original() const { return false; }
  /// The table depends on L.
  virtual bool uses_transform() const { return false; }
  /// Parameters of its own: where they begin in the parameter arena, and how many.
  virtual std::size_t parameters_begin() const { return 0; }
  virtual std::size_t parameter_count() const { return 0; }

  /// [max_length, d], row t for the t-th token of a sequence.
  virtual std::vector<double> table(const PositionSight&) const { return {}; }
  /// Adds to `gradient` from d loss / d table.
  virtual void gradient(const PositionSight&, std::span<const double>, PositionGradient&) const {}
};

struct PositionSite {
  const ModelConfig& config;
  const Slices& slices;  // of the first layer's L
  ParameterList& parameters;
};

std::unique_ptr<Position> make_sinusoidal(const PositionSite& site);
std::unique_ptr<Position> make_learned_position(const PositionSite& site);
std::unique_ptr<Position> make_rotary(const PositionSite& site);
std::unique_ptr<Position> make_no_position(const PositionSite& site);

}  // namespace tubal
