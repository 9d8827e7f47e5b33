#include "layers/encoder.hpp"

namespace tubal {

template <class T>
void forward(const Pass<T>& pass, const Group& group, Workspace<T>& w) {
  const auto join = [&](std::size_t j) {
    junction(pass, group, j, w);
    if (pass.observer) pass.observer->after_junction(pass, group, j, w);
  };
  embed(pass, group, w);
  join(0);
  for (std::size_t i = 0; i < pass.s.depth; ++i) {
    attention_sublayer(pass, group, i, state(pass, w, 2 * i).input.data(), w);
    join(2 * i + 1);
    feed_forward_sublayer(pass, group, i, state(pass, w, 2 * i + 1).input.data(), w);
    join(2 * i + 2);
  }
  classify(pass, group, w);
}

template <class T>
void backward(const Pass<T>& pass, const Group& group, Workspace<T>& w, Lane<T>& lane) {
  classify_backward(pass, group, w, lane);
  for (std::size_t i = pass.s.depth; i-- > 0;) {
    junction_backward(pass, group, 2 * i + 2, w, lane);
    feed_forward_sublayer_backward(pass, group, i, w.junctions[2 * i + 1].input.data(), w, lane);
    junction_backward(pass, group, 2 * i + 1, w, lane);
    attention_sublayer_backward(pass, group, i, w.junctions[2 * i].input.data(), w, lane);
  }
  junction_backward(pass, group, 0, w, lane);
  embed_backward(pass, group, w, lane);
}

#define TUBAL_INSTANTIATE(T)                                          \
  template void forward(const Pass<T>&, const Group&, Workspace<T>&); \
  template void backward(const Pass<T>&, const Group&, Workspace<T>&, Lane<T>&);
TUBAL_INSTANTIATE(float)
TUBAL_INSTANTIATE(double)
#undef TUBAL_INSTANTIATE

}  // namespace tubal
