// What the lanes of a batch have added up becomes the gradient, in an order that no number of threads
// changes.
#include <algorithm>

#include "core/kernels.hpp"
#include "core/parallel.hpp"
#include "layers/complex_weights.hpp"
#include "layers/model_impl.hpp"

namespace tubal {

template <class T>
void Model<T>::Impl::reset(Lane<T>& lane) {
  const std::size_t size = std::max(s.effective_size, s.dense_size);
  lane.gradient.reserve(size);
  std::fill(lane.gradient.data(), lane.gradient.data() + size, T(0));
  lane.positions.assign(mixing.position_learned ? s.config.max_length * s.d : 0, T(0));
  lane.maps.assign(map_count, {});
  for (int i = 0; i < map_count; ++i)
    if (mixing.learned && mixing.maps[i].present) lane.maps[i].assign(s.p * s.p, 0.0);
}

// Where position embedding, learned gains and theta begin in the parameter arena.
template <class T>
std::size_t Model<T>::Impl::dense_head() const {
  std::size_t head = s.dense_size;
  if (s.config.position.kind == PositionKind::learned) head = std::min(head, s.position_embedding);
  if (s.scaling_count) head = std::min(head, s.scaling_gain);
  if (s.theta_count) head = std::min(head, s.theta);
  return head;
}

// Adds the lanes in order, piece by piece, and chains effective gradients to the parameters'.
template <class T>
void Model<T>::Impl::reduce(std::size_t used) {
  constexpr std::size_t piece = 1 << 15;
  T* sum = lanes[0].gradient.data();
  parallel_for((s.effective_size + piece - 1) / piece, threads, [&](std::size_t i, int) {
    const std::size_t begin = i * piece, count = std::min(piece, s.effective_size - begin);
    for (std::size_t l = 1; l < used; ++l)
      kernels<T>().add(lanes[l].gradient.data() + begin, sum + begin, count);
  });
  if (s.has_complex) from_effective(s, sum, chained.data());
  for (std::size_t l = 1; l < used; ++l) {
    for (std::size_t i = 0; i < lanes[l].positions.size(); ++i)
      lanes[0].positions[i] += lanes[l].positions[i];
    for (int k = 0; k < map_count; ++k)
      for (std::size_t i = 0; i < lanes[l].maps[k].size(); ++i) lanes[0].maps[k][i] += lanes[l].maps[k][i];
  }
  std::fill(gradient() + dense_head(), gradient() + s.dense_size, T(0));
  mixing_gradients(s, values.data(), mixing, lanes[0].maps, lanes[0].positions, gradient());
}

// Sums the tokens' gradients into one row a distinct token, in the batch's order.
template <class T>
void Model<T>::Impl::reduce_embedding(const Batch& batch) {
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

#define TUBAL_INSTANTIATE(T)                         \
  template void Model<T>::Impl::reset(Lane<T>&);     \
  template void Model<T>::Impl::reduce(std::size_t); \
  template void Model<T>::Impl::reduce_embedding(const Batch&);
TUBAL_INSTANTIATE(float)
TUBAL_INSTANTIATE(double)
#undef TUBAL_INSTANTIATE

}  // namespace tubal
