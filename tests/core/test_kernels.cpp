// The kernels' contract: every kernel of every table that this processor runs, at lengths 1 to 67 and starts
// off alignment, against long-double references. Bounds are the table below, in eps of the type (see
// kernel_checks.hpp); the largest error is printed whatever it is.
#include <catch2/catch.hpp>
#include <cstdio>
#include <map>

#include "tests/core/kernel_checks.hpp"

using namespace tubal;
using namespace tubal::kernel_checks;

namespace {

struct Budget {
  const char* kernel;
  double low, high;  // of the inputs
  double of_float, of_double;
};

constexpr Budget budgets[] = {
    {"gelu", -12, 12, 4, 22},
    {"relu", -12, 12, 0.5, 0.5},
    {"silu", -60, 60, 4, 4},
    {"geglu", -12, 12, 4, 22},
    {"reglu", -12, 12, 1, 1},
    {"swiglu", -60, 60, 4, 4},
    {"dropout", -4, 4, 0.5, 0.5},
    {"adamw", -2, 2, 4, 4},
    {"adamw_no_gradient", -2, 2, 4, 4},
    {"normals", 0, 1, 4, 4},
    {"add", -4, 4, 0.5, 0.5},
    {"sum_of_squares", -4, 4, 8, 8},
    {"softmax", -40, 40, 4, 4},
    {"norm", -1, 5, 4, 4},
    {"norm_backward", -2, 2, 4, 4},
    {"rms_norm", -1, 5, 4, 4},
    {"rms_norm_backward", -2, 2, 4, 4},
    {"rotate", -4, 4, 1, 1},
    {"tube", -4, 4, 4, 4},
    {"rotate_tree", -4, 4, 3, 3},
    {"butterflies", -4, 4, 3, 3},
    {"row sums", -4, 4, 4, 4},
};

const Budget& budget_of(const std::string& kernel) {
  for (const Budget& b : budgets)
    if (kernel == b.kernel) return b;
  throw std::logic_error("no budget for the kernel " + kernel);
}

template <class T>
double largest_error(const Check<T>& check, const Kernels<T>& kernels,
                     const std::vector<std::size_t>& lengths) {
  const Budget& budget = budget_of(check.kernel);
  LargestError error;
  for (const std::size_t n : lengths)
    for (const std::size_t offset : {0u, 1u, 3u}) {
      Sample<T> sample(n, offset, budget.low, budget.high, error);
      check.run(kernels, sample);
    }
  return error.value();
}

template <class T>
std::vector<Check<T>> all_checks() {
  std::vector<Check<T>> checks = elementwise_checks<T>();
  for (Check<T>& check : row_checks<T>()) checks.push_back(check);
  return checks;
}

template <class T>
double bound(const std::string& kernel) {
  return std::is_same_v<T, float> ? budget_of(kernel).of_float : budget_of(kernel).of_double;
}

}  // namespace

TEMPLATE_TEST_CASE("kernels: within their budgets of error", "[kernels]", float, double) {
  using T = TestType;
  std::vector<std::size_t> lengths;
  for (std::size_t n = 1; n <= 67; ++n) lengths.push_back(n);
  for (const KernelSet<T>& set : kernel_sets<T>())
    for (const Check<T>& check : all_checks<T>()) {
      const Budget& b = budget_of(check.kernel);
      const double found = largest_error(check, *set.kernels, lengths), allowed = bound<T>(check.kernel);
      std::printf("%-7s %-6s %-18s inputs %4g to %2g  error %8.3g of %g eps\n", set.name.c_str(),
                  std::is_same_v<T, float> ? "float" : "double", check.kernel.c_str(), b.low, b.high, found,
                  allowed);
      CAPTURE(set.name, check.kernel);
      CHECK(found <= allowed);
    }
}

TEMPLATE_TEST_CASE("kernels: a wrong number or a NaN in any output is noticed", "[kernels]", float, double) {
  using T = TestType;
  for (const Check<T>& check : all_checks<T>()) {
    CHECK(!check.spoil.empty());
    for (std::size_t i = 0; i < check.spoil.size(); ++i)
      for (const bool nan : {false, true}) {
        Kernels<T> wrong = kernels<T>();
        check.spoil[i](wrong, nan);
        CAPTURE(check.kernel, i, nan);
        CHECK(!(largest_error(check, wrong, {1, 5, 40}) <= bound<T>(check.kernel)));
      }
  }
}

TEST_CASE("kernels: the table in use is one of those tested", "[kernels]") {
  bool found = false;
  for (const KernelSet<float>& set : kernel_sets<float>())
    if (set.name == kernel_set()) {
      found = true;
      CHECK(set.kernels == &kernels<float>());
    }
  CHECK(found);
}
