#include "layers/model/nonfinite.hpp"

#include <algorithm>
#include <cmath>

#include "core/kernels.hpp"

namespace tubal {

namespace {

template <class T>
bool finite(const T* x, std::size_t n) {
  return std::all_of(x, x + n, [](T v) { return std::isfinite(v); });
}

template <class T>
double largest(const T* x, std::size_t n) {
  double most = 0;
  for (std::size_t i = 0; i < n; ++i) most = std::max(most, std::abs(static_cast<double>(x[i])));
  return most;
}

}  // namespace

// Rows [p, m] of a group, of spectral slices or (null) of original ones; `whole`: they
// lie where the batch's lie.
template <class T>
struct NonFiniteObserver<T>::Rows {
  const Group& group;
  const Slices* slices;
  bool whole = false;
  Rows of(const Slices* other) const { return {group, other, whole}; }
};

template <class T>
const Slices* NonFiniteObserver<T>::inside(std::size_t j) const {
  return s_.steps[j].sublayer->on_stream() ? stream() : &s_.transforms[s_.steps[j].transform].slices;
}

template <class T>
std::optional<std::size_t> NonFiniteObserver<T>::norm_at(std::size_t j) const {
  if (s_.post_norm) return j > 0 ? std::optional(2 * (j - 1)) : std::nullopt;
  return 2 * j;  // behind the last step: the final norm
}

// Forward: embedding, junction 0, step 0, junction 1, ..., head; then back.
template <class T>
std::size_t NonFiniteObserver<T>::rank(Stage stage, std::size_t j) const {
  const std::size_t steps = s_.steps.size();
  switch (stage) {
    case Stage::embedding:
      return 0;
    case Stage::junction:
      return 1 + 2 * j;
    case Stage::sublayer:
      return 2 + 2 * j;
    case Stage::head:
      return 2 + 2 * steps;
    case Stage::junction_back:
      return 3 + 4 * steps - 2 * j;
    case Stage::sublayer_back:
      return 2 + 4 * steps - 2 * j;
    case Stage::embedding_back:
      break;
  }
  return 4 + 4 * steps;
}

// The first token with a number that is not finite, and all the slices that have one.
template <class T>
NonFinite NonFiniteObserver<T>::look(const Rows& rows, const T* x) const {
  NonFinite found;
  std::vector<bool> bad(s_.p, false);
  for (const Sequence& q : rows.group.sequences)
    for (std::size_t i = 0; i < q.length; ++i) {
      const T* row = x + ((rows.whole ? q.batch_row : q.row) + i) * s_.d;
      if (finite(row, s_.d)) continue;
      for (std::size_t l = 0; l < s_.p; ++l)
        if (!finite(row + l * s_.m, s_.m)) bad[l] = true;
      if (found.text >= 0) continue;
      found.text = static_cast<long long>(q.index);
      found.token = static_cast<long long>(i);
    }
  if (s_.p == 1 || found.text < 0) return found;
  found.original = !rows.slices;
  if (!rows.slices) {
    for (std::size_t l = 0; l < s_.p; ++l)
      if (bad[l]) found.slices.push_back(static_cast<int>(l));
    return found;
  }
  for (const SpectralSlice& k : rows.slices->all)
    if (bad[k.row] || bad[k.row + k.rows - 1]) found.slices.push_back(k.bin);
  std::sort(found.slices.begin(), found.slices.end());
  return found;
}

template <class T>
NonFinite NonFiniteObserver<T>::gradients(std::size_t place, const Lane<T>& lane) const {
  const std::size_t end = s_.parameters.effective_size(), begin = std::min(s_.places[place].part, end),
                    behind = place + 1 < s_.places.size() ? std::min(s_.places[place + 1].part, end) : end;
  const T* g = lane.gradient.data();
  if (finite(g + begin, behind - begin)) return {};
  std::vector<T> chained;
  if (s_.parameters.has_complex()) {
    chained.resize(s_.parameters.size());
    s_.parameters.from_effective(g, chained.data());
    g = chained.data();
  }
  return nonfinite_entry<T>(s_, s_.places[place].entry, s_.places[place + 1].entry,
                            [&](std::size_t i) { return g + s_.parameters.entries[i].offset; });
}

// Between y and the next step's input, the parts of junction() one by one: back from L, the sum, the norm, L.
template <class T>
std::optional<NonFinite> NonFiniteObserver<T>::junction(const Rows& rows, const Pass<T>& pass, std::size_t j,
                                                        Workspace<T>& w) {
  const std::size_t d = s_.d, count = rows.group.T * d;
  const JunctionState<T>& here = state(pass, w, j);
  const bool last = j == s_.steps.size();
  const auto in = [&](std::size_t place, const char* cause, NonFinite found, double input) {
    found.place = s_.places[place].name;
    found.cause = cause;
    found.input = input;
    return found;
  };
  if (j > 0) {
    const Step& step = s_.steps[j - 1];
    std::vector<T> z = after_;
    const TubeMap<T>& back = pass.maps.map(MapRole::from_sub, step.transform);
    const double y = largest(z.data(), count);
    if (!step.sublayer->on_stream() && back.present())
      back.forward(after_.data(), z.data(), s_.p, s_.m, rows.group.T);
    NonFinite found = look(rows, z.data());
    if (found.text >= 0) return in(2 * j - 1, "on its way back from L", found, y);
    if (pass.training && s_.config.dropout > 0)
      kernels<T>().dropout_backward(z.data(), here.keep.data(), z.data(), count,
                                    DropoutRate<T>(s_.config.dropout).scale);
    const double most = std::max(largest(z.data(), count), largest(before_.data(), count));
    kernels<T>().add(before_.data(), z.data(), count);
    found = look(rows, z.data());
    if (found.text >= 0) return in(2 * j - 1, "the residual sum", found, most);
    before_ = std::move(z);
  } else {
    before_.assign(w.x.data(), w.x.data() + count);
  }
  if (const auto place = norm_at(j)) {
    const Norm& norm = last && !s_.post_norm ? *s_.final_norm : *s_.steps[*place / 2].norm;
    std::vector<T> out(count);
    norm.output(pass.weights.from(s_.places[*place].part), here.normalised.data(), out.data(), rows.group.T);
    NonFinite found = look(rows, here.normalised.data());
    const double input = largest(before_.data(), count);
    if (found.text >= 0) return in(*place, "its variance is too large", found, input);
    found = look(rows, out.data());
    if (found.text >= 0) {
      found = in(*place, "", found, input);
      add_largest(s_, *place, values_, found);
      return found;
    }
  }
  if (last) return {};
  const NonFinite found = look(rows.of(inside(j)), here.input.data());
  if (found.text < 0) return {};
  return in(2 * j + 1, "L on its way in", found, -1);
}

template <class T>
std::optional<NonFinite> NonFiniteObserver<T>::forward(const Rows& rows, Stage stage, const Pass<T>& pass,
                                                       std::size_t j, Workspace<T>& w) {
  const std::size_t count = rows.group.T * s_.d;
  NonFinite found;
  std::size_t place = 0;
  if (stage == Stage::embedding) {
    found = look(rows, w.x.data());
    const std::vector<T>& table = pass.maps.position_table();
    place = place_of(s_, finite(table.data(), table.size()) ? "the token embedding" : "the positions");
  } else if (stage == Stage::sublayer) {
    before_.assign(w.x.data(), w.x.data() + count);
    after_.assign(w.y.data(), w.y.data() + count);
    found = look(rows.of(inside(j)), w.y.data());
    found.input = largest(state(pass, w, j).input.data(), count);
    place = 2 * j + 1;
  } else {
    place = place_of(s_, "the head");
    for (const Sequence& q : rows.group.sequences)
      for (std::size_t i = 0; i < (s_.head->by_token() ? q.length : 1) && found.text < 0; ++i)
        if (!std::isfinite(pass.losses[s_.head->by_token() ? q.batch_row + i : q.index])) {
          found.text = static_cast<long long>(q.index);
          if (s_.head->by_token()) found.token = static_cast<long long>(i);
        }
    found.input = largest(w.x.data(), count);
    if (s_.head->shares_embedding()) add_largest(s_, place_of(s_, "the token embedding"), values_, found);
  }
  if (found.text < 0) return {};
  found.place = s_.places[place].name;
  add_largest(s_, place, values_, found);
  return found;
}

template <class T>
std::optional<NonFinite> NonFiniteObserver<T>::backward(const Rows& rows, Stage stage, const Pass<T>& pass,
                                                        std::size_t j, Workspace<T>& w, const Lane<T>& lane) {
  const std::size_t count = rows.group.T * s_.d;
  NonFinite found;
  std::size_t place = place_of(s_, "the head");
  if (stage == Stage::head) {
    found = look(rows, w.dx.data());
  } else if (stage == Stage::sublayer_back) {
    place = 2 * j + 1;
    found = look(rows.of(inside(j)), w.du.data());
    found.input = largest(w.dy.data(), count);
  } else if (stage == Stage::embedding_back) {
    place = place_of(s_, "the token embedding");
    found = look({rows.group, nullptr, true}, pass.embedding_gradient);
  } else {
    const auto norm = norm_at(j);
    found = look(rows, w.dx.data());
    place = norm ? *norm : 2 * j + 1;
    if (!norm) found.cause = "the residual sum";
    if (j > 0 && found.text < 0) {
      const NonFinite dy = look(rows.of(inside(j - 1)), w.dy.data());
      if (dy.text >= 0) {
        found = dy;
        place = 2 * j - 1;
        found.cause = "on its way to L^-1";
      }
    }
  }
  const NonFinite of_parameters = stage == Stage::embedding_back ? NonFinite{} : gradients(place, lane);
  if (found.text < 0 && of_parameters.parameter.empty()) return {};
  found.parameter = of_parameters.parameter;
  if (found.text < 0) {
    found.slices = of_parameters.slices;
    found.original = of_parameters.original;
  }
  found.place = s_.places[place].name;
  if (stage != Stage::embedding_back) add_largest(s_, place, values_, found);
  return found;
}

template <class T>
void NonFiniteObserver<T>::after(Stage stage, const Pass<T>& pass, const Group& group, std::size_t j,
                                 Workspace<T>& w, const Lane<T>* lane) {
  const Rows rows{group, stream()};
  const auto take = [&](NonFinite::When when, const std::optional<NonFinite>& found) {
    if (found && (found_.when == NonFinite::nowhere || rank(stage, j) < rank_)) {
      found_ = *found;
      found_.when = when;
      rank_ = rank(stage, j);
    }
    return found.has_value();
  };
  if (stage == Stage::junction) {
    take(NonFinite::forward, junction(rows, pass, j, w));
    return;
  }
  if (stage <= Stage::head && take(NonFinite::forward, forward(rows, stage, pass, j, w))) return;
  if (stage >= Stage::head && lane) take(NonFinite::backward, backward(rows, stage, pass, j, w, *lane));
}

template class NonFiniteObserver<float>;
template class NonFiniteObserver<double>;

}  // namespace tubal
