// RMSNorm (Zhang and Sennrich 2019): n = x / sqrt(mean(x^2) + 1e-5), y = n gain, over each segment's numbers.
#include "core/kernels.hpp"
#include "layers/stack/norm.hpp"

namespace tubal {

namespace {

class RmsNorm final : public TypedNorm<RmsNorm> {
 public:
  RmsNorm(ParameterList& list, const std::string& name, const NormSegments& segments)
      : s_(segments), gain_(norm_parameter(list, name + ".gain", segments, 1)) {}
  std::size_t gain() const override { return gain_; }

  template <class T>
  void forward_rows(Weights<T> w, const T* x, T* n, T* y, T* rstd, std::size_t rows) const {
    kernels<T>().rms_norm(x, n, y, rstd, w.values + gain_, rows, s_.width(), s_.begin.data(), s_.count());
  }
  // dx = rstd (dn - n mean(dn n)), dn = dy gain.
  template <class T>
  void backward_rows(Weights<T> w, const T* dy, const T* n, const T* rstd, T* dx, T* gradient,
                     std::size_t rows) const {
    kernels<T>().rms_norm_backward(dy, n, rstd, w.values + gain_, dx, gradient + gain_, rows, s_.width(),
                                   s_.begin.data(), s_.count());
  }
  template <class T>
  void output_rows(Weights<T> w, const T* n, T* y, std::size_t rows) const {
    kernels<T>().affine(n, w.values + gain_, nullptr, y, rows, s_.width());
  }

 private:
  NormSegments s_;
  std::size_t gain_;
};

}  // namespace

std::unique_ptr<Norm> make_rms_norm(ParameterList& list, const std::string& name,
                                    const NormSegments& segments) {
  return std::make_unique<RmsNorm>(list, name, segments);
}

}  // namespace tubal
