// A language model's part as windows of tokens: what one batch and one evaluation see of it.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "experiments/data/dataset.hpp"
#include "layers/model.hpp"

namespace tubal {

/// The targets of a part are its tokens 1, 2, ..., N-1; window i says the targets of the positions
/// i*context .. (i+1)*context - 1, so that all windows say each one once. The last window may be shorter.
class Windows {
 public:
  /// `across`: attention reaches over the bounds of documents, else each is a sequence of its own.
  Windows(const Part& part, int context, bool across);
  std::size_t count() const { return (positions() + context_ - 1) / context_; }
  /// How many tokens are said.
  std::size_t positions() const { return part_.tokens.empty() ? 0 : part_.tokens.size() - 1; }
  /// The windows of these numbers, packed.
  Batch numbered(std::span<const std::size_t> windows) const;
  /// Windows of `context` tokens from these positions on (0 .. starts() - 1), packed.
  Batch from(std::span<const std::size_t> positions) const;
  /// Where a whole window can begin.
  std::size_t starts() const { return positions() < context_ ? 0 : positions() - context_ + 1; }
  /// Sum of the squared lengths of the sequences in all windows.
  double squares() const;

 private:
  void append(Batch& batch, std::size_t begin, std::size_t end) const;
  template <class Visit>
  void each_sequence(std::size_t begin, std::size_t end, Visit visit) const;

  const Part& part_;
  std::size_t context_;
  bool across_;
};

}  // namespace tubal
