#include "layers/model.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <numeric>

#include "core/error.hpp"
#include "core/kernels.hpp"
#include "core/parallel.hpp"
#include "layers/complex_weights.hpp"
#include "layers/encoder.hpp"
#include "layers/groups.hpp"
#include "layers/initialisation.hpp"
#include "layers/slice_figures.hpp"

namespace tubal {

template <class T>
struct Model<T>::Impl {
  Structure s;
  int threads;
  std::vector<T> values, first, second;  // parameter arena: dense parameters, token embedding
  std::vector<T> gradient;               // dense parameters
  Mixing<T> mixing;
  bool bfloat16 = false;
  std::vector<Bfloat16> rounded;  // effective weights, where linear maps run on such numbers
  std::vector<T> effective;       // only with complex slices; else the arena's head serves
  std::vector<Lane<T>> lanes;
  std::vector<Workspace<T>> workers;
  Buffer<T> token_gradient;              // [T, d]
  std::vector<T> row_gradient;           // [distinct tokens, d]
  std::vector<std::int32_t> rows, slot;  // distinct tokens; slot of each vocabulary entry or -1
  std::vector<T> embedding_gradient;     // [V, d], made when asked for
  std::vector<double> losses;
  std::vector<std::int32_t> predictions;

  Impl(const ModelConfig& config, int vocabulary, int classes, std::uint64_t seed, int n)
      : s(config, vocabulary, classes),
        threads(std::max(1, n)),
        values(s.arena_size()),
        first(s.arena_size(), T(0)),
        second(s.arena_size(), T(0)),
        gradient(s.dense_size, T(0)),
        slot(s.V, -1) {
    initialise(s, seed, values.data());
  }

  T* embedding() { return values.data() + s.dense_size; }

  /// Everything that the parameters determine: maps along tubes, position table, effective weights.
  const T* prepare(const SliceFactors* factors = nullptr) {
    build_mixing(s, values.data(), mixing, factors);
    if (workers.size() < static_cast<std::size_t>(threads)) workers.resize(threads);
    const T* weights = values.data();
    if (s.has_complex) {
      effective.resize(s.effective_size);
      to_effective(s, values.data(), effective.data());
      weights = effective.data();
    }
    if constexpr (std::is_same_v<T, float>)
      if (bfloat16) {
        rounded.resize(s.effective_size);
        constexpr std::size_t piece = 1 << 16;
        parallel_for((s.effective_size + piece - 1) / piece, threads, [&](std::size_t i, int) {
          const std::size_t begin = i * piece, n = std::min(piece, s.effective_size - begin);
          to_bfloat16(weights + begin, n, rounded.data() + begin, n, 1, n);
        });
      }
    return weights;
  }

  Pass<T> make_pass(const Batch& batch, const T* weights) {
    check_batch(s, batch);
    losses.assign(batch.size(), 0);
    predictions.assign(batch.size(), 0);
    Pass<T> pass{s, mixing, weights, embedding(), batch};
    pass.losses = losses.data(), pass.predictions = predictions.data();
    if (bfloat16) pass.rounded = rounded.data();
    return pass;
  }

  // Every group through the model, without what training needs.
  void look(const Pass<T>& pass) {
    const std::vector<Group> groups = cut_into_groups(s, pass.batch);
    std::size_t most = 0;
    for (const Group& g : groups) most = std::max(most, g.T);
    parallel_for(groups.size(), threads, [&](std::size_t i, int worker) {
      workers[worker].reserve(s, most, false, false);
      forward(pass, groups[i], workers[worker]);
    });
  }

  BatchResult result(const Batch& batch) const {
    BatchResult r;
    r.loss = std::accumulate(losses.begin(), losses.end(), 0.0) / static_cast<double>(batch.size());
    for (std::size_t b = 0; b < batch.size(); ++b) r.correct += predictions[b] == batch.labels[b];
    return r;
  }

