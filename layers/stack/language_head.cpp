// The language head: logits = W (M x) for every token, W the token embedding E (tied) or a matrix of its own;
// the loss is the cross-entropy against the token that follows. By blocks of tokens, forward and back at
// once: a block's logits are all that there is of [T, V].
#include <algorithm>
#include <array>
#include <cmath>

#include "core/kernels.hpp"
#include "layers/stack/head.hpp"

namespace tubal {

namespace {

class LanguageHead final : public Head {
 public:
  explicit LanguageHead(const HeadSite& site)
      : p_(site.p), m_(site.m), d_(site.p * site.m), V_(site.vocabulary), tied_(site.config.tied) {
    if (!tied_)
      weight_ = site.parameters.plain(
          "language_head.weight", {V_, d_},
          {Initial::normal, site.config.embedding_std / std::sqrt(static_cast<double>(d_))}, true);
  }
  bool by_token() const override { return true; }
  std::size_t outputs() const override { return V_; }
  bool shares_embedding() const override { return tied_; }
  std::size_t scratch() const override { return rows_ * (V_ + 2 * d_ + 2); }
  MatrixProduct product() const override { return {MatrixProduct::linear, V_, d_, V_, d_}; }
  void run(const HeadFrame<float>& f) const override { blocks(f); }
  void run(const HeadFrame<double>& f) const override { blocks(f); }

 private:
  // Tokens at a time: whole pieces, as products on bfloat16 numbers write.
  static constexpr std::size_t rows_ = row_piece;

  // Blocks run on over the ends of sequences; row t of a block is row[t] of the batch.
  template <class T>
  void blocks(const HeadFrame<T>& f) const {
    std::array<std::size_t, rows_> row;
    std::size_t filled = 0, done = 0;
    for (const Sequence& q : f.sequences)
      for (std::size_t i = 0; i < q.length; ++i) {
        row[filled++] = q.batch_row + i;
        if (filled < rows_ && done + filled < f.tokens) continue;
        block(f, done, row.data(), filled);
        done += filled;
        filled = 0;
      }
  }

  template <class T>
  void block(const HeadFrame<T>& f, std::size_t first, const std::size_t* row, std::size_t rows) const {
    const Kernels<T>& kernel = kernels<T>();
    Pieces<T> pieces(f.scratch, rows_);
    T *logits = pieces.take(V_), *v = pieces.take(d_), *dv = pieces.take(d_), *inverse_sum = pieces.take(1),
      *log_sum_exp = pieces.take(1);
    const Weights<T> W = tied_ ? f.embedding : f.weights.from(weight_);
    const MatrixView<T> Y = contiguous(logits, rows, V_);
    const MatrixView<const T> X = contiguous<const T>(v, rows, d_);
    f.exit->forward(f.x + first * d_, v, p_, m_, rows);
    output_product<T>(X, W, nullptr, Y);
    if (f.logits)
      for (std::size_t t = 0; t < rows; ++t) std::copy_n(logits + t * V_, V_, f.logits + row[t] * V_);
    if (!f.targets) return;
    const auto target = [&](std::size_t t) { return f.targets[row[t]]; };
    const auto of_target = [&](std::size_t t) -> T& {
      return logits[t * V_ + static_cast<std::size_t>(target(t))];
    };
    for (std::size_t t = 0; t < rows; ++t)
      f.losses[row[t]] = target(t) < 0 ? 0 : -static_cast<double>(of_target(t));
    kernel.softmax(Y, T(1), inverse_sum, log_sum_exp);  // the largest becomes exactly 1
    for (std::size_t t = 0; t < rows; ++t) {
      if (target(t) < 0) continue;
      f.losses[row[t]] += static_cast<double>(log_sum_exp[t]);
      f.hits[row[t]] = of_target(t) == T(1);
    }
    if (!f.dx) return;

    // dlogits = share (softmax - 1[target]); dW += dlogits^T v, dv = dlogits W, dx = M^T dv.
    for (std::size_t t = 0; t < rows; ++t) inverse_sum[t] *= target(t) < 0 ? T(0) : static_cast<T>(f.share);
    kernel.scale_rows(Y, inverse_sum);
    for (std::size_t t = 0; t < rows; ++t)
      if (target(t) >= 0) of_target(t) -= static_cast<T>(f.share);
    weight_product<T>(Y, X, tied_ ? f.d_embedding : f.gradient + weight_, W.rounded != nullptr);
    input_product<T>(Y, W, contiguous(dv, rows, d_));
    if (f.d_exit) add_tube_gradient(static_cast<const T*>(dv), f.x + first * d_, f.d_exit, p_, m_, rows);
    f.exit->adjoint(dv, f.dx + first * d_, p_, m_, rows);
  }

  std::size_t p_, m_, d_, V_, weight_ = 0;
  bool tied_;
};

}  // namespace

std::unique_ptr<Head> make_language_head(const HeadSite& site) {
  return std::make_unique<LanguageHead>(site);
}

}  // namespace tubal
