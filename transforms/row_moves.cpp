// Identity and permutation move rows and multiply nothing.
#include <cstring>

#include "transforms/fast.hpp"

namespace tubal {
namespace {

class RowMoves final : public TypedAlgorithm<RowMoves> {
 public:
  explicit RowMoves(std::vector<int> from) : from_(std::move(from)), to_(from_.size()) {
    for (std::size_t k = 0; k < from_.size(); ++k) {
      to_[from_[k]] = static_cast<int>(k);
      identity_ = identity_ && from_[k] == static_cast<int>(k);
    }
  }
  std::string name() const override { return identity_ ? "copy" : "row moves"; }
  template <class T>
  void run(Map map, const T* x, T* y, std::size_t tokens, std::size_t m) const {
    const bool there = map == Map::forward || map == Map::inverse_adjoint;
    const std::vector<int>& from = there ? from_ : to_;
    const std::size_t p = from.size();
    for (std::size_t t = 0; t < tokens; ++t, x += p * m, y += p * m)
      for (std::size_t k = 0; k < p; ++k) std::memcpy(y + k * m, x + from[k] * m, m * sizeof(T));
  }

 private:
  std::vector<int> from_, to_;
  bool identity_ = true;
};

}  // namespace

std::unique_ptr<Algorithm> row_moves(std::vector<int> from) {
  return std::make_unique<RowMoves>(std::move(from));
}

}  // namespace tubal
