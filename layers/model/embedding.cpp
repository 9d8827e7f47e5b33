// The model's front end: tokens to the stream.
#include <algorithm>

#include "core/kernels.hpp"
#include "layers/model/encoder.hpp"

namespace tubal {

namespace {

// e[t] = E[token] + position
template <class T>
void gather(const Pass<T>& pass, const Sequence& q, std::size_t i, T* e) {
  const std::size_t d = pass.s.d;
  const T* word = pass.embedding.values + static_cast<std::size_t>(pass.batch.tokens[q.batch_row + i]) * d;
  if (pass.maps.position_table().empty()) {
    std::copy(word, word + d, e);
    return;
  }
  const T* position = pass.maps.position_table().data() + i * d;
  for (std::size_t c = 0; c < d; ++c) e[c] = word[c] + position[c];
}

}  // namespace

template <class T>
void embed(const Pass<T>& pass, const Group& group, Workspace<T>& w) {
  const Structure& s = pass.s;
  const std::size_t d = s.d;
  const TubeMap<T>& map = pass.maps.map(MapRole::entry);
  const DropoutRate<T> rate(s.config.dropout);
  for (const Sequence& q : group.sequences) {
    for (std::size_t i = 0; i < q.length; ++i) {
      T *x = w.x.data() + (q.row + i) * d, *e = map.present() ? w.rows.data() : x;
      gather(pass, q, i, e);
      if (map.present()) map.forward(e, x, s.p, s.m, 1);
    }
    if (pass.encoder_input) {  // in the original domain
      T* to = pass.encoder_input + q.batch_row * d;
      const T* x = w.x.data() + q.row * d;
      if (s.spectral_stream)
        TubeMap<T>(s.p, pass.maps.now(0).I.data()).forward(x, to, s.p, s.m, q.length);
      else
        std::copy(x, x + q.length * d, to);
    }
    if (pass.training && s.config.dropout > 0)
      kernels<T>().dropout(w.x.data() + q.row * d, w.embedding_keep.data() + q.row * d, q.length, d,
                           pass.seed, dropout_stream(pass.step, s.steps.size() + 1), q.batch_row,
                           rate.threshold, rate.scale);
  }
  if (pass.training && pass.maps.learned()) std::copy(w.x.data(), w.x.data() + group.T * d, w.entered.data());
}

template <class T>
void embed_backward(const Pass<T>& pass, const Group& group, Workspace<T>& w, Lane<T>& lane) {
  const Structure& s = pass.s;
  const std::size_t d = s.d;
  const TubeMap<T>& map = pass.maps.map(MapRole::entry);
  std::vector<double>& d_entry = lane.maps.maps[Maps<T>::index(MapRole::entry)];
  const DropoutRate<T> rate(s.config.dropout);
  if (s.config.dropout > 0)
    kernels<T>().dropout_backward(w.dx.data(), w.embedding_keep.data(), w.dx.data(), group.T * d, rate.scale);
  for (const Sequence& q : group.sequences)
    for (std::size_t i = 0; i < q.length; ++i) {
      const T* dx = w.dx.data() + (q.row + i) * d;
      if (!d_entry.empty()) {
        gather(pass, q, i, w.rows.data());
        add_tube_gradient<T>(dx, w.rows.data(), d_entry.data(), s.p, s.m, 1);
      }
      T* de = pass.embedding_gradient + (q.batch_row + i) * d;
      map.adjoint(dx, de, s.p, s.m, 1);
      if (!lane.maps.positions.empty()) kernels<T>().add(de, lane.maps.positions.data() + i * d, d);
    }
}

#define TUBAL_INSTANTIATE(T)                                        \
  template void embed(const Pass<T>&, const Group&, Workspace<T>&); \
  template void embed_backward(const Pass<T>&, const Group&, Workspace<T>&, Lane<T>&);
TUBAL_INSTANTIATE(float)
TUBAL_INSTANTIATE(double)
#undef TUBAL_INSTANTIATE

}  // namespace tubal
