// LayerNorm: n = (x - mean) / sqrt(var + 1e-5), y = n gain + bias, over each segment's numbers.
#include "core/kernels.hpp"
#include "layers/stack/norm.hpp"

namespace tubal {

namespace {

class LayerNorm final : public TypedNorm<LayerNorm> {
 public:
  LayerNorm(ParameterList& list, const std::string& name, const NormSegments& segments)
      : s_(segments),
        gain_(norm_parameter(list, name + ".gain", segments, 1)),
        bias_(norm_parameter(list, name + ".bias", segments, 0)) {}
  std::size_t gain() const override { return gain_; }

  template <class T>
  void forward_rows(Weights<T> w, const T* x, T* n, T* y, T* rstd, std::size_t rows) const {
    kernels<T>().norm(x, n, y, rstd, w.values + gain_, w.values + bias_, rows, s_.width(), s_.begin.data(),
                      s_.count());
  }
  // dx = rstd (dn - mean(dn) - n mean(dn n)), dn = dy gain.
  template <class T>
  void backward_rows(Weights<T> w, const T* dy, const T* n, const T* rstd, T* dx, T* gradient,
                     std::size_t rows) const {
    kernels<T>().norm_backward(dy, n, rstd, w.values + gain_, dx, gradient + gain_, gradient + bias_, rows,
                               s_.width(), s_.begin.data(), s_.count());
  }
  template <class T>
  void output_rows(Weights<T> w, const T* n, T* y, std::size_t rows) const {
    kernels<T>().affine(n, w.values + gain_, w.values + bias_, y, rows, s_.width());
  }

 private:
  NormSegments s_;
  std::size_t gain_, bias_;
};

}  // namespace

std::unique_ptr<Norm> make_layer_norm(ParameterList& list, const std::string& name,
                                      const NormSegments& segments) {
  return std::make_unique<LayerNorm>(list, name, segments);
}

}  // namespace tubal
