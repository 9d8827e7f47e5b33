// Clipping and AdamW.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "core/kernels.hpp"
#include "core/parallel.hpp"
#include "layers/model/adamw_step.hpp"
#include "layers/model/implementation.hpp"
#include "layers/stack/frequency_scaling.hpp"

namespace tubal {

template <class T>
double Model<T>::Impl::gradient_norm() {
  constexpr std::size_t piece = 1 << 15;
  T* shared = shared_gradient();
  const std::span<const T> parts[] = {
      {gradient(), s.dense_size},
      shared ? std::span<const T>(shared, s.V * s.d) : std::span<const T>(row_gradient)};
  const std::size_t dense = (parts[0].size() + piece - 1) / piece,
                    words = (parts[1].size() + piece - 1) / piece;
  std::vector<double> squares(dense + words);
  parallel_for(squares.size(), threads, [&](std::size_t i, int) {
    const std::span<const T> g = parts[i >= dense];
    const std::size_t begin = (i < dense ? i : i - dense) * piece;
    squares[i] = kernels<T>().sum_of_squares(g.data() + begin, std::min(piece, g.size() - begin));
  });
  return std::sqrt(std::accumulate(squares.begin(), squares.end(), 0.0));
}

template <class T>
void Model<T>::Impl::adamw(const AdamWSettings& a, std::int64_t t, T clip) {
  // Slice k's encoder maps take lr a_k.
  const bool by_slice = scales(s.config.frequency_scaling, ScalingPlace::learning_rate);
  const auto factor = [&](const ParameterEntry& e, std::size_t o) {
    return by_slice && !e.bins.empty() ? maps.now(e.transform).by_bin[static_cast<std::size_t>(e.bins[o])]
                                       : 1.0;
  };

  struct Piece {
    std::size_t begin, count;
    AdamWStep<T> step;
  };
  std::vector<Piece> pieces;
  for (const ParameterEntry& e : s.parameters.entries) {
    if (e.name == "token_embedding") continue;
    const std::size_t inner = e.size() / e.shape[0];
    for (std::size_t o = 0; o < e.shape[0]; ++o)
      pieces.push_back(
          {e.offset + o * e.outer_stride, inner, adamw_step(a, t, e.decays, clip, factor(e, o))});
  }
  const AdamWStep<T> step = adamw_step(a, t, true, clip);
  const T* shared = shared_gradient();
  constexpr std::size_t rows_at_once = 256;
  const std::size_t words = (s.V + rows_at_once - 1) / rows_at_once;
  parallel_for(pieces.size() + words, threads, [&](std::size_t i, int) {
    if (i < pieces.size()) {
      const Piece& q = pieces[i];
      kernels<T>().adamw(values.data() + q.begin, first.data() + q.begin, second.data() + q.begin,
                         gradient() + q.begin, q.count, q.step);
      return;
    }
    for (std::size_t v = (i - pieces.size()) * rows_at_once;
         v < std::min(s.V, (i - pieces.size() + 1) * rows_at_once); ++v) {
      const std::size_t at = s.dense_size + v * s.d;
      if (shared)
        kernels<T>().adamw(values.data() + at, first.data() + at, second.data() + at, shared + v * s.d, s.d,
                           step);
      else if (slot[v] < 0)
        kernels<T>().adamw_no_gradient(values.data() + at, first.data() + at, second.data() + at, s.d, step);
      else
        kernels<T>().adamw(values.data() + at, first.data() + at, second.data() + at,
                           row_gradient.data() + slot[v] * s.d, s.d, step);
    }
  });
}

template double Model<float>::Impl::gradient_norm();
template double Model<double>::Impl::gradient_norm();
template void Model<float>::Impl::adamw(const AdamWSettings&, std::int64_t, float);
template void Model<double>::Impl::adamw(const AdamWSettings&, std::int64_t, double);

}  // namespace tubal
