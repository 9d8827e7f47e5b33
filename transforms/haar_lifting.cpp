// Haar as p - 1 plane rotations, one a node of the tree: from its halves' normalised sums u, v come its own
// sum c u + s v and its detail s u - c v, c = sqrt(a/n), s = sqrt(b/n). O(p) instead of O(p^2).
#include <cmath>
#include <cstring>

#include "transforms/fast.hpp"
#include "transforms/haar.hpp"
#include "transforms/scratch.hpp"

namespace tubal {
namespace {

// A half is a leaf (row of x) or another node (row of the scratch, where node i keeps its sum).
struct Half {
  bool leaf;
  std::size_t row;
};
struct Rotation {
  Half first, second;
  double c, s;
};

class HaarLifting final : public TypedAlgorithm<HaarLifting> {
 public:
  explicit HaarLifting(int p) : p_(p) {
    std::size_t next = 1;  // breadth first: children follow in the order of their parents
    for (const HaarNode& n : haar_nodes(p)) {
      const auto half = [&](int start, int leaves) {
        return leaves == 1 ? Half{true, static_cast<std::size_t>(start)} : Half{false, next++};
      };
      const Half first = half(n.start, n.a()), second = half(n.start + n.a(), n.b());
      tree_.push_back({first, second, std::sqrt(static_cast<double>(n.a()) / n.n),
                       std::sqrt(static_cast<double>(n.b()) / n.n)});
    }
  }
  std::string name() const override { return "lifting"; }
  template <class T>
  void run(Map map, const T* x, T* y, std::size_t tokens, std::size_t m) const {
    const bool there = map == Map::forward || map == Map::inverse_adjoint;  // orthogonal
    T* sums = scratch<T>(p_ * m);
    for (std::size_t t = 0; t < tokens; ++t, x += p_ * m, y += p_ * m) {
      if (tree_.empty())
        std::memcpy(y, x, m * sizeof(T));
      else if (there)
        analyse(x, y, sums, m);
      else
        synthesise(x, y, sums, m);
    }
  }

 private:
  template <class T>
  void analyse(const T* x, T* y, T* sums, std::size_t m) const {
    for (std::size_t i = tree_.size(); i-- > 0;) {
      const Rotation& r = tree_[i];
      const T* u = (r.first.leaf ? x : sums) + r.first.row * m;
      const T* v = (r.second.leaf ? x : sums) + r.second.row * m;
      T *sum = i == 0 ? y : sums + i * m, *detail = y + (i + 1) * m;
      const T c = static_cast<T>(r.c), s = static_cast<T>(r.s);
#pragma omp simd
      for (std::size_t j = 0; j < m; ++j) sum[j] = c * u[j] + s * v[j], detail[j] = s * u[j] - c * v[j];
    }
  }
  template <class T>
  void synthesise(const T* x, T* y, T* sums, std::size_t m) const {
    for (std::size_t i = 0; i < tree_.size(); ++i) {
      const Rotation& r = tree_[i];
      const T *sum = i == 0 ? x : sums + i * m, *detail = x + (i + 1) * m;
      T* u = (r.first.leaf ? y : sums) + r.first.row * m;
      T* v = (r.second.leaf ? y : sums) + r.second.row * m;
      const T c = static_cast<T>(r.c), s = static_cast<T>(r.s);
#pragma omp simd
      for (std::size_t j = 0; j < m; ++j) {
        const T a = sum[j], d = detail[j];
        u[j] = c * a + s * d, v[j] = s * a - c * d;
      }
    }
  }
  std::size_t p_;
  std::vector<Rotation> tree_;
};

}  // namespace

std::unique_ptr<Algorithm> haar_lifting(int p) { return std::make_unique<HaarLifting>(p); }

}  // namespace tubal
