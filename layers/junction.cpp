#include <algorithm>

#include "core/kernels.hpp"
#include "layers/encoder.hpp"

namespace tubal {

namespace {

// f(first row in the group, rows, first row in the batch) over pieces of one sequence that fit the
// first-level cache.
template <class F>
void each_piece(const Structure& s, const Group& group, F f) {
  const std::size_t step = std::max<std::size_t>(1, row_block(s.d));
  for (const Group::Sequence& q : group.sequences)
    for (std::size_t i = 0; i < q.length; i += step)
      f(q.row + i, std::min(step, q.length - i), q.batch_row + i);
}

template <class T>
struct NormOffsets {
  const T *gain, *bias;
  std::size_t gain_at, bias_at;
};

// The norm of junction j: post-norm layers close sub-layer j-1, pre-norm ones open sub-layer j.
template <class T>
NormOffsets<T> norm_of(const Pass<T>& pass, std::size_t j) {
  const Structure& s = pass.s;
  std::size_t gain = s.final_gain, bias = s.final_bias;
  const std::size_t sub = s.post_norm ? j - 1 : j;
  if (sub < 2 * s.depth) gain = s.layers[sub / 2].gain[sub % 2], bias = s.layers[sub / 2].bias[sub % 2];
  return {pass.weights + gain, pass.weights + bias, gain, bias};
}

template <class T>
void tube(const Structure& s, const TubeMap<T>& map, bool adjoint, const T* x, T* y, std::size_t rows) {
  if (map.present)
    kernels<T>().tube((adjoint ? map.adjoint : map.forward).data(), s.p, x, y, rows, s.m);
  else
    std::copy(x, x + rows * s.d, y);
}

}  // namespace

template <class T>
void junction(const Pass<T>& pass, const Group& group, std::size_t j, Workspace<T>& w) {
  const Structure& s = pass.s;
  const Kernels<T>& kernel = kernels<T>();
  JunctionState<T>& here = state(pass, w, j);
  const bool branch = j > 0, last = j == 2 * s.depth, norm = branch || !s.post_norm;
  const bool drop = pass.training && s.config.dropout > 0;
  const DropoutRate<T> rate(s.config.dropout);
  const std::size_t d = s.d, segments = s.segments.size() - 1;
  const TubeMap<T>&in = pass.mixing.maps[sub_in], &out = pass.mixing.maps[sub_out];
  const NormOffsets<T> n = norm ? norm_of(pass, j) : NormOffsets<T>{};
  if (branch && pass.training && pass.mixing.learned)
    std::copy(w.y.data(), w.y.data() + group.T * d, here.branch.data());

  each_piece(s, group, [&](std::size_t t, std::size_t rows, std::size_t batch_row) {
    T *x = w.x.data() + t * d, *tmp = w.rows.data();
    if (branch) {
      T* z = w.y.data() + t * d;
      if (out.present) kernel.tube(out.forward.data(), s.p, z, tmp, rows, s.m), z = tmp;
      if (drop)
        kernel.dropout(z, here.keep.data() + t * d, rows, d, pass.seed, dropout_stream(pass.step, j),
                       batch_row, rate.threshold, rate.scale);
      kernel.add(z, x, rows * d);
    }
    T* v = x;
    if (norm) {
      if (!s.post_norm && !last) v = tmp;
      kernel.norm(x, here.normalised.data() + t * d, v, here.rstd.data() + t * segments, n.gain, n.bias, rows,
                  d, s.segments.data(), segments);
    }
    if (!last) tube(s, in, false, v, here.input.data() + t * d, rows);
  });
}

template <class T>
void junction_backward(const Pass<T>& pass, const Group& group, std::size_t j, Workspace<T>& w,
                       Lane<T>& lane) {
  const Structure& s = pass.s;
  const Kernels<T>& kernel = kernels<T>();
  JunctionState<T>& here = state(pass, w, j);
  const bool branch = j > 0, last = j == 2 * s.depth, norm = branch || !s.post_norm;
  const DropoutRate<T> rate(s.config.dropout);
  const std::size_t d = s.d, segments = s.segments.size() - 1;
  const TubeMap<T>&in = pass.mixing.maps[sub_in], &out = pass.mixing.maps[sub_out];
  const NormOffsets<T> n = norm ? norm_of(pass, j) : NormOffsets<T>{};
  T* gradient = lane.gradient.data();

  each_piece(s, group, [&](std::size_t t, std::size_t rows, std::size_t) {
    T *dx = w.dx.data() + t * d, *dv = w.rows.data();
    const std::size_t count = rows * d;
    if (!last) {
      const T* du = w.du.data() + t * d;
      if (!lane.maps[sub_in].empty()) {  // u = F v
        const T* v = w.entered.data() + t * d;
        if (norm) kernel.affine(here.normalised.data() + t * d, n.gain, n.bias, dv, rows, d), v = dv;
        kernel.tube_gradient(du, v, lane.maps[sub_in].data(), s.p, rows, s.m);
      }
      tube(s, in, true, du, dv, rows);
    }
    const auto through_norm = [&](const T* dy, T* dinput) {
      kernel.norm_backward(dy, here.normalised.data() + t * d, here.rstd.data() + t * segments, n.gain,
                           dinput, gradient + n.gain_at, gradient + n.bias_at, rows, d, s.segments.data(),
                           segments);
    };
    if (s.post_norm) {
      if (!last) kernel.add(dv, dx, count);
      if (norm) through_norm(dx, dx);
    } else if (last) {
      through_norm(dx, dx);
    } else {
      through_norm(dv, dv);
      kernel.add(dv, dx, count);
    }
    if (!branch) return;
    const T* dz = dx;  // x = x + D(G y)
    if (s.config.dropout > 0)
      kernel.dropout_backward(dx, here.keep.data() + t * d, dv, count, rate.scale), dz = dv;
    if (!lane.maps[sub_out].empty())
      kernel.tube_gradient(dz, here.branch.data() + t * d, lane.maps[sub_out].data(), s.p, rows, s.m);
    tube(s, out, true, dz, w.dy.data() + t * d, rows);
  });
}

#define TUBAL_INSTANTIATE(T)                                                        \
  template void junction(const Pass<T>&, const Group&, std::size_t, Workspace<T>&); \
  template void junction_backward(const Pass<T>&, const Group&, std::size_t, Workspace<T>&, Lane<T>&);
TUBAL_INSTANTIATE(float)
TUBAL_INSTANTIATE(double)
#undef TUBAL_INSTANTIATE

}  // namespace tubal