  void reset(Lane<T>& lane) {
    lane.gradient.reserve(s.effective_size);
    std::fill(lane.gradient.data(), lane.gradient.data() + s.effective_size, T(0));
    lane.positions.assign(mixing.position_learned ? s.config.max_length * s.d : 0, T(0));
    lane.maps.assign(map_count, {});
    for (int i = 0; i < map_count; ++i)
      if (mixing.learned && mixing.maps[i].present) lane.maps[i].assign(s.p * s.p, 0.0);
  }

  // Adds the lanes in order, piece by piece, and chains effective gradients to the parameters'.
  void reduce(std::size_t used) {
    constexpr std::size_t piece = 1 << 15;
    T* sum = lanes[0].gradient.data();
    parallel_for((s.effective_size + piece - 1) / piece, threads, [&](std::size_t i, int) {
      const std::size_t begin = i * piece, count = std::min(piece, s.effective_size - begin);
      for (std::size_t l = 1; l < used; ++l)
        kernels<T>().add(lanes[l].gradient.data() + begin, sum + begin, count);
      if (!s.has_complex) std::copy(sum + begin, sum + begin + count, gradient.data() + begin);
    });
    if (s.has_complex) from_effective(s, sum, gradient.data());
    for (std::size_t l = 1; l < used; ++l) {
      for (std::size_t i = 0; i < lanes[l].positions.size(); ++i)
        lanes[0].positions[i] += lanes[l].positions[i];
      for (int k = 0; k < map_count; ++k)
        for (std::size_t i = 0; i < lanes[l].maps[k].size(); ++i) lanes[0].maps[k][i] += lanes[l].maps[k][i];
    }
    std::fill(gradient.begin() + static_cast<std::ptrdiff_t>(dense_head()), gradient.end(), T(0));
    mixing_gradients(s, values.data(), mixing, lanes[0].maps, lanes[0].positions, gradient.data());
  }

  // Where position embedding, learned gains and theta begin in the parameter arena.
  std::size_t dense_head() const {
    std::size_t head = s.dense_size;
    if (s.config.position.kind == "learned") head = std::min(head, s.position_embedding);
    if (s.scaling_count) head = std::min(head, s.scaling_gain);
    if (s.theta_count) head = std::min(head, s.theta);
    return head;
  }

  // Sums the tokens' gradients into one row a distinct token, in the batch's order.
  void reduce_embedding(const Batch& batch) {
    for (const std::int32_t v : rows) slot[v] = -1;
    rows.clear();
    std::vector<std::pair<std::int32_t, std::int32_t>> order(batch.tokens.size());
    for (std::size_t t = 0; t < order.size(); ++t) order[t] = {batch.tokens[t], static_cast<std::int32_t>(t)};
    std::sort(order.begin(), order.end());
    std::vector<std::size_t> begin;
    for (std::size_t i = 0; i < order.size(); ++i)
      if (i == 0 || order[i].first != order[i - 1].first) {
        slot[order[i].first] = static_cast<std::int32_t>(rows.size());
        rows.push_back(order[i].first);
        begin.push_back(i);
      }
    begin.push_back(order.size());
    row_gradient.resize(rows.size() * s.d);
    parallel_for((rows.size() + 63) / 64, threads, [&](std::size_t piece, int) {
      for (std::size_t r = piece * 64; r < std::min(rows.size(), piece * 64 + 64); ++r) {
        T* sum = row_gradient.data() + r * s.d;
        std::fill(sum, sum + s.d, T(0));
        for (std::size_t i = begin[r]; i < begin[r + 1]; ++i)
          kernels<T>().add(token_gradient.data() + static_cast<std::size_t>(order[i].second) * s.d, sum, s.d);
      }
    });
  }

  double gradient_norm() {
    constexpr std::size_t piece = 1 << 15;
    const std::size_t dense = (s.dense_size + piece - 1) / piece,
                      sparse = (row_gradient.size() + piece - 1) / piece;
    std::vector<double> squares(dense + sparse);
    parallel_for(squares.size(), threads, [&](std::size_t i, int) {
      const std::vector<T>& g = i < dense ? gradient : row_gradient;
      const std::size_t begin = (i < dense ? i : i - dense) * piece;
      squares[i] = kernels<T>().sum_of_squares(g.data() + begin, std::min(piece, g.size() - begin));
    });
    return std::sqrt(std::accumulate(squares.begin(), squares.end(), 0.0));
  }

