#include "core/kernels.hpp"
#include "layers/products.hpp"

namespace tubal {

namespace {

// q, k and v of a block lie behind one another in a row [3d]: 3*offset + {0, 1, 2} width, heads side by side
// in each.
template <class F>
void each_head(const Structure& s, const Group& group, F f) {
  for (const Group::Sequence& q : group.sequences) {
    std::size_t h = 0;
    for (const Block& b : s.blocks)
      for (std::size_t j = 0; j < b.heads; ++j, ++h) f(q, b, j * b.head_width, h);
  }
}

}  // namespace

template <class T>
void attention_sublayer(const Pass<T>& pass, const Group& group, std::size_t i, const T* u, Workspace<T>& w) {
  const Structure& s = pass.s;
  LayerState<T>& l = layer_state(pass, w, i);
  linear_forward(pass, s.layers[i].qkv, s.config.attention_bias, 3, 1, group.T, u, l.qkv.data());
  each_head(s, group, [&](const Group::Sequence& q, const Block& b, std::size_t column, std::size_t h) {
    const T* qkv = l.qkv.data() + q.row * 3 * s.d + 3 * b.offset + column;
    attention_forward<T>(q.length, b.head_width, {qkv, 3 * s.d}, {qkv + b.width, 3 * s.d},
                         {qkv + 2 * b.width, 3 * s.d},
                         {l.attended.data() + q.row * s.d + b.offset + column, s.d},
                         l.log_sum_exp.data() + h * group.T + q.row, w.attention);
  });
  linear_forward(pass, s.layers[i].output, s.config.attention_bias, 1, 1, group.T, l.attended.data(),
                 w.y.data());
}

template <class T>
void attention_sublayer_backward(const Pass<T>& pass, const Group& group, std::size_t i, const T* u,
                                 Workspace<T>& w, Lane<T>& lane) {
  const Structure& s = pass.s;
  LayerState<T>& l = layer_state(pass, w, i);
  T *dattended = w.du.data(), *dqkv = w.dwide.data();
  linear_backward(pass, s.layers[i].output, s.config.attention_bias, 1, 1, group.T, w.dy.data(),
                  l.attended.data(), dattended, lane.gradient.data());
  each_head(s, group, [&](const Group::Sequence& q, const Block& b, std::size_t column, std::size_t h) {
    const std::size_t at = q.row * 3 * s.d + 3 * b.offset + column, out = q.row * s.d + b.offset + column,
                      row = 3 * s.d;
    const T* qkv = l.qkv.data() + at;
    T* g = dqkv + at;
    attention_backward<T>(q.length, b.head_width, {qkv, row}, {qkv + b.width, row}, {qkv + 2 * b.width, row},
                          {l.attended.data() + out, s.d}, {dattended + out, s.d},
                          l.log_sum_exp.data() + h * group.T + q.row, {g, row}, {g + b.width, row},
                          {g + 2 * b.width, row}, w.attention);
  });
  // The key's bias shifts all scores of a query alike, which softmax does not see: its gradient is exactly 0,
  // and is left so instead of adding up rounding errors that AdamW would blow up to full steps.
  if (s.config.attention_bias)
    for (std::size_t b = 0; b < s.blocks.size(); ++b)
      for (const std::size_t part : {0, 2}) {
        const std::size_t width = s.blocks[b].width;
        kernels<T>().column_sum(dqkv + 3 * s.blocks[b].offset + part * width,
                                lane.gradient.data() + s.layers[i].qkv.bias[b] + part * width, group.T, width,
                                3 * s.d);
      }
  linear_backward(pass, s.layers[i].qkv, false, 3, 1, group.T, dqkv, u, w.du.data(), lane.gradient.data());
}

namespace {

// The activation in the original domain: rows of hidden tubes [p, r m] go there and back.
template <class T>
void tubes(const TubeMap<T>& map, bool adjoint, const Structure& s, const T* x, T* y, std::size_t tokens) {
  const std::size_t n = s.r * s.d;
  if (map.present)
    kernels<T>().tube((adjoint ? map.adjoint : map.forward).data(), s.p, x, y, tokens, s.r * s.m);
  else
    std::copy(x, x + tokens * n, y);
}

template <class T>
void add_map_gradient(const Structure& s, Lane<T>& lane, MapName map, const T* dy, const T* x,
                      std::size_t tokens) {
  if (!lane.maps[map].empty())
    kernels<T>().tube_gradient(dy, x, lane.maps[map].data(), s.p, tokens, s.r * s.m);
}

}  // namespace

template <class T>
void feed_forward_sublayer(const Pass<T>& pass, const Group& group, std::size_t i, const T* u,
                           Workspace<T>& w) {
  const Structure& s = pass.s;
  LayerState<T>& l = layer_state(pass, w, i);
  const std::size_t n = group.T * s.r * s.d;
  const auto activate = s.config.activation == Activation::gelu ? kernels<T>().gelu : kernels<T>().relu;
  linear_forward(pass, s.layers[i].expand, true, s.r, 1, group.T, u, l.hidden.data());
  if (s.config.activation_domain == Domain::spectral) {
    activate(l.hidden.data(), w.wide.data(), n);
  } else {
    tubes(pass.mixing.maps[act_in], false, s, l.hidden.data(), w.middle.data(), group.T);
    activate(w.middle.data(), w.middle.data(), n);
    tubes(pass.mixing.maps[act_out], false, s, w.middle.data(), w.wide.data(), group.T);
  }
  linear_forward(pass, s.layers[i].contract, true, 1, s.r, group.T, w.wide.data(), w.y.data());
}

template <class T>
void feed_forward_sublayer_backward(const Pass<T>& pass, const Group& group, std::size_t i, const T* u,
                                    Workspace<T>& w, Lane<T>& lane) {
  const Structure& s = pass.s;
  const Kernels<T>& kernel = kernels<T>();
  LayerState<T>& l = layer_state(pass, w, i);
  const std::size_t n = group.T * s.r * s.d, d = s.d;
  const auto activate_backward =
      s.config.activation == Activation::gelu ? kernel.gelu_backward : kernel.relu_backward;
  T *dg = w.dwide.data(), *g = w.wide.data(), *dy = w.dy.data();

  // g is made again from the hidden layer, so dg comes first and the weights' gradient after it.
  for (std::size_t b = 0; b < s.blocks.size(); ++b) {
    const Block& k = s.blocks[b];
    input_product(pass, group.T, k.width, s.r * k.width, dy + k.offset, d, s.layers[i].contract.weight[b],
                  dg + s.r * k.offset, s.r * d);
  }
  if (s.config.activation_domain == Domain::spectral) {
    activate_backward(l.hidden.data(), g, dg, n);
  } else {
    // original: o = I h, g = F act(o); dact = F^T dg, do = dact act'(o), dh = I^T do.
    T *o = w.middle.data(), *dact = w.middle.data() + n;
    tubes(pass.mixing.maps[act_in], false, s, l.hidden.data(), o, group.T);
    tubes(pass.mixing.maps[act_out], true, s, dg, dact, group.T);
    T* activated = g;
    if (lane.maps[act_out].empty()) {
      activate_backward(o, o, dact, n);
    } else {
      activate_backward(o, activated, dact, n);
      add_map_gradient(s, lane, act_out, dg, activated, group.T);
      add_map_gradient(s, lane, act_in, dact, l.hidden.data(), group.T);
      std::copy(activated, activated + n, o);
    }
    tubes(pass.mixing.maps[act_out], false, s, o, g, group.T);
    tubes(pass.mixing.maps[act_in], true, s, dact, dg, group.T);
  }
  T* gradient = lane.gradient.data();
  for (std::size_t b = 0; b < s.blocks.size(); ++b) {
    const Block& k = s.blocks[b];
    kernel.column_sum(dy + k.offset, gradient + s.layers[i].contract.bias[b], group.T, k.width, d);
    weight_product(pass, group.T, k.width, s.r * k.width, dy + k.offset, d, g + s.r * k.offset, s.r * d,
                   gradient + s.layers[i].contract.weight[b]);
  }
  linear_backward(pass, s.layers[i].expand, true, s.r, 1, group.T, dg, u, w.du.data(), gradient);
}

#define TUBAL_INSTANTIATE(T)                                                                               \
  template void attention_sublayer(const Pass<T>&, const Group&, std::size_t, const T*, Workspace<T>&);    \
  template void attention_sublayer_backward(const Pass<T>&, const Group&, std::size_t, const T*,           \
                                            Workspace<T>&, Lane<T>&);                                      \
  template void feed_forward_sublayer(const Pass<T>&, const Group&, std::size_t, const T*, Workspace<T>&); \
  template void feed_forward_sublayer_backward(const Pass<T>&, const Group&, std::size_t, const T*,        \
                                               Workspace<T>&, Lane<T>&);
TUBAL_INSTANTIATE(float)
TUBAL_INSTANTIATE(double)
#undef TUBAL_INSTANTIATE

}  // namespace tubal
