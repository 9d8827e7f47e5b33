#include "layers/workspace.hpp"

#include "layers/products.hpp"

namespace tubal {

template <class T>
void Workspace<T>::reserve(const Structure& s, std::size_t tokens, bool training, bool learned) {
  const std::size_t junction_count = training ? 2 * s.depth + 1 : 1, layer_count = training ? s.depth : 1;
  if (tokens <= (training ? training_capacity : capacity)) return;
  capacity = tokens = whole_pieces(std::max(tokens, capacity));
  if (training) training_capacity = capacity;
  if (junctions.size() < junction_count) junctions.resize(junction_count);
  if (layers.size() < layer_count) layers.resize(layer_count);
  const std::size_t row = tokens * s.d;
  for (auto& j : junctions) {
    j.normalised.reserve(row);
    j.rstd.reserve(tokens * (s.segments.size() - 1));
    j.input.reserve(row);
    if (s.config.dropout > 0 && junction_count > 1) j.keep.reserve(row);
    if (learned) j.branch.reserve(row);
  }
  for (auto& l : layers) {
    l.qkv.reserve(3 * row);
    l.attended.reserve(row);
    l.log_sum_exp.reserve(tokens * s.heads);
    l.hidden.reserve(s.r * row);
  }
  for (Buffer<T>* b : {&x, &y, &rows}) b->reserve(row);
  wide.reserve(s.r * row);
  const bool original_activation = s.config.activation_domain == Domain::original;
  if (original_activation) middle.reserve(s.r * row);
  if (!training) return;
  for (Buffer<T>* b : {&dx, &dy, &du}) b->reserve(row);
  dwide.reserve(std::max<std::size_t>(s.r, 3) * row);
  if (original_activation) middle.reserve(2 * s.r * row);
  if (learned) entered.reserve(row);
  if (s.config.dropout > 0) embedding_keep.reserve(row);
}

template struct Workspace<float>;
template struct Workspace<double>;

}  // namespace tubal
