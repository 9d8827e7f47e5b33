// The L-product's linear map, slice by slice: y_k = u_k W_k^T + bias_k, k over the slices of a spectral row.
//
// One thing for all weights. A complex slice's W is a real matrix on (re, im) (parameters.hpp). Of rank q, W
// is the product left right of a [out, q] and a [q, in]: a third-order weight of tubal rank q, multiplied by
// in turn. Several maps of the same input (query, key and value) are parts of one.
#pragma once
#include <string>
#include <vector>

#include "layers/stack/parameters.hpp"
#include "layers/stack/products.hpp"

namespace tubal {

struct LinearShape {
  std::vector<std::string> parts;  // names of the maps, such as "layers.0.query"
  std::size_t out = 1, in = 1;     // numbers a row of L: of each part, and of the input
  bool bias = true;
  Stacking stacking = Stacking::by_part;
  std::size_t out_head = 0, in_head = 0;  // complex coordinates lie head by head (parameters.hpp)
  std::size_t fan_out = 0;                // outputs that the initialisation reckons with; 0: `out`
};

/// What a product of the stack costs, for estimates and for timing it alone.
struct MatrixProduct {
  enum Kind { linear, attention, tube } kind = linear;
  std::size_t out = 0, in = 0;  // linear: W [out, in]; attention: in = head width; tube: out = p, in = w
  std::size_t out_stride = 0, in_stride = 0;  // rows of y and u
  bool causal = false;                        // attention: keys up to the query's own
};
/// Floating-point operations of a forward pass a token of a sequence of n.
double flops(const MatrixProduct& product, double n);

class Linear {
 public:
  Linear() = default;
  /// Declares its parameters: weights uniform in +-sqrt(6 / (in + out)) (Glorot and Bengio 2010), left and
  /// right so that their product has that variance; biases 0.
  Linear(ParameterList& list, const Slices& slices, std::size_t transform, LinearShape shape,
         std::size_t rank);

  /// Numbers a token between right and left, which the backward pass wants back; 0 without a rank.
  std::size_t inner() const { return slices_.p * shape_.parts.size() * rank_; }
  /// Numbers a token that a row of y has.
  std::size_t width() const { return slices_.p * shape_.parts.size() * shape_.out; }
  std::vector<MatrixProduct> products() const;

  /// y [tokens, p, parts out] = W u + bias, u [tokens, p, in]; inner [tokens, inner()].
  template <class T>
  void forward(Weights<T> weights, std::size_t tokens, const T* u, T* y, T* inner) const;
  /// du = W^T dy. d_inner [tokens, inner()] is filled for weight_gradient.
  template <class T>
  void input_gradient(Weights<T> weights, std::size_t tokens, const T* dy, T* du, T* d_inner) const;
  /// dW += dy^T u, after input_gradient where there is a rank.
  template <class T>
  void weight_gradient(Weights<T> weights, std::size_t tokens, const T* dy, const T* u, const T* inner,
                       const T* d_inner, T* gradient) const;
  /// dbias += sum over tokens of dy, of all parts or of one.
  template <class T>
  void bias_gradient(std::size_t tokens, const T* dy, T* gradient) const;
  template <class T>
  void bias_gradient(std::size_t part, std::size_t tokens, const T* dy, T* gradient) const;
  /// All three.
  template <class T>
  void backward(Weights<T> weights, std::size_t tokens, const T* dy, const T* u, const T* inner, T* du,
                T* d_inner, T* gradient) const;

 private:
  // Outputs of a slice that lie together and read one part of `inner`; `again`: not the first of that part.
  struct Run {
    std::size_t begin, count, part;
    bool again;
  };
  Slices slices_;
  LinearShape shape_;
  std::size_t rank_ = 0;
  std::vector<std::vector<Run>> runs_;  // of each slice
  // Places, one a slice; weight_: of `left` where there is a rank.
  std::vector<std::size_t> weight_, right_, bias_;
};

}  // namespace tubal
