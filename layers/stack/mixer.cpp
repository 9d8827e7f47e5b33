#include "layers/stack/mixer.hpp"

#include <algorithm>

#include "core/kernels.hpp"

namespace tubal {

namespace {

class Mixer final : public TypedSublayer<Mixer> {
 public:
  explicit Mixer(const Site& site)
      : p_(site.slices.p),
        m_(site.slices.m),
        weight_(site.parameters.plain(site.prefix + "mixer.weight", {p_, p_}, {Initial::constant, 0}, true)) {
  }
  bool on_stream() const override { return true; }
  Room room(std::size_t) const override { return {0, 0, p_ * p_}; }
  std::vector<MatrixProduct> products() const override { return {{MatrixProduct::tube, p_, m_}}; }

  template <class T>
  void run(const Frame<T>& f, const T* u, T* y) const {
    kernels<T>().tube(f.weights.values + weight_, p_, u, y, f.tokens, m_);
  }

  // dR += dy u^T, du = R^T dy.
  template <class T>
  void run_backward(const Frame<T>& f, const T* dy, const T* u, T* du) const {
    const T* R = f.weights.values + weight_;
    T* transposed = f.scratch;
    kernels<T>().transpose(contiguous(R, p_, p_), contiguous(transposed, p_, p_));
    kernels<T>().tube(transposed, p_, dy, du, f.tokens, m_);
    std::vector<double> dR(p_ * p_, 0.0);
    add_tube_gradient(dy, u, dR.data(), p_, m_, f.tokens);
    for (std::size_t i = 0; i < p_ * p_; ++i) f.gradient[weight_ + i] += static_cast<T>(dR[i]);
  }

 private:
  std::size_t p_, m_, weight_;
};

}  // namespace

std::unique_ptr<Sublayer> make_mixer(const Site& site) { return std::make_unique<Mixer>(site); }

}  // namespace tubal