  void adamw(const AdamWSettings& a, std::int64_t t, T clip);
};

template <class T>
Model<T>::Model(const ModelConfig& config, int vocabulary, int classes, std::uint64_t seed, int threads)
    : impl_(std::make_unique<Impl>(config, vocabulary, classes, seed, threads)) {}
template <class T>
Model<T>::~Model() = default;
template <class T>
Model<T>::Model(Model&&) noexcept = default;
template <class T>
const ModelConfig& Model<T>::config() const {
  return impl_->s.config;
}
template <class T>
void Model<T>::set_threads(int threads) {
  impl_->threads = std::max(1, threads);
}

template <class T>
void Model<T>::use_bfloat16() {
  const std::string why = std::is_same_v<T, float> ? why_no_bfloat16() : "the model's numbers are double";
  if (!why.empty()) throw UsageError("bf16 cannot be used: " + why + "; float can");
  impl_->bfloat16 = true;
}

template <class T>
BatchResult Model<T>::gradients(const Batch& batch, std::uint64_t seed, std::int64_t step,
                                Capture<T>* capture) {
  Impl& m = *impl_;
  const T* weights = m.prepare();
  Pass<T> pass = m.make_pass(batch, weights);
  m.token_gradient.reserve(batch.tokens.size() * m.s.d);
  pass.training = true, pass.seed = seed, pass.step = step, pass.embedding_gradient = m.token_gradient.data();
  if (capture) {
    for (Tensor<T, 2>* x : {&capture->encoder_input, &capture->encoder_output})
      x->resize({batch.tokens.size(), m.s.d});
    capture->logits.resize({batch.size(), m.s.C});
    pass.encoder_input = capture->encoder_input.data(), pass.encoder_output = capture->encoder_output.data();
    pass.logits = capture->logits.data();
  }
  const std::vector<std::vector<Group>> lanes = cut_into_lanes(m.s, batch);
  if (m.lanes.size() < lanes.size()) m.lanes.resize(lanes.size());
  std::size_t most = 0;
  for (const auto& lane : lanes)
    for (const Group& g : lane) most = std::max(most, g.T);
  parallel_for(lanes.size(), m.threads, [&](std::size_t l, int worker) {
    Workspace<T>& w = m.workers[worker];
    w.reserve(m.s, most, true, m.mixing.learned);
    m.reset(m.lanes[l]);
    for (const Group& group : lanes[l]) {
      forward(pass, group, w);
      backward(pass, group, w, m.lanes[l]);
    }
  });
  m.reduce(lanes.size());
  m.reduce_embedding(batch);
  return m.result(batch);
}

template <class T>
BatchResult Model<T>::evaluate(const Batch& batch, Tensor<T, 2>* logits, const SliceFactors* factors) {
  Impl& m = *impl_;
  if (factors && factors->factor.size() != m.s.blocks.size())
    throw UsageError("found " + std::to_string(factors->factor.size()) + " factors for " +
                     std::to_string(m.s.blocks.size()) + " slices");
  if (factors && factors->at != "input" && factors->at != "residual" && factors->at != "output")
    throw UsageError("factors act at input, residual or output, not at `" + factors->at + "`");
  const T* weights = m.prepare(factors);
  Pass<T> pass = m.make_pass(batch, weights);
  if (logits) logits->resize({batch.size(), m.s.C}), pass.logits = logits->data();
  m.look(pass);
  return m.result(batch);
}

template <class T>
SliceFigures Model<T>::slice_figures(const Batch& batch) {
  Impl& m = *impl_;
  const T* weights = m.prepare();
  Pass<T> pass = m.make_pass(batch, weights);
  SliceObserver<T> observer(m.s, batch);
  pass.observer = &observer;
  m.look(pass);
  return observer.figures(pass, m.threads);
}

template <class T>
void Model<T>::Impl::adamw(const AdamWSettings& a, std::int64_t t, T clip) {
  const double bias1 = 1 - std::pow(a.beta1, static_cast<double>(t)),
               bias2 = 1 - std::pow(a.beta2, static_cast<double>(t));
  const auto step_of = [&](bool decays, double factor) {
    const double lr = a.learning_rate * factor;
    return AdamWStep<T>{static_cast<T>(decays || a.decay_everything ? 1 - lr * a.weight_decay : 1),
                        static_cast<T>(lr / bias1),
                        static_cast<T>(a.beta1),
                        static_cast<T>(a.beta2),
                        static_cast<T>(1 / std::sqrt(bias2)),
                        static_cast<T>(a.eps),
                        clip};
  };
  const FrequencyScalingConfig& f = s.config.frequency_scaling;
  std::vector<double> by_bin;
  if (f.kind != "none" && f.at == "learning_rate") by_bin = mixing.by_bin;

  struct Piece {
    std::size_t begin, count;
    AdamWStep<T> step;
  };
  std::vector<Piece> pieces;
  for (const ParameterEntry& e : s.parameters) {
    if (e.name == "token_embedding") continue;
    const std::size_t inner = e.size() / e.shape[0];
    for (std::size_t o = 0; o < e.shape[0]; ++o)
      pieces.push_back({e.offset + o * e.outer_stride, inner,
                        step_of(e.matrix, by_bin.empty() || e.bins.empty() ? 1.0 : by_bin[e.bins[o]])});
  }
  const AdamWStep<T> step = step_of(true, 1);
  constexpr std::size_t rows_at_once = 256;
  const std::size_t words = (s.V + rows_at_once - 1) / rows_at_once;
  parallel_for(pieces.size() + words, threads, [&](std::size_t i, int) {
    if (i < pieces.size()) {
      const Piece& q = pieces[i];
      kernels<T>().adamw(values.data() + q.begin, first.data() + q.begin, second.data() + q.begin,
                         gradient.data() + q.begin, q.count, q.step);
      return;
    }
    for (std::size_t v = (i - pieces.size()) * rows_at_once;
         v < std::min(s.V, (i - pieces.size() + 1) * rows_at_once); ++v) {
      const std::size_t at = s.dense_size + v * s.d;
      if (slot[v] < 0)
        kernels<T>().adamw_no_gradient(values.data() + at, first.data() + at, second.data() + at, s.d, step);
      else
        kernels<T>().adamw(values.data() + at, first.data() + at, second.data() + at,
                           row_gradient.data() + slot[v] * s.d, s.d, step);
    }
  });
}

template <class T>
double Model<T>::update(const AdamWSettings& settings, std::int64_t step) {
  const double norm = impl_->gradient_norm();
  if (!std::isfinite(norm)) return norm;
  const bool clips = settings.gradient_clip > 0 && norm > settings.gradient_clip;
  impl_->adamw(settings, step, static_cast<T>(clips ? settings.gradient_clip / norm : 1));
  return norm;
}

template <class T>
std::vector<NamedTensor<T>> Model<T>::parameters() {
  Impl& m = *impl_;
  m.embedding_gradient.assign(m.s.V * m.s.d, T(0));
  for (const std::int32_t v : m.rows)
    std::copy_n(m.row_gradient.data() + m.slot[v] * m.s.d, m.s.d, m.embedding_gradient.data() + v * m.s.d);
  std::vector<NamedTensor<T>> out;
  for (const ParameterEntry& e : m.s.parameters) {
    T* g = e.name == "token_embedding" ? m.embedding_gradient.data() : m.gradient.data() + e.offset;
    out.push_back({e.name, e.shape, m.values.data() + e.offset, g, e.outer_stride, e.matrix});
  }
  return out;
}

template <class T>
std::span<T> Model<T>::values() {
  return impl_->values;
}
template <class T>
std::span<T> Model<T>::first_moment() {
  return impl_->first;
}
template <class T>
std::span<T> Model<T>::second_moment() {
  return impl_->second;
}

template <class T>
ParameterCounts Model<T>::counts() const {
  return count_parameters(impl_->s.config, static_cast<long long>(impl_->s.V),
                          static_cast<long long>(impl_->s.C));
}

template class Model<float>;
template class Model<double>;

}  // namespace tubal
