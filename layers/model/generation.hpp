// A language model read on token by token: what attention needs of earlier tokens (their keys and values) is
// kept, so that a new token costs a pass over itself alone.
#pragma once
#include <memory>
#include <span>
#include <vector>

#include "layers/model.hpp"

namespace tubal {

template <class T>
class Generation {
 public:
  /// Throws UsageError where the model is no language model. The model must outlive this, and its parameters
  /// must not change between calls of append() on one sequence.
  explicit Generation(Model<T>& model);
  ~Generation();

  /// Goes on with these tokens (at least one) and returns the logits [V] of what follows the
  /// last of them; valid until the next call. Throws UsageError beyond max_length, or where a
  /// token is not in the vocabulary.
  std::span<const T> append(std::span<const std::int32_t> tokens);
  std::size_t length() const;
  /// Begins a new sequence, with the parameters as they stand now.
  void restart();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

extern template class Generation<float>;
extern template class Generation<double>;

}  // namespace tubal
