// What the lanes of a batch have added up becomes the gradient, in an order that no
// number of threads changes.
#include <algorithm>

#include "core/kernels.hpp"
#include "core/parallel.hpp"
#include "layers/model/implementation.hpp"

namespace tubal {

template <class T>
void Model<T>::Impl::reset(Lane<T>& lane) {
  const std::size_t size = lane_size();
  lane.gradient.reserve(size);
  std::fill(lane.gradient.data(), lane.gradient.data() + size, T(0));
  maps.reset(s, lane.maps);
}

// Adds the lanes in order, piece by piece, and chains effective gradients to the parameters'.
template <class T>
void Model<T>::Impl::reduce(std::size_t used) {
  constexpr std::size_t piece = 1 << 15;
  T* sum = lanes[0].gradient.data();
  const std::size_t size = lane_size();
  parallel_for((size + piece - 1) / piece, threads, [&](std::size_t i, int) {
    const std::size_t begin = i * piece, count = std::min(piece, size - begin);
    for (std::size_t l = 1; l < used; ++l)
      kernels<T>().add(lanes[l].gradient.data() + begin, sum + begin, count);
  });
  const auto add_all = [](const auto& from, auto& to) {
    for (std::size_t i = 0; i < from.size(); ++i) to[i] += from[i];
  };
  MapGradients<T>& first = lanes[0].maps;
  for (std::size_t l = 1; l < used; ++l) {
    const MapGradients<T>& own = lanes[l].maps;
    add_all(own.positions, first.positions);
    for (std::size_t k = 0; k < own.maps.size(); ++k) add_all(own.maps[k], first.maps[k]);
    for (std::size_t t = 0; t < own.factors.size(); ++t) add_all(own.factors[t], first.factors[t]);
  }
  if (s.parameters.has_complex()) s.parameters.from_effective(sum, chained.data());
  // Behind the mirrored parameters come those whose gradient is chained.
  std::fill(gradient() + s.parameters.mirrored_size(), gradient() + s.dense_size, T(0));
  maps.chain(s, values.data(), first, gradient());
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
  constexpr std::size_t rows_at_once = 64;
  parallel_for((rows.size() + rows_at_once - 1) / rows_at_once, threads, [&](std::size_t piece, int) {
    const std::size_t end = std::min(rows.size(), (piece + 1) * rows_at_once);
    for (std::size_t r = piece * rows_at_once; r < end; ++r) {
      T* sum = row_gradient.data() + r * s.d;
      std::fill(sum, sum + s.d, T(0));
      for (std::size_t i = begin[r]; i < begin[r + 1]; ++i)
        kernels<T>().add(token_gradient.data() + static_cast<std::size_t>(order[i].second) * s.d, sum, s.d);
      if (T* dense = shared_gradient())
        kernels<T>().add(sum, dense + static_cast<std::size_t>(rows[r]) * s.d, s.d);
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
