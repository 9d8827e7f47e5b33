#include "layers/model/workspace.hpp"

#include <algorithm>

namespace tubal {

template <class T>
void Workspace<T>::reserve(const Structure& s, const Extent& extent, bool training, bool learned_) {
  std::size_t& own = training ? training_capacity : evaluation_capacity;
  if (extent.tokens <= own && extent.longest <= longest && learned_ <= learned) return;
  own = whole_pieces(std::max(extent.tokens, own));
  longest = std::max(longest, extent.longest);
  learned |= learned_;
  const std::size_t most = std::max(training_capacity, evaluation_capacity), steps = s.steps.size();
  const bool trains = training_capacity > 0;
  junctions.resize(trains ? steps + 1 : 1);
  kept.resize(trains ? steps : 1);
  for (std::size_t j = 0; j < junctions.size(); ++j) {
    JunctionState<T>& state = junctions[j];
    const std::size_t rows_here = j == 0 ? most : training_capacity, row = rows_here * s.d;
    state.normalised.reserve(row);
    state.rstd.reserve(rows_here * s.segments.count());
    state.input.reserve(row);
    if (s.config.dropout > 0 && trains) state.keep.reserve(training_capacity * s.d);
    if (learned && trains) state.branch.reserve(training_capacity * s.d);
  }
  std::size_t working = s.head->scratch();
  for (std::size_t i = 0; i < steps; ++i) {
    const Room room = s.steps[i].sublayer->room(longest);
    kept[0].reserve(room.kept * most);
    if (trains) kept[i].reserve(room.kept * training_capacity);
    working = std::max(working, room.scratch * most + room.fixed_scratch);
  }
  scratch.reserve(working);
  x.reserve(most * s.d);
  y.reserve(most * s.d);
  rows.reserve(row_block(s.d) * s.d);
  if (!trains) return;
  for (Buffer<T>* b : {&dx, &dy, &du}) b->reserve(training_capacity * s.d);
  if (learned) entered.reserve(training_capacity * s.d);
  if (s.config.dropout > 0) embedding_keep.reserve(training_capacity * s.d);
}

template struct Workspace<float>;
template struct Workspace<double>;

}  // namespace tubal
