#include "layers/slice_figures.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

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
      segments_(s.segments.size() - 1),
      output_(s.depth * tokens_ * s.d),
      entropy_(s.depth * sequences_ * s.blocks.size(), 0.0),
      rstd_(s.spectral_stream ? 0 : s.depth * 2 * tokens_ * segments_) {}

template <class T>
void SliceObserver<T>::after_junction(const Pass<T>& pass, const Group& group, std::size_t j,
                                      Workspace<T>& w) {
  const std::size_t d = s_.d, norm = s_.post_norm ? j - 1 : j;  // sub-layer whose norm junction j holds
  const bool has_norm = s_.post_norm ? j > 0 : j < 2 * s_.depth;
  if (has_norm && !s_.spectral_stream)
    for (const Group::Sequence& q : group.sequences) {
      const T* from = state(pass, w, j).rstd.data() + q.row * segments_;
      std::copy(from, from + q.length * segments_, rstd_.data() + (norm * tokens_ + q.batch_row) * segments_);
    }
  if (j == 0) return;
  const std::size_t i = (j - 1) / 2;
  if (j % 2 == 0) {
    const TubeMap<T>& F = pass.mixing.maps[sub_in];
    for (const Group::Sequence& q : group.sequences) {
      const T* x = w.x.data() + q.row * d;
      T* to = output_.data() + (i * tokens_ + q.batch_row) * d;
      if (F.present)
        kernels<T>().tube(F.forward.data(), s_.p, x, to, q.length, s_.m);
      else
        std::copy(x, x + q.length * d, to);
    }
    return;
  }
  for (const Group::Sequence& q : group.sequences)
    for (std::size_t b = 0; b < s_.blocks.size(); ++b) {
      const Block& k = s_.blocks[b];
      double& sum = entropy_[(i * sequences_ + q.index) * s_.blocks.size() + b];
      for (std::size_t h = 0; h < k.heads; ++h) {
        const T* query = layer_state(pass, w, i).qkv.data() + q.row * 3 * d + 3 * k.offset + h * k.head_width;
        sum += attention_entropy<T>(q.length, k.head_width, {query, 3 * d}, {query + k.width, 3 * d},
                                    w.attention);
      }
    }
}

double effective_rank(std::size_t n, double* gram) {
  if (!std::all_of(gram, gram + n * n, [](double x) { return std::isfinite(x); }))
    return std::numeric_limits<double>::quiet_NaN();
  std::vector<double> sigma(n);
  symmetric_eigenvalues(n, gram, sigma.data());
  const double least = static_cast<double>(n) * std::numeric_limits<double>::epsilon() * sigma.back();
  double sum = 0, entropy = 0;
  for (double& x : sigma) x = x > least ? std::sqrt(x) : 0, sum += x;
  if (sum == 0) return 0;
  for (const double x : sigma)
    if (x > 0) entropy -= x / sum * std::log(x / sum);
  return std::exp(entropy);
}

// Energy and effective rank of block b of layer i's output, from its Gram matrix [w, w] in double.
template <class T>
void SliceObserver<T>::outputs(std::size_t i, std::size_t b, SliceFigures& figures) const {
  const Block& k = s_.blocks[b];
  const std::size_t n = k.width;
  std::vector<double> x(tokens_ * n), gram(n * n);
  for (std::size_t t = 0; t < tokens_; ++t) {
    const T* row = output_.data() + (i * tokens_ + t) * s_.d + k.offset;
    std::copy(row, row + n, x.data() + t * n);
  }
  gemm(true, false, n, n, tokens_, 1.0, x.data(), n, x.data(), n, 0.0, gram.data(), n);
  double energy = 0;
  for (std::size_t c = 0; c < n; ++c) energy += gram[c * n + c];
  const std::size_t at = i * s_.blocks.size() + b;
  figures.energy[at] = energy / static_cast<double>(tokens_ * s_.m);
  figures.effective_rank[at] = effective_rank(n, gram.data());
  double entropy = 0;
  for (std::size_t q = 0; q < sequences_; ++q)
    entropy += entropy_[(i * sequences_ + q) * s_.blocks.size() + b];
  figures.attention_entropy[at] = entropy / static_cast<double>(tokens_ * k.heads);
}

