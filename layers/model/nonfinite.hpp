// Where NaN and infinity come from. Training looks at the loss and the gradient's norm alone, which costs
// nothing; where one of them is not finite the step is gone through again, with this look at every stage.
// nonfinite.cpp looks at the rows of each stage, in the order of the model, forward and backward side by
// side; nonfinite_parameters.cpp at parameters and their gradients, and says how a place is told.
#pragma once
#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "layers/model/encoder.hpp"
#include "layers/model/observer.hpp"

namespace tubal {

/// The first stage of a pass, in the order of the model and not of the groups, that has a number that is not
/// finite. One worker at a time.
template <class T>
class NonFiniteObserver final : public Observer<T> {
 public:
  NonFiniteObserver(const Structure& s, const T* values) : s_(s), values_(values) {}
  void after(Stage stage, const Pass<T>& pass, const Group& group, std::size_t j, Workspace<T>& w,
             const Lane<T>* lane) override;
  const NonFinite& found() const { return found_; }

 private:
  struct Rows;
  std::size_t rank(Stage stage, std::size_t j) const;
  NonFinite look(const Rows& rows, const T* x) const;
  std::optional<NonFinite> forward(const Rows& rows, Stage stage, const Pass<T>& pass, std::size_t j,
                                   Workspace<T>& w);
  std::optional<NonFinite> junction(const Rows& rows, const Pass<T>& pass, std::size_t j, Workspace<T>& w);
  std::optional<NonFinite> backward(const Rows& rows, Stage stage, const Pass<T>& pass, std::size_t j,
                                    Workspace<T>& w, const Lane<T>& lane);
  /// Of a place's parameters, those whose gradient in a lane is not finite.
  NonFinite gradients(std::size_t place, const Lane<T>& lane) const;
  const Slices* stream() const { return s_.spectral_stream ? &s_.first().slices : nullptr; }
  const Slices* inside(std::size_t j) const;  // of a step's own rows
  std::optional<std::size_t> norm_at(std::size_t j) const;

  const Structure& s_;
  const T* values_;  // parameter arena
  NonFinite found_;
  std::size_t rank_ = 0;           // of found_
  std::vector<T> before_, after_;  // the stream before a junction, and what its branch brings [T, d]
};

/// A slice that a parameter, at an index of its first axis, acts on; none where it has none.
struct ParameterSlice {
  int number = -1;
  bool original = false;
};
ParameterSlice slice_of(const Structure& s, const ParameterEntry& entry, std::size_t place, std::size_t o);
/// The place that the parameter belongs to, by its number in ParameterList::entries.
std::size_t place_of(const Structure& s, std::size_t entry);
/// By its name.
std::size_t place_of(const Structure& s, const char* name);

/// The first of the entries [begin, end) with a number that is not finite, and all of its slices that have
/// one. number(i): where entry i's numbers begin, laid out as its values are; null: it has none.
template <class T, class F>
NonFinite nonfinite_entry(const Structure& s, std::size_t begin, std::size_t end, F numbers) {
  NonFinite found;
  for (std::size_t i = begin; i < end && found.parameter.empty(); ++i) {
    const ParameterEntry& e = s.parameters.entries[i];
    const T* x = numbers(i);
    if (!x) continue;
    const std::size_t inner = e.size() / e.shape[0], place = place_of(s, i);
    for (std::size_t o = 0; o < e.shape[0]; ++o) {
      const T* row = x + o * e.outer_stride;
      if (std::all_of(row, row + inner, [](T v) { return std::isfinite(v); })) continue;
      const ParameterSlice slice = slice_of(s, e, place, o);
      if (slice.number >= 0) {
        found.slices.push_back(slice.number);
        found.original = slice.original;
      }
      found.place = s.places[place].name;
      found.parameter = e.name;
    }
  }
  return found;
}

/// The largest |number| of a place's parameters, on the slices of `found` where that names some.
template <class T>
void add_largest(const Structure& s, std::size_t place, const T* values, NonFinite& found);

/// Of a gradient that is finite where its sum of squares is not: whose is the largest.
template <class T>
NonFinite largest_gradient(const Structure& s, const std::vector<NamedTensor<T>>& parameters);

}  // namespace tubal
