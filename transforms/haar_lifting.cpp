// Haar as p - 1 plane rotations, one a node of the tree: from its halves' normalised sums u, v come its own
// sum c u + s v and its detail s u - c v, c = sqrt(a/n), s = sqrt(b/n). O(p) instead of O(p^2).
#include <cmath>
#include <tuple>

#include "core/kernels.hpp"
#include "transforms/fast.hpp"
#include "transforms/haar.hpp"
#include "transforms/scratch.hpp"

namespace tubal {
namespace {

template <class T>
std::vector<TreeRotation<T>> rotations(int p) {
  std::vector<TreeRotation<T>> tree;
  std::uint32_t next = 1;  // breadth first: children follow in the order of their parents
  for (const HaarNode& node : haar_nodes(p)) {
    const double a = node.a(), b = node.b(), n = node.n;
    TreeRotation<T> r{0,
                      0,
                      node.a() == 1,
                      node.b() == 1,
                      static_cast<T>(std::sqrt(a / n)),
                      static_cast<T>(std::sqrt(b / n))};
    r.first = r.first_leaf ? static_cast<std::uint32_t>(node.start) : next++;
    r.second = r.second_leaf ? static_cast<std::uint32_t>(node.start + node.a()) : next++;
    tree.push_back(r);
  }
  return tree;
}

class HaarLifting final : public TypedAlgorithm<HaarLifting> {
 public:
  explicit HaarLifting(int p) : p_(p), trees_(rotations<float>(p), rotations<double>(p)) {}
  std::string name() const override { return "plane rotations"; }
  template <class T>
  void run(Map map, const T* x, T* y, std::size_t tokens, std::size_t m) const {
    const bool back = map == Map::inverse || map == Map::forward_adjoint;  // orthogonal
    kernels<T>().rotate_tree(std::get<std::vector<TreeRotation<T>>>(trees_).data(), p_, x, y, tokens, m,
                             scheme_scratch<T>(p_), back);
  }

 private:
  std::size_t p_;
  std::tuple<std::vector<TreeRotation<float>>, std::vector<TreeRotation<double>>> trees_;
};

}  // namespace

std::unique_ptr<Algorithm> haar_lifting(int p) { return std::make_unique<HaarLifting>(p); }

}  // namespace tubal
