#include <algorithm>

#include "core/kernels.hpp"
#include "layers/model/encoder.hpp"

namespace tubal {

namespace {

// f(first row in the group, rows, first row in the batch) over pieces of one sequence that
// fit the first-level cache.
template <class F>
void each_piece(const Structure& s, const Group& group, F f) {
  const std::size_t step = row_block(s.d);
  for (const Sequence& q : group.sequences)
    for (std::size_t i = 0; i < q.length; i += step)
      f(q.row + i, std::min(step, q.length - i), q.batch_row + i);
}

// What meets at junction j. Post-norm stacks close step j-1 with its norm, pre-norm ones
// open step j with its own.
template <class T>
struct Meeting {
  bool branch, last;           // a sub-layer before; none behind
  const Norm* norm = nullptr;  // null: none here
  std::size_t norm_part = 0;
  std::size_t from = 0, to = 0;                            // indices of the maps below
  const TubeMap<T>*from_sub = nullptr, *to_sub = nullptr;  // null: no change of domain

  Meeting(const Pass<T>& pass, std::size_t j) : branch(j > 0), last(j == pass.s.steps.size()) {
    const Structure& s = pass.s;
    const Step *before = branch ? &s.steps[j - 1] : nullptr, *behind = last ? nullptr : &s.steps[j];
    if (const Step* owner = s.post_norm ? before : behind) {
      norm = owner->norm.get();
      norm_part = owner->norm_part;
    } else if (!s.post_norm) {
      norm = s.final_norm.get();
      norm_part = s.final_norm_part;
    }
    if (before && !before->sublayer->on_stream()) {
      from = Maps<T>::index(MapRole::from_sub, before->transform);
      if (pass.maps[from].map.present()) from_sub = &pass.maps[from].map;
    }
    if (behind && !behind->sublayer->on_stream()) {
      to = Maps<T>::index(MapRole::to_sub, behind->transform);
      if (pass.maps[to].map.present()) to_sub = &pass.maps[to].map;
    }
  }
};

}  // namespace

template <class T>
void junction(const Pass<T>& pass, const Group& group, std::size_t j, Workspace<T>& w) {
  const Structure& s = pass.s;
  const Kernels<T>& kernel = kernels<T>();
  JunctionState<T>& here = state(pass, w, j);
  const Meeting<T> at(pass, j);
  const bool drop = pass.training && s.config.dropout > 0;
  const DropoutRate<T> rate(s.config.dropout);
  const std::size_t d = s.d, segments = s.segments.count();
  const Weights<T> norm_weights = pass.weights.from(at.norm_part);
  if (at.branch && pass.training && pass.maps.learned())
    std::copy(w.y.data(), w.y.data() + group.T * d, here.branch.data());

  each_piece(s, group, [&](std::size_t t, std::size_t rows, std::size_t batch_row) {
    T *x = w.x.data() + t * d, *tmp = w.rows.data();
    if (at.branch) {
      T* z = w.y.data() + t * d;
      if (at.from_sub) {
        at.from_sub->forward(z, tmp, s.p, s.m, rows);
        z = tmp;
      }
      if (drop)
        kernel.dropout(z, here.keep.data() + t * d, rows, d, pass.seed, dropout_stream(pass.step, j),
                       batch_row, rate.threshold, rate.scale);
      kernel.add(z, x, rows * d);
    }
    const T* v = x;
    if (at.norm) {
      T* normed = !s.post_norm && !at.last ? tmp : x;
      at.norm->forward(norm_weights, x, here.normalised.data() + t * d, normed,
                       here.rstd.data() + t * segments, rows);
      v = normed;
    }
    T* u = here.input.data() + t * d;
    if (at.to_sub)
      at.to_sub->forward(v, u, s.p, s.m, rows);
    else if (!at.last)
      std::copy(v, v + rows * d, u);
  });
}

template <class T>
void junction_backward(const Pass<T>& pass, const Group& group, std::size_t j, Workspace<T>& w,
                       Lane<T>& lane) {
  const Structure& s = pass.s;
  const Kernels<T>& kernel = kernels<T>();
  JunctionState<T>& here = state(pass, w, j);
  const Meeting<T> at(pass, j);
  const DropoutRate<T> rate(s.config.dropout);
  const std::size_t d = s.d, segments = s.segments.count();
  const Weights<T> norm_weights = pass.weights.from(at.norm_part);
  T* norm_gradient = lane.gradient.data() + at.norm_part;
  // d loss / d a map, where it is there and asked for.
  const auto asked = [&](const TubeMap<T>* map, std::size_t index) {
    std::vector<double>& g = lane.maps.maps[index];
    return map && !g.empty() ? g.data() : nullptr;
  };
  double *d_to = asked(at.to_sub, at.to), *d_from = asked(at.from_sub, at.from);

  each_piece(s, group, [&](std::size_t t, std::size_t rows, std::size_t) {
    T *dx = w.dx.data() + t * d, *dv = w.rows.data();
    const T* n = here.normalised.data() + t * d;
    const std::size_t count = rows * d;
    if (!at.last) {
      const T* du = w.du.data() + t * d;
      if (d_to) {  // u = F v
        const T* v = w.entered.data() + t * d;
        if (at.norm) {
          at.norm->output(norm_weights, n, dv, rows);
          v = dv;
        }
        add_tube_gradient(du, v, d_to, s.p, s.m, rows);
      }
      if (at.to_sub)
        at.to_sub->adjoint(du, dv, s.p, s.m, rows);
      else
        std::copy(du, du + count, dv);
    }
    const auto through_norm = [&](const T* dy, T* dinput) {
      at.norm->backward(norm_weights, dy, n, here.rstd.data() + t * segments, dinput, norm_gradient, rows);
    };
    if (s.post_norm) {
      if (!at.last) kernel.add(dv, dx, count);
      if (at.norm) through_norm(dx, dx);
    } else if (at.last) {
      through_norm(dx, dx);
    } else {
      through_norm(dv, dv);
      kernel.add(dv, dx, count);
    }
    if (!at.branch) return;
    const T* dz = dx;  // x = x + D(G y)
    if (s.config.dropout > 0) {
      kernel.dropout_backward(dx, here.keep.data() + t * d, dv, count, rate.scale);
      dz = dv;
    }
    if (d_from)
      add_tube_gradient(dz, static_cast<const T*>(here.branch.data() + t * d), d_from, s.p, s.m, rows);
    T* dy = w.dy.data() + t * d;
    if (at.from_sub)
      at.from_sub->adjoint(dz, dy, s.p, s.m, rows);
    else
      std::copy(dz, dz + count, dy);
  });
}

#define TUBAL_INSTANTIATE(T)                                                        \
  template void junction(const Pass<T>&, const Group&, std::size_t, Workspace<T>&); \
  template void junction_backward(const Pass<T>&, const Group&, std::size_t, Workspace<T>&, Lane<T>&);
TUBAL_INSTANTIATE(float)
TUBAL_INSTANTIATE(double)
#undef TUBAL_INSTANTIATE

}  // namespace tubal
