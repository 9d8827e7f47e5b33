#include "layers/model/slice_figures.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/blas.hpp"
#include "core/eigenvalues.hpp"
#include "core/kernels.hpp"
#include "core/parallel.hpp"

namespace tubal {

template <class T>
SliceObserver<T>::SliceObserver(const Structure& s, const Batch& batch)
    : s_(s),
      tokens_(batch.tokens.size()),
      sequences_(batch.size()),
      most_(0),
      output_(s.depth * tokens_ * s.d) {
  for (const StackTransform& t : s.transforms) most_ = std::max(most_, t.slices.count());
  entropy_.assign(s.steps.size() * sequences_ * most_, 0.0);
  if (!s.spectral_stream) rstd_.resize(s.steps.size() * tokens_ * s.segments.count());
}

template <class T>
void SliceObserver<T>::after(Stage stage, const Pass<T>& pass, const Group& group, std::size_t j,
                             Workspace<T>& w, const Lane<T>*) {
  if (stage != Stage::junction) return;
  const std::size_t d = s_.d, steps = s_.steps.size(), segments = s_.segments.count();
  const std::size_t norm = s_.post_norm ? j - 1 : j;  // step whose norm junction j holds
  const bool has_norm = s_.post_norm ? j > 0 : j < steps;
  if (has_norm && !s_.spectral_stream)
    for (const Sequence& q : group.sequences) {
      const T* from = state(pass, w, j).rstd.data() + q.row * segments;
      std::copy(from, from + q.length * segments, rstd_.data() + (norm * tokens_ + q.batch_row) * segments);
    }
  if (j == 0) return;
  const Step& step = s_.steps[j - 1];
  if (step.sublayer->heads() > 0) {
    const Frame<T> frame = frame_of(pass, group, j - 1, w);
    for (const Sequence& q : group.sequences)
      for (std::size_t k = 0; k < slices(step.layer).count(); ++k)
        entropy_[((j - 1) * sequences_ + q.index) * most_ + k] = step.sublayer->entropy(frame, q, k);
  }
  if (j < steps && s_.steps[j].layer == step.layer) return;  // the layer goes on
  const TubeMap<T>& F = pass.maps.map(MapRole::to_sub, step.transform);
  for (const Sequence& q : group.sequences)
    F.forward(w.x.data() + q.row * d, output_.data() + (step.layer * tokens_ + q.batch_row) * d, s_.p, s_.m,
              q.length);
}

double effective_rank(std::size_t n, double* gram) {
  if (!std::all_of(gram, gram + n * n, [](double x) { return std::isfinite(x); }))
    return std::numeric_limits<double>::quiet_NaN();
  std::vector<double> sigma(n);
  symmetric_eigenvalues(n, gram, sigma.data());
  const double least = static_cast<double>(n) * std::numeric_limits<double>::epsilon() * sigma.back();
  double sum = 0, entropy = 0;
  for (double& x : sigma) {
    x = x > least ? std::sqrt(x) : 0;
    sum += x;
  }
  if (sum == 0) return 0;
  for (const double x : sigma)
    if (x > 0) entropy -= x / sum * std::log(x / sum);
  return std::exp(entropy);
}

// Energy and effective rank of a slice of a layer's output, from its Gram matrix [w, w] in double.
template <class T>
void SliceObserver<T>::outputs(std::size_t layer, std::size_t slice, SliceFigures& figures) const {
  const SpectralSlice& k = slices(layer).all[slice];
  const std::size_t n = k.rows * s_.m;
  std::vector<double> x(tokens_ * n), gram(n * n);
  for (std::size_t t = 0; t < tokens_; ++t) {
    const T* row = output_.data() + (layer * tokens_ + t) * s_.d + k.row * s_.m;
    std::copy(row, row + n, x.data() + t * n);
  }
  const MatrixView<const double> X = contiguous<const double>(x.data(), tokens_, n);
  gemm(1.0, transposed(X), X, 0.0, contiguous(gram.data(), n, n));
  double energy = 0;
  for (std::size_t c = 0; c < n; ++c) energy += gram[c * n + c];
  const std::size_t at = layer * most_ + slice;
  figures.energy[at] = energy / static_cast<double>(tokens_ * s_.m);
  figures.effective_rank[at] = effective_rank(n, gram.data());
}

// Mean over the layer's attentions, their heads and queries.
template <class T>
void SliceObserver<T>::entropies(std::size_t layer, SliceFigures& figures) const {
  for (std::size_t k = 0; k < slices(layer).count(); ++k) {
    double sum = 0, count = 0;
    for (std::size_t j = 0; j < s_.steps.size(); ++j) {
      if (s_.steps[j].layer != layer || s_.steps[j].sublayer->heads() == 0) continue;
      count += static_cast<double>(tokens_ * s_.steps[j].sublayer->heads());
      for (std::size_t b = 0; b < sequences_; ++b) sum += entropy_[(j * sequences_ + b) * most_ + k];
    }
    if (count > 0) figures.attention_entropy[layer * most_ + k] = sum / count;
  }
}

// sum_t x_tl x_th, [n, n], of rows x [rows, n]; in pieces, so that what is held in double stays small.
template <class T>
static std::vector<double> gram(const T* x, std::size_t rows, std::size_t n) {
  constexpr std::size_t piece = 256;
  std::vector<double> sum(n * n, 0.0), part(std::min(piece, rows) * n);
  for (std::size_t t = 0; t < rows; t += piece) {
    const std::size_t count = std::min(piece, rows - t);
    std::copy(x + t * n, x + (t + count) * n, part.data());
    const MatrixView<const double> X = contiguous<const double>(part.data(), count, n);
    gemm(1.0, transposed(X), X, 1.0, contiguous(sum.data(), n, n));
  }
  return sum;
}

// x_a^T S x_a of each row of x [rows, p]; S symmetric.
static std::vector<double> forms(const std::vector<double>& x, const std::vector<double>& S, std::size_t p) {
  const std::size_t rows = x.size() / p;
  std::vector<double> xS(rows * p), form(rows);
  gemm(1.0, contiguous(x.data(), rows, p), contiguous(S.data(), p, p), 0.0, contiguous(xS.data(), rows, p));
  for (std::size_t a = 0; a < rows; ++a)
    form[a] = std::inner_product(x.data() + a * p, x.data() + (a + 1) * p, xS.data() + a * p, 0.0);
  return form;
}

// With v_l = F_al I_lb the mass of M_ab over t and j is v^T G v, G_ll' = (sum_t r_tl r_tl') (sum_j g_lj
// g_l'j). Over all b together: F_a^T (G o K) F_a with K_ll' = sum_b I_lb I_l'b, weighted. Both are products
// of [p, p] matrices; K of an orthogonal L is diagonal, which saves one.
template <class T>
std::vector<double> off_diagonal_shares(const Slices& slices, const Tensor<double, 2>& F,
                                        const Tensor<double, 2>& I, const T* gain, std::size_t m,
                                        const T* rstd, std::size_t tokens, std::size_t segments) {
  const std::size_t p = F.shape()[0];
  std::vector<double> weight;
  for (const SpectralSlice& k : slices.all) weight.insert(weight.end(), k.rows, static_cast<double>(k.rows));
  const std::vector<double> R = gram(rstd, tokens, segments);
  std::vector<double> g(gain, gain + p * m), G(p * p), K(p * p), scaled(p * p);
  const MatrixView<const double> gains = contiguous<const double>(g.data(), p, m);
  gemm(1.0, gains, transposed(gains), 0.0, contiguous(G.data(), p, p));
  for (std::size_t i = 0; i < p * p; ++i) {
    G[i] *= segments == p ? R[i] : R[0];
    scaled[i] = I.data()[i] / weight[i % p];
  }
  gemm(1.0, contiguous(scaled.data(), p, p), transposed(contiguous(I.data(), p, p)), 0.0,
       contiguous(K.data(), p, p));
  double diagonal = 0, beside = 0;
  for (std::size_t i = 0; i < p * p; ++i) {
    double& largest = i % (p + 1) == 0 ? diagonal : beside;
    largest = std::max(largest, std::abs(K[i]));
  }
  std::vector<double> whole(p), rows(F.data(), F.data() + p * p);
  if (beside <= 1e-13 * diagonal) {
    for (std::size_t a = 0; a < p; ++a)
      for (std::size_t l = 0; l < p; ++l)
        whole[a] += rows[a * p + l] * rows[a * p + l] * G[l * p + l] * K[l * p + l];
  } else {
    for (std::size_t i = 0; i < p * p; ++i) K[i] *= G[i];
    whole = forms(rows, K, p);
  }
  rows.clear();  // v of each pair of rows a, b of one slice
  for (const SpectralSlice& k : slices.all)
    for (std::size_t a = k.row; a < k.row + k.rows; ++a)
      for (std::size_t b = k.row; b < k.row + k.rows; ++b)
        for (std::size_t l = 0; l < p; ++l) rows.push_back(F(a, l) * I(l, b));
  const std::vector<double> own = forms(rows, G, p);  // rows of a slice weigh the same
  std::vector<double> shares;
  std::size_t pair = 0;
  for (const SpectralSlice& k : slices.all) {
    double all = 0, inside = 0;
    for (std::size_t a = k.row; a < k.row + k.rows; ++a) all += weight[a] * whole[a];
    for (std::size_t i = 0; i < k.rows * k.rows; ++i) inside += own[pair++];
    const double off = all - inside;
    shares.push_back(all == 0 ? 0 : off < 0 ? 0 : off / all);
  }
  return shares;
}

template <class T>
void SliceObserver<T>::mixing(const Pass<T>& pass, std::size_t layer, SliceFigures& figures) const {
  const Slices& own = slices(layer);
  std::vector<double> sum(own.count(), 0.0);
  double norms = 0;
  for (std::size_t j = 0; j < s_.steps.size(); ++j) {
    const Step& step = s_.steps[j];
    if (step.layer != layer) continue;
    ++norms;
    if (s_.spectral_stream || s_.p == 1) continue;  // norms act on each slice alone
    const TransformNow& L = pass.maps.now(step.transform);
    const std::vector<double> shares =
        off_diagonal_shares(own, L.F, L.I, pass.weights.values + step.norm_part + step.norm->gain(), s_.m,
                            rstd_.data() + j * tokens_ * s_.segments.count(), tokens_, s_.segments.count());
    for (std::size_t k = 0; k < own.count(); ++k) sum[k] += shares[k];
  }
  for (std::size_t k = 0; k < own.count(); ++k)
    figures.off_diagonal_mixing[layer * most_ + k] = sum[k] / norms;
}

template <class T>
SliceFigures SliceObserver<T>::figures(const Pass<T>& pass, int threads) const {
  const std::size_t n = s_.depth * most_;
  SliceFigures f;
  for (std::vector<double>* x : {&f.energy, &f.effective_rank, &f.attention_entropy, &f.off_diagonal_mixing})
    x->assign(n, std::numeric_limits<double>::quiet_NaN());
  parallel_for(n, threads, [&](std::size_t at, int) {
    if (at % most_ < slices(at / most_).count()) outputs(at / most_, at % most_, f);
  });
  parallel_for(s_.depth, threads, [&](std::size_t layer, int) {
    entropies(layer, f);
    mixing(pass, layer, f);
  });
  return f;
}

#define TUBAL_INSTANTIATE(T)                                                                        \
  template class SliceObserver<T>;                                                                  \
  template std::vector<double> off_diagonal_shares(const Slices&, const Tensor<double, 2>&,         \
                                                   const Tensor<double, 2>&, const T*, std::size_t, \
                                                   const T*, std::size_t, std::size_t);
TUBAL_INSTANTIATE(float)
TUBAL_INSTANTIATE(double)
#undef TUBAL_INSTANTIATE

}  // namespace tubal
