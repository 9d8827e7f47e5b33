// What every transform must obey, as a table:
// the tests, the loading of plug-ins and `tubal transforms` all use it.
#pragma once
#include <span>

#include "transforms/transform.hpp"

namespace tubal {

/// The worst violation of one law. Errors are relative to the operands' norms unless
/// the law counts something.
struct Law {
  std::string law;
  double error = 0, bound = 0;
  int p = 0;                                     // where the worst was found
  bool holds() const { return error <= bound; }  // a NaN fails
};

/// p = 1..12, 16, 31, 64.
const std::vector<int>& law_lengths();

/// All laws at one p that the transform takes; a learned one is also moved away from its start. Bounds follow
/// the type's epsilon and the transform's own condition number. Exceptions of the transform pass through.
std::vector<Law> check_laws(const Transform& transform, int p);
/// Each law's worst over those of `lengths` that the transform takes (worst: error / bound largest).
std::vector<Law> check_laws(const Transform& transform, std::span<const int> lengths);

}  // namespace tubal
