#include "layers/model/generation.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "core/kernels.hpp"
#include "layers/model/implementation.hpp"

namespace tubal {

template <class T>
struct Generation<T>::State {
  typename Model<T>::Impl& model;
  const Structure& s = model.s;
  Weights<T> weights;
  Batch none;                   // a pass wants one; its tokens are not asked for here
  Workspace<T> w;               // a chunk's rows
  std::vector<Buffer<T>> kept;  // of each step, for the whole sequence
  std::size_t capacity, length = 0;
  std::vector<T> logits;
  Group rows{{{0, 0, 0, 0}}};  // of a chunk, as junctions see them

  // Tokens that go through the stack together.
  static constexpr std::size_t chunk = row_piece;

  explicit State(typename Model<T>::Impl& m)
      : model(m),
        kept(m.s.steps.size()),
        capacity(whole_pieces(static_cast<std::size_t>(m.s.config.max_length)) + chunk),
        logits(m.s.V) {
    const std::size_t longest = static_cast<std::size_t>(s.config.max_length);
    w.reserve(s, {chunk, longest}, false, false);
    std::size_t scratch = s.head->scratch();
    for (std::size_t j = 0; j < kept.size(); ++j) {
      const Room room = s.steps[j].sublayer->room(longest);
      kept[j].reserve(room.kept * capacity);
      scratch = std::max(scratch, room.scratch * capacity + room.fixed_scratch);
    }
    w.scratch.reserve(scratch);
    weights = model.prepare();
  }

  // Rows 0 .. n-1 of the workspace are the next n tokens.
  void advance(std::span<const std::int32_t> tokens) {
    const std::size_t n = tokens.size(), d = s.d;
    const Pass<T> pass{s, model.maps, weights, model.embedding(), none};
    const TubeMap<T>& entry = model.maps.map(MapRole::entry);
    for (std::size_t i = 0; i < n; ++i) {
      const T* word = pass.embedding.values + static_cast<std::size_t>(tokens[i]) * d;
      T* e = w.rows.data();
      std::copy(word, word + d, e);
      if (!model.maps.position_table().empty())
        kernels<T>().add(model.maps.position_table().data() + (length + i) * d, e, d);
      entry.forward(e, w.x.data() + i * d, s.p, s.m, 1);
    }
    rows.sequences[0].length = rows.T = n;
    const Sequence whole[] = {{0, 0, 0, length + n}};
    junction(pass, rows, 0, w);
    for (std::size_t j = 0; j < s.steps.size(); ++j) {
      Frame<T> frame = frame_of(pass, rows, j, w);
      frame.sequences = whole;
      frame.done = length;
      frame.kept = kept[j].data();
      frame.capacity = capacity;
      s.steps[j].sublayer->forward(frame, w.junctions[0].input.data(), w.y.data());
      junction(pass, rows, j + 1, w);
    }
    length += n;
    last_row = w.x.data() + (n - 1) * d;
  }
  const T* last_row = nullptr;

  void read_logits() {
    const Sequence one[] = {{0, 0, 0, 1}};
    HeadFrame<T> f;
    f.sequences = one;
    f.tokens = 1;
    f.weights = weights.from(s.head_part);
    f.embedding = model.embedding();
    f.exit = &model.maps.map(MapRole::exit);
    f.x = last_row;
    f.logits = logits.data();
    f.scratch = w.scratch.data();
    s.head->run(f);
  }
};

template <class T>
Generation<T>::Generation(Model<T>& model) {
  if (!model.impl_->s.head->by_token())
    throw UsageError("a classifier cannot go on with a text; task: language_model can");
  state_ = std::make_unique<State>(*model.impl_);
}
template <class T>
Generation<T>::~Generation() = default;

template <class T>
std::span<const T> Generation<T>::append(std::span<const std::int32_t> tokens) {
  State& state = *state_;
  const std::size_t most = static_cast<std::size_t>(state.s.config.max_length);
  if (tokens.empty()) throw UsageError("nothing to go on with: found no token");
  if (state.length + tokens.size() > most)
    throw UsageError(std::to_string(state.length + tokens.size()) +
                     " tokens do not fit max_length = " + std::to_string(most));
  for (const std::int32_t t : tokens)
    if (t < 0 || t >= static_cast<std::int32_t>(state.s.V))
      throw UsageError("token " + std::to_string(t) + " is not in 0.." + std::to_string(state.s.V - 1));
  for (std::size_t i = 0; i < tokens.size(); i += State::chunk)
    state.advance(tokens.subspan(i, std::min(State::chunk, tokens.size() - i)));
  state.read_logits();
  return state.logits;
}
template <class T>
std::size_t Generation<T>::length() const {
  return state_->length;
}
template <class T>
void Generation<T>::restart() {
  state_->length = 0;
  state_->weights = state_->model.prepare();
}

template class Generation<float>;
template class Generation<double>;

}  // namespace tubal
