// A sub-layer: one room of the stack. It says what parameters it has (when it is made), what it keeps for the
// backward pass and what scratch it needs, what its products cost, and computes y from u and back. It sees
// its input, its output, its parameters and its own state.
//
// Rows. u and y are rows [d] of the slices of the layer's L (on_stream() false: the encoder has applied L,
// and applies L^-1 to y), or of the stream as it stands. Norm, dropout and residual are the encoder's.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "layers/model_config.hpp"
#include "layers/stack/linear.hpp"
#include "layers/stack/rotary.hpp"
#include "layers/stack/tube_map.hpp"

namespace tubal {

/// A sequence among the rows of a group: its first row there, its length;
/// in the batch: its number, first row.
struct Sequence {
  std::size_t index, batch_row, row, length;
};

/// Numbers a token that a sub-layer keeps from forward to backward, and that it needs while one of them runs;
/// and such numbers beside, however many tokens.
struct Room {
  std::size_t kept = 0, scratch = 0, fixed_scratch = 0;
};

/// What a sub-layer is called with.
template <class T>
struct Frame {
  std::span<const Sequence> sequences;
  std::size_t tokens = 0;    // rows of u and y
  std::size_t capacity = 0;  // rows that there is room for in kept and scratch
  std::size_t done = 0;   // rows of the one sequence that earlier calls went through (generation): what was
                          // kept of them stands, u and y begin behind them
  Weights<T> weights;     // its own
  T* gradient = nullptr;  // its own, to be added to; backward alone
  T *kept = nullptr, *scratch = nullptr;
  const TubeMap<T>*to_original = nullptr, *to_spectral = nullptr;  // L^-1 and L, for what happens inside
  double *d_original = nullptr, *d_spectral = nullptr;  // [p, p], gradients of these two; null: nobody asks
  const Rotation<T>* rotation = nullptr;                // rotary positions, or null
  double* d_factors = nullptr;  // [S] by bin, of the rotation's factors; null: nobody asks
};

/// Cuts memory for `capacity` rows into named pieces.
template <class T>
class Pieces {
 public:
  Pieces(T* memory, std::size_t capacity) : next_(memory), capacity_(capacity) {}
  T* take(std::size_t numbers_a_token) { return take_fixed(numbers_a_token * capacity_); }
  T* take_fixed(std::size_t numbers) {
    T* piece = next_;
    next_ += numbers;
    return piece;
  }

 private:
  T* next_;
  std::size_t capacity_;
};

class Sublayer {
 public:
  virtual ~Sublayer() = default;
  virtual bool on_stream() const { return false; }
  /// For sequences of at most `longest` tokens.
  virtual Room room(std::size_t longest) const = 0;
  virtual std::vector<MatrixProduct> products() const = 0;

  /// y = f(u).
  virtual void forward(const Frame<float>& frame, const float* u, float* y) const = 0;
  virtual void forward(const Frame<double>& frame, const double* u, double* y) const = 0;
  /// du = (df/du)^T dy, and its parameters' gradient; once after forward on the same frame:
  /// what was kept may be spent.
  virtual void backward(const Frame<float>& frame, const float* dy, const float* u, float* du) const = 0;
  virtual void backward(const Frame<double>& frame, const double* dy, const double* u, double* du) const = 0;

  /// Where it weighs tokens by others: the sum over heads and queries of the entropy of these weights (nats)
  /// on slice k of one of the frame's sequences; else 0 heads.
  virtual std::size_t heads() const { return 0; }
  virtual double entropy(const Frame<float>&, const Sequence&, std::size_t) const { return 0; }
  virtual double entropy(const Frame<double>&, const Sequence&, std::size_t) const { return 0; }
};

/// A sub-layer whose member templates `run` and `run_backward` serve both types.
template <class Self>
class TypedSublayer : public Sublayer {
 public:
  void forward(const Frame<float>& f, const float* u, float* y) const final { self().run(f, u, y); }
  void forward(const Frame<double>& f, const double* u, double* y) const final { self().run(f, u, y); }
  void backward(const Frame<float>& f, const float* dy, const float* u, float* du) const final {
    self().run_backward(f, dy, u, du);
  }
  void backward(const Frame<double>& f, const double* dy, const double* u, double* du) const final {
    self().run_backward(f, dy, u, du);
  }

 private:
  const Self& self() const { return static_cast<const Self&>(*this); }
};

/// What a sub-layer is made of.
struct Site {
  const ModelConfig& config;
  const Slices& slices;       // of the layer's L
  std::size_t transform;      // L's place in the list of transforms
  bool spectral_stream;       // the stream stands in the spectral domain
  std::string prefix;         // of its parameters' names, such as "layers.0."
  ParameterList& parameters;  // to declare them in
  std::size_t heads_per_slice;

  /// Tubal rank of its weights; 0: full.
  std::size_t rank() const { return static_cast<std::size_t>(config.rank); }
};

}  // namespace tubal
