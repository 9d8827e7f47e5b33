// The balanced tree under the Haar transform, for any p.
#pragma once
#include <vector>

namespace tubal {

/// A node over leaves start .. start+n-1, n >= 2, that splits into the first a = ceil(n/2) and the last b = n
/// - a.
struct HaarNode {
  int start = 0, n = 0, level = 1;
  int a() const { return (n + 1) / 2; }
  int b() const { return n / 2; }
};

/// The p - 1 inner nodes, breadth first: node i is row i + 1 of the matrix (row 0 is constant).
std::vector<HaarNode> haar_nodes(int p);

}  // namespace tubal
