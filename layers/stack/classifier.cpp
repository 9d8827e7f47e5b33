// The classifier: pooled = mean over the sequence or its first token; logits = W (M pooled) + b, M the map to
// the original domain, which commutes with pooling. W uniform in +-1/sqrt(d) at the start.
#include <algorithm>
#include <cmath>

#include "core/kernels.hpp"
#include "layers/stack/head.hpp"

namespace tubal {

namespace {

class Classifier final : public Head {
 public:
  explicit Classifier(const HeadSite& site)
      : p_(site.p),
        m_(site.m),
        d_(site.p * site.m),
        C_(site.classes),
        pooling_(site.config.pooling),
        weight_(site.parameters.plain("classifier.weight", {C_, d_},
                                      {Initial::uniform, 1 / std::sqrt(static_cast<double>(d_))}, true)),
        bias_(site.parameters.plain("classifier.bias", {C_}, {}, false)) {}
  std::size_t outputs() const override { return C_; }
  std::size_t scratch() const override { return 4 * d_ + 2 * C_; }
  MatrixProduct product() const override { return {MatrixProduct::linear, C_, d_, C_, d_}; }
  void run(const HeadFrame<float>& f) const override { sequences(f); }
  void run(const HeadFrame<double>& f) const override { sequences(f); }

 private:
  template <class T>
  void sequences(const HeadFrame<T>& f) const {
    Pieces<T> pieces(f.scratch, 1);
    T *pooled = pieces.take(d_), *v = pieces.take(d_), *logit = pieces.take(C_);
    for (const Sequence& q : f.sequences) {
      pool(q, f.x + q.row * d_, pooled);
      f.exit->forward(pooled, v, p_, m_, 1);
      const T *W = f.weights.values + weight_, *bias = f.weights.values + bias_;
      kernels<T>().row_dots({v, C_, d_, 0}, contiguous(W, C_, d_), logit);
      for (std::size_t c = 0; c < C_; ++c) logit[c] += bias[c];
      const double top = static_cast<double>(*std::max_element(logit, logit + C_));
      double sum = 0;
      for (std::size_t c = 0; c < C_; ++c) sum += std::exp(static_cast<double>(logit[c]) - top);
      const std::size_t label = static_cast<std::size_t>(f.labels[q.index]);
      f.losses[q.index] = top + std::log(sum) - static_cast<double>(logit[label]);
      f.hits[q.index] = std::max_element(logit, logit + C_) == logit + label;
      if (f.logits) std::copy(logit, logit + C_, f.logits + q.index * C_);
      if (f.dx) back(f, q, label, top, sum, pooled, v, logit, pieces);
    }
  }

  template <class T>
  void pool(const Sequence& q, const T* x, T* pooled) const {
    if (pooling_ == Pooling::cls) {
      std::copy(x, x + d_, pooled);
      return;
    }
    std::fill(pooled, pooled + d_, T(0));
    kernels<T>().column_sum(contiguous(x, q.length, d_), pooled);
    for (std::size_t c = 0; c < d_; ++c) pooled[c] /= static_cast<T>(q.length);
  }

  // dlogit = share (softmax(logit) - 1[label]); dW += dlogit v^T, dv = W^T dlogit, dpooled = M^T dv.
  template <class T>
  void back(const HeadFrame<T>& f, const Sequence& q, std::size_t label, double top, double sum,
            const T* pooled, const T* v, const T* logit, Pieces<T> pieces) const {
    T *g = pieces.take(C_), *dv = pieces.take(d_), *dpooled = pieces.take(d_), *dx = f.dx + q.row * d_;
    const T* W = f.weights.values + weight_;
    T *dW = f.gradient + weight_, *dbias = f.gradient + bias_;
    std::fill(dv, dv + d_, T(0));
    for (std::size_t c = 0; c < C_; ++c) {
      g[c] = static_cast<T>(f.share * (std::exp(static_cast<double>(logit[c]) - top) / sum - (c == label)));
      dbias[c] += g[c];
      for (std::size_t i = 0; i < d_; ++i) {
        dW[c * d_ + i] += g[c] * v[i];
        dv[i] += g[c] * W[c * d_ + i];
      }
    }
    if (f.d_exit) add_tube_gradient(static_cast<const T*>(dv), pooled, f.d_exit, p_, m_, 1);
    f.exit->adjoint(dv, dpooled, p_, m_, 1);
    if (pooling_ == Pooling::cls) {
      std::fill(dx, dx + q.length * d_, T(0));
      std::copy(dpooled, dpooled + d_, dx);
      return;
    }
    for (std::size_t i = 0; i < d_; ++i) dpooled[i] /= static_cast<T>(q.length);
    kernels<T>().fill_rows(dpooled, contiguous(dx, q.length, d_));
  }

  std::size_t p_, m_, d_, C_;
  Pooling pooling_;
  std::size_t weight_, bias_;
};

}  // namespace

std::unique_ptr<Head> make_classifier(const HeadSite& site) { return std::make_unique<Classifier>(site); }

}  // namespace tubal
