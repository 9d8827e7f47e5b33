// Orthonormal Haar over a balanced tree: the constant row, then breadth first one row a node, with values
// +sqrt(b/(a n)) on its first a leaves and -sqrt(a/(b n)) on its last b.
#include "transforms/haar.hpp"

#include <cmath>

#include "transforms/fast.hpp"
#include "transforms/plan.hpp"

namespace tubal {

std::vector<HaarNode> haar_nodes(int p) {
  std::vector<HaarNode> queue, nodes;
  if (p > 1) queue.push_back({0, p, 1});
  for (std::size_t i = 0; i < queue.size(); ++i) {
    const HaarNode node = queue[i];
    nodes.push_back(node);
    if (node.a() > 1) queue.push_back({node.start, node.a(), node.level + 1});
    if (node.b() > 1) queue.push_back({node.start + node.a(), node.b(), node.level + 1});
  }
  return nodes;
}

static PlanParts haar_parts(int p) {
  const std::vector<HaarNode> nodes = haar_nodes(p);
  Matrix L = Matrix::from_shape({static_cast<std::size_t>(p), static_cast<std::size_t>(p)});
  L.fill(0.0);
  for (int l = 0; l < p; ++l) L(0, l) = 1 / std::sqrt(static_cast<double>(p));
  std::vector<double> frequency = {0.0};
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const HaarNode& node = nodes[i];
    const double a = node.a(), b = node.b(), n = node.n;
    for (int l = 0; l < node.n; ++l)
      L(i + 1, node.start + l) = l < node.a() ? std::sqrt(b / (a * n)) : -std::sqrt(a / (b * n));
    frequency.push_back(static_cast<double>(node.level) / nodes.back().level);
  }
  PlanParts parts = orthogonal_parts(std::move(L), frequency);
  add_fast_scheme("haar", parts);
  return parts;
}

std::unique_ptr<Transform> make_haar(const TransformSpec&) { return fixed_transform("haar", haar_parts); }

}  // namespace tubal
