#include "layers/model/encoder.hpp"

#include <algorithm>

namespace tubal {

template <class T>
Frame<T> frame_of(const Pass<T>& pass, const Group& group, std::size_t j, Workspace<T>& w, Lane<T>* lane) {
  const Step& step = pass.s.steps[j];
  const std::size_t t = step.transform;
  Frame<T> f;
  f.sequences = group.sequences;
  f.tokens = group.T;
  f.capacity = w.capacity(pass.training);
  f.weights = pass.weights.from(step.part);
  f.kept = w.kept[pass.training ? j : 0].data();
  f.scratch = w.scratch.data();
  f.to_original = &pass.maps.map(MapRole::to_original, t);
  f.to_spectral = &pass.maps.map(MapRole::to_spectral, t);
  f.rotation = pass.maps.rotation(t);
  if (!lane) return f;
  const auto asked = [](std::vector<double>& g) { return g.empty() ? nullptr : g.data(); };
  f.gradient = lane->gradient.data() + step.part;
  f.d_original = asked(lane->maps.maps[Maps<T>::index(MapRole::to_original, t)]);
  f.d_spectral = asked(lane->maps.maps[Maps<T>::index(MapRole::to_spectral, t)]);
  if (!lane->maps.factors.empty()) f.d_factors = lane->maps.factors[t].data();
  return f;
}

namespace {

template <class T>
void seen(Stage stage, const Pass<T>& pass, const Group& group, std::size_t j, Workspace<T>& w,
          const Lane<T>* lane = nullptr) {
  if (pass.observer) pass.observer->after(stage, pass, group, j, w, lane);
}

template <class T>
void head(const Pass<T>& pass, const Group& group, Workspace<T>& w, Lane<T>* lane) {
  const Structure& s = pass.s;
  const TubeMap<T>& exit = pass.maps.map(MapRole::exit);
  if (pass.encoder_output)
    for (const Sequence& q : group.sequences)
      exit.forward(w.x.data() + q.row * s.d, pass.encoder_output + q.batch_row * s.d, s.p, s.m, q.length);
  HeadFrame<T> f;
  f.sequences = group.sequences;
  f.tokens = group.T;
  f.weights = pass.weights.from(s.head_part);
  f.embedding = pass.embedding;
  f.exit = &exit;
  f.labels = pass.batch.labels.data();
  f.targets = pass.batch.targets.empty() ? nullptr : pass.batch.targets.data();
  f.share = pass.share;
  f.x = w.x.data();
  f.scratch = w.scratch.data();
  f.losses = pass.losses;
  f.hits = pass.hits;
  f.logits = pass.logits;
  if (lane) {
    f.gradient = lane->gradient.data() + s.head_part;
    f.d_embedding = lane->gradient.data() + s.shared_gradient();
    std::vector<double>& d_exit = lane->maps.maps[Maps<T>::index(MapRole::exit)];
    f.d_exit = d_exit.empty() ? nullptr : d_exit.data();
    f.dx = w.dx.data();
  }
  s.head->run(f);
  seen(Stage::head, pass, group, 0, w, lane);
}

template <class T>
void forward(const Pass<T>& pass, const Group& group, Workspace<T>& w) {
  const auto join = [&](std::size_t j) {
    junction(pass, group, j, w);
    seen(Stage::junction, pass, group, j, w);
  };
  embed(pass, group, w);
  seen(Stage::embedding, pass, group, 0, w);
  join(0);
  for (std::size_t j = 0; j < pass.s.steps.size(); ++j) {
    pass.s.steps[j].sublayer->forward(frame_of(pass, group, j, w), state(pass, w, j).input.data(),
                                      w.y.data());
    seen(Stage::sublayer, pass, group, j, w);
    join(j + 1);
  }
}

template <class T>
void backward(const Pass<T>& pass, const Group& group, Workspace<T>& w, Lane<T>& lane) {
  for (std::size_t j = pass.s.steps.size(); j-- > 0;) {
    junction_backward(pass, group, j + 1, w, lane);
    seen(Stage::junction_back, pass, group, j + 1, w, &lane);
    pass.s.steps[j].sublayer->backward(frame_of(pass, group, j, w, &lane), w.dy.data(),
                                       w.junctions[j].input.data(), w.du.data());
    seen(Stage::sublayer_back, pass, group, j, w, &lane);
  }
  junction_backward(pass, group, 0, w, lane);
  seen(Stage::junction_back, pass, group, 0, w, &lane);
  embed_backward(pass, group, w, lane);
  seen(Stage::embedding_back, pass, group, 0, w, &lane);
}

}  // namespace

template <class T>
void evaluate(const Pass<T>& pass, const Group& group, Workspace<T>& w) {
  forward(pass, group, w);
  head<T>(pass, group, w, nullptr);
}

template <class T>
void train(const Pass<T>& pass, const Group& group, Workspace<T>& w, Lane<T>& lane) {
  forward(pass, group, w);
  head(pass, group, w, &lane);
  backward(pass, group, w, lane);
}

#define TUBAL_INSTANTIATE(T)                                                                      \
  template Frame<T> frame_of(const Pass<T>&, const Group&, std::size_t, Workspace<T>&, Lane<T>*); \
  template void evaluate(const Pass<T>&, const Group&, Workspace<T>&);                            \
  template void train(const Pass<T>&, const Group&, Workspace<T>&, Lane<T>&);
TUBAL_INSTANTIATE(float)
TUBAL_INSTANTIATE(double)
#undef TUBAL_INSTANTIATE

}  // namespace tubal
