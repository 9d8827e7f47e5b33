// The model's two ends: tokens to the stream, and the stream to logits and losses.
#include <algorithm>
#include <cmath>

#include "core/kernels.hpp"
#include "layers/encoder.hpp"

namespace tubal {

namespace {

// e[t] = E[token] + position
template <class T>
void gather(const Pass<T>& pass, const Group::Sequence& q, std::size_t i, T* e) {
  const std::size_t d = pass.s.d;
  const T* word = pass.embedding + static_cast<std::size_t>(pass.batch.tokens[q.batch_row + i]) * d;
  const T* position = pass.mixing.position_table.data() + i * d;
  for (std::size_t c = 0; c < d; ++c) e[c] = word[c] + position[c];
}

template <class T>
void apply(const Structure& s, const TubeMap<T>& map, bool adjoint, const T* x, T* y, std::size_t rows) {
  if (map.present)
    kernels<T>().tube((adjoint ? map.adjoint : map.forward).data(), s.p, x, y, rows, s.m);
  else if (x != y)
    std::copy(x, x + rows * s.d, y);
}

}  // namespace

template <class T>
void embed(const Pass<T>& pass, const Group& group, Workspace<T>& w) {
  const Structure& s = pass.s;
  const std::size_t d = s.d;
  const TubeMap<T>& map = pass.mixing.maps[entry];
  const DropoutRate<T> rate(s.config.dropout);
  for (const Group::Sequence& q : group.sequences) {
    for (std::size_t i = 0; i < q.length; ++i) {
      T *x = w.x.data() + (q.row + i) * d, *e = map.present ? w.rows.data() : x;
      gather(pass, q, i, e);
      if (map.present) kernels<T>().tube(map.forward.data(), s.p, e, x, 1, s.m);
    }
    if (pass.encoder_input) {  // in the original domain
      T* to = pass.encoder_input + q.batch_row * d;
      const T* x = w.x.data() + q.row * d;
      if (s.spectral_stream && pass.mixing.maps[exit_map].has_inverse) {
        const std::vector<T> I(pass.mixing.I.begin(), pass.mixing.I.end());
        kernels<T>().tube(I.data(), s.p, x, to, q.length, s.m);
      } else {
        std::copy(x, x + q.length * d, to);
      }
    }
    if (pass.training && s.config.dropout > 0)
      kernels<T>().dropout(w.x.data() + q.row * d, w.embedding_keep.data() + q.row * d, q.length, d,
                           pass.seed, dropout_stream(pass.step, 2 * s.depth + 1), q.batch_row, rate.threshold,
                           rate.scale);
  }
  if (pass.training && pass.mixing.learned) std::copy(w.x.data(), w.x.data() + group.T * d, w.entered.data());
}

template <class T>
void embed_backward(const Pass<T>& pass, const Group& group, Workspace<T>& w, Lane<T>& lane) {
  const Structure& s = pass.s;
  const std::size_t d = s.d;
  const TubeMap<T>& map = pass.mixing.maps[entry];
  const DropoutRate<T> rate(s.config.dropout);
  if (s.config.dropout > 0)
    kernels<T>().dropout_backward(w.dx.data(), w.embedding_keep.data(), w.dx.data(), group.T * d, rate.scale);
  for (const Group::Sequence& q : group.sequences)
    for (std::size_t i = 0; i < q.length; ++i) {
      const T* dx = w.dx.data() + (q.row + i) * d;
      if (!lane.maps[entry].empty()) {
        gather(pass, q, i, w.rows.data());
        kernels<T>().tube_gradient(dx, w.rows.data(), lane.maps[entry].data(), s.p, 1, s.m);
      }
      T* de = pass.embedding_gradient + (q.batch_row + i) * d;
      apply(s, map, true, dx, de, 1);
      if (!lane.positions.empty()) kernels<T>().add(de, lane.positions.data() + i * d, d);
    }
}

// pooled = mean over the sequence or its first token; logits = W (M pooled) + b. M commutes with pooling.
template <class T>
void classify(const Pass<T>& pass, const Group& group, Workspace<T>& w) {
  const Structure& s = pass.s;
  const std::size_t d = s.d, C = s.C, n = group.sequences.size();
  w.pooled.assign(n * d, T(0)), w.mapped.resize(n * d), w.logits.resize(n * C), w.dlogits.resize(n * C);
  const T *weight = pass.weights + s.classifier_weight, *bias = pass.weights + s.classifier_bias;
  for (std::size_t b = 0; b < n; ++b) {
    const Group::Sequence& q = group.sequences[b];
    T *pooled = w.pooled.data() + b * d, *v = w.mapped.data() + b * d, *logit = w.logits.data() + b * C;
    const T* x = w.x.data() + q.row * d;
    if (s.config.pooling == Pooling::mean) {
      kernels<T>().column_sum(x, pooled, q.length, d, d);
      for (std::size_t c = 0; c < d; ++c) pooled[c] /= static_cast<T>(q.length);
    } else {
      std::copy(x, x + d, pooled);
    }
    if (pass.encoder_output)
      apply(s, pass.mixing.maps[exit_map], false, x, pass.encoder_output + q.batch_row * d, q.length);
    apply(s, pass.mixing.maps[exit_map], false, pooled, v, 1);
    double top = -HUGE_VAL, sum = 0;
    for (std::size_t c = 0; c < C; ++c) {
      T dot = 0;
      kernels<T>().row_dots(v, d, weight + c * d, d, &dot, 1, d);
      logit[c] = dot + bias[c];
      top = std::max(top, static_cast<double>(logit[c]));
    }
    for (std::size_t c = 0; c < C; ++c) sum += std::exp(static_cast<double>(logit[c]) - top);
    const std::int32_t label = pass.batch.labels[q.index];
    if (pass.losses) pass.losses[q.index] = top + std::log(sum) - static_cast<double>(logit[label]);
    if (pass.predictions)
      pass.predictions[q.index] = static_cast<std::int32_t>(std::max_element(logit, logit + C) - logit);
    if (pass.logits) std::copy(logit, logit + C, pass.logits + q.index * C);
    const double share = 1.0 / static_cast<double>(pass.batch.size());
    for (std::size_t c = 0; c < C; ++c)
      w.dlogits[b * C + c] = static_cast<T>(share * (std::exp(static_cast<double>(logit[c]) - top) / sum -
                                                     (static_cast<std::int32_t>(c) == label)));
  }
}

template <class T>
void classify_backward(const Pass<T>& pass, const Group& group, Workspace<T>& w, Lane<T>& lane) {
  const Structure& s = pass.s;
  const std::size_t d = s.d, C = s.C;
  const T* weight = pass.weights + s.classifier_weight;
  T *dweight = lane.gradient.data() + s.classifier_weight, *dbias = lane.gradient.data() + s.classifier_bias;
  w.dpooled.resize(2 * d);
  for (std::size_t b = 0; b < group.sequences.size(); ++b) {
    const Group::Sequence& q = group.sequences[b];
    const T *g = w.dlogits.data() + b * C, *v = w.mapped.data() + b * d;
    T *dv = w.dpooled.data(), *dpooled = dv + d, *dx = w.dx.data() + q.row * d;
    std::fill(dv, dv + d, T(0));
    for (std::size_t c = 0; c < C; ++c) {
      dbias[c] += g[c];
      for (std::size_t i = 0; i < d; ++i) {
        dweight[c * d + i] += g[c] * v[i];
        dv[i] += g[c] * weight[c * d + i];
      }
    }
    if (!lane.maps[exit_map].empty())
      kernels<T>().tube_gradient(dv, w.pooled.data() + b * d, lane.maps[exit_map].data(), s.p, 1, s.m);
    apply(s, pass.mixing.maps[exit_map], true, dv, dpooled, 1);
    if (s.config.pooling == Pooling::mean) {
      for (std::size_t i = 0; i < d; ++i) dpooled[i] /= static_cast<T>(q.length);
      kernels<T>().fill_rows(dpooled, dx, q.length, d, d);
    } else {
      std::fill(dx, dx + q.length * d, T(0));
      std::copy(dpooled, dpooled + d, dx);
    }
  }
}

#define TUBAL_INSTANTIATE(T)                                                           \
  template void embed(const Pass<T>&, const Group&, Workspace<T>&);                    \
  template void embed_backward(const Pass<T>&, const Group&, Workspace<T>&, Lane<T>&); \
  template void classify(const Pass<T>&, const Group&, Workspace<T>&);                 \
  template void classify_backward(const Pass<T>&, const Group&, Workspace<T>&, Lane<T>&);
TUBAL_INSTANTIATE(float)
TUBAL_INSTANTIATE(double)
#undef TUBAL_INSTANTIATE

}  // namespace tubal