// With v_l = F_al I_lb the mass of M_ab over t and j is v^T G v, G_ll' = (sum_t r_tl r_tl') (sum_j g_lj
// g_l'j).
template <class T>
std::vector<double> off_diagonal_shares(const std::vector<Block>& blocks, const Tensor<double, 2>& F,
                                        const Tensor<double, 2>& I, const T* gain, std::size_t m,
                                        const T* rstd, std::size_t tokens, std::size_t segments) {
  const std::size_t p = F.shape()[0];
  std::vector<double> R(segments * segments, 0.0), G(p * p), K(p * p, 0.0), weight;
  for (const Block& b : blocks) weight.insert(weight.end(), b.complex ? 2 : 1, b.complex ? 2.0 : 1.0);
  for (std::size_t t = 0; t < tokens; ++t)
    for (std::size_t l = 0; l < segments; ++l)
      for (std::size_t h = 0; h < segments; ++h)
        R[l * segments + h] +=
            static_cast<double>(rstd[t * segments + l]) * static_cast<double>(rstd[t * segments + h]);
  for (std::size_t l = 0; l < p; ++l)
    for (std::size_t h = 0; h < p; ++h) {
      double g = 0;
      for (std::size_t j = 0; j < m; ++j)
        g += static_cast<double>(gain[l * m + j]) * static_cast<double>(gain[h * m + j]);
      G[l * p + h] = g * (segments == p ? R[l * p + h] : R[0]);
      for (std::size_t b = 0; b < p; ++b) K[l * p + h] += I(l, b) * I(h, b) / weight[b];
    }
  std::vector<double> shares;
  std::size_t first = 0;  // row of the block
  for (const Block& block : blocks) {
    const std::size_t rows = block.complex ? 2 : 1;
    double all = 0, own = 0;
    for (std::size_t a = first; a < first + rows; ++a)
      for (std::size_t l = 0; l < p; ++l)
        for (std::size_t h = 0; h < p; ++h) {
          const double g = weight[a] * F(a, l) * F(a, h) * G[l * p + h];
          all += g * K[l * p + h];
          for (std::size_t b = first; b < first + rows; ++b) own += g * I(l, b) * I(h, b) / weight[b];
        }
    const double off = all - own;
    shares.push_back(all == 0 ? 0 : off < 0 ? 0 : off / all);
    first += rows;
  }
  return shares;
}

template <class T>
void SliceObserver<T>::mixing(const Pass<T>& pass, std::size_t i, SliceFigures& figures) const {
  const std::size_t S = s_.blocks.size();
  if (s_.spectral_stream || s_.p == 1) return;  // norms act on each slice alone
  for (const std::size_t which : {0, 1}) {
    const std::vector<double> shares =
        off_diagonal_shares(s_.blocks, pass.mixing.F, pass.mixing.I, pass.weights + s_.layers[i].gain[which],
                            s_.m, rstd_.data() + (2 * i + which) * tokens_ * segments_, tokens_, segments_);
    for (std::size_t b = 0; b < S; ++b) figures.off_diagonal_mixing[i * S + b] += shares[b] / 2;
  }
}

template <class T>
SliceFigures SliceObserver<T>::figures(const Pass<T>& pass, int threads) const {
  const std::size_t S = s_.blocks.size(), n = s_.depth * S;
  SliceFigures f;
  f.energy.resize(n), f.effective_rank.resize(n), f.attention_entropy.resize(n);
  f.off_diagonal_mixing.assign(n, 0.0);
  parallel_for(n, threads, [&](std::size_t at, int) { outputs(at / S, at % S, f); });
  for (std::size_t i = 0; i < s_.depth; ++i) mixing(pass, i, f);
  return f;
}

#define TUBAL_INSTANTIATE(T)                                                                            \
  template class SliceObserver<T>;                                                                      \
  template std::vector<double> off_diagonal_shares(const std::vector<Block>&, const Tensor<double, 2>&, \
                                                   const Tensor<double, 2>&, const T*, std::size_t,     \
                                                   const T*, std::size_t, std::size_t);
TUBAL_INSTANTIATE(float)
TUBAL_INSTANTIATE(double)
#undef TUBAL_INSTANTIATE

}  // namespace tubal
