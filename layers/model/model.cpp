#include "layers/model.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/error.hpp"
#include "layers/model/adamw_step.hpp"
#include "layers/model/implementation.hpp"
#include "layers/model/nonfinite.hpp"
#include "layers/model/slice_figures.hpp"

namespace tubal {

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
  if (m.s.head->by_token() && batch.targets.empty())
    throw UsageError("batch: a language model is trained on targets, the token that follows each token");
  const Weights<T> weights = m.prepare();
  Pass<T> pass = m.make_pass(batch, weights);
  m.token_gradient.reserve(batch.tokens.size() * m.s.d);
  pass.training = true;
  pass.seed = seed;
  pass.step = step;
  pass.embedding_gradient = m.token_gradient.data();
  if (capture) {
    for (Tensor<T, 2>* x : {&capture->encoder_input, &capture->encoder_output})
      x->resize({batch.tokens.size(), m.s.d});
    capture->logits.resize({m.loss_count(batch), m.s.head->outputs()});
    pass.encoder_input = capture->encoder_input.data();
    pass.encoder_output = capture->encoder_output.data();
    pass.logits = capture->logits.data();
  }
  const std::vector<std::vector<Group>> lanes = cut_into_lanes(m.s, batch);
  if (m.lanes.size() < lanes.size()) m.lanes.resize(lanes.size());
  Extent extent;
  for (const std::vector<Group>& lane : lanes) extent.cover(lane);
  parallel_for(lanes.size(), m.threads, [&](std::size_t l, int worker) {
    Workspace<T>& w = m.workers[worker];
    w.reserve(m.s, extent, true, m.maps.learned());
    m.reset(m.lanes[l]);
    for (const Group& group : lanes[l]) train(pass, group, w, m.lanes[l]);
  });
  m.reduce(lanes.size());
  m.reduce_embedding(batch);
  return m.result(batch);
}

template <class T>
BatchResult Model<T>::evaluate(const Batch& batch, Tensor<T, 2>* logits, const SliceFactors* factors) {
  Impl& m = *impl_;
  if (factors && (factors->at == ScalingPlace::position || factors->at == ScalingPlace::learning_rate))
    throw UsageError("factors act at input, residual or output, not at `" + name(factors->at) + "`");
  if (factors) m.check_count(*factors);
  const Weights<T> weights = m.prepare(factors);
  Pass<T> pass = m.make_pass(batch, weights);
  if (logits) {
    logits->resize({m.loss_count(batch), m.s.head->outputs()});
    pass.logits = logits->data();
  }
  m.look(pass);
  return m.result(batch);
}

template <class T>
std::vector<double> Model<T>::losses(const Batch& batch) {
  evaluate(batch);
  return impl_->losses;
}

template <class T>
SliceFigures Model<T>::slice_figures(const Batch& batch) {
  Impl& m = *impl_;
  const Weights<T> weights = m.prepare();
  Pass<T> pass = m.make_pass(batch, weights);
  SliceObserver<T> observer(m.s, batch);
  pass.observer = &observer;
  m.look(pass);
  return observer.figures(pass, m.threads);
}

template <class T>
NonFinite Model<T>::find_nonfinite(const Batch& batch, std::uint64_t seed, std::int64_t step) {
  Impl& m = *impl_;
  const std::size_t entries = m.s.parameters.entries.size();
  NonFinite found = nonfinite_entry<T>(
      m.s, 0, entries, [&](std::size_t i) { return m.values.data() + m.s.parameters.entries[i].offset; });
  if (!found.parameter.empty()) {
    found.when = NonFinite::parameters;
    return found;
  }
  NonFiniteObserver<T> observer(m.s, m.values.data());
  {
    struct Looking {  // one group after the other; no number of threads changes the numbers
      Impl& m;
      int threads = std::exchange(m.threads, 1);
      ~Looking() {
        m.threads = threads;
        m.observer = nullptr;
      }
    } looking{m};
    m.observer = &observer;
    if (step > 0)
      gradients(batch, seed, step);
    else
      evaluate(batch);
  }
  if (observer.found().when != NonFinite::nowhere || step == 0) return observer.found();
  const std::vector<NamedTensor<T>> all = parameters();
  found = nonfinite_entry<T>(m.s, 0, entries, [&](std::size_t i) { return all[i].gradient; });
  if (!found.parameter.empty())
    found.when = NonFinite::gradient;
  else if (!std::isfinite(m.gradient_norm()))
    found = largest_gradient(m.s, all);
  return found;
}

template <class T>
double Model<T>::update(const AdamWSettings& settings, std::int64_t step) {
  if (!impl_->gradient()) impl_->reset(impl_->lanes[0]);  // none computed yet: zeros
  const double norm = impl_->gradient_norm();
  if (!std::isfinite(norm)) return norm;
  impl_->adamw(settings, step, static_cast<T>(clip_factor(settings, norm)));
  return norm;
}

template <class T>
std::vector<NamedTensor<T>> Model<T>::parameters(bool token_gradient) {
  Impl& m = *impl_;
  if (!m.gradient()) m.reset(m.lanes[0]);  // none computed yet: zeros
  T* of_tokens = m.shared_gradient();
  if (token_gradient && !of_tokens) {
    m.embedding_gradient.assign(m.s.V * m.s.d, T(0));
    for (const std::int32_t v : m.rows)
      std::copy_n(m.row_gradient.data() + m.slot[v] * m.s.d, m.s.d, m.embedding_gradient.data() + v * m.s.d);
    of_tokens = m.embedding_gradient.data();
  }
  std::vector<NamedTensor<T>> out;
  for (const ParameterEntry& e : m.s.parameters.entries) {
    T* g = e.name != "token_embedding" ? m.gradient() + e.offset : token_gradient ? of_tokens : nullptr;
    out.push_back(
        {e.name, e.shape, m.values.data() + e.offset, g, e.outer_stride, e.decays, !e.bins.empty()});
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

template <class T>
double Model<T>::forward_flops(double tokens, double squares) const {
  return impl_->s.forward_flops(tokens, squares);
}

template <class T>
std::vector<std::string> Model<T>::transform_schemes() {
  Impl& m = *impl_;
  m.prepare();
  std::vector<std::string> schemes;
  for (std::size_t t = 0; t < m.s.transforms.size(); ++t) {
    const std::string to = m.maps.map(MapRole::to_sub, t).description(m.s.m),
                      from = m.maps.map(MapRole::from_sub, t).description(m.s.m);
    schemes.push_back(to.empty() && from.empty() ? "none" : to == from ? to : to + " and " + from);
  }
  return schemes;
}

template class Model<float>;
template class Model<double>;

}  // namespace tubal
