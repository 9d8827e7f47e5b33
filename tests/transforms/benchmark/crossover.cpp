// benchmark_transforms [scheme ...]: microseconds for 256 tokens, forward and inverse together, of the p x p
// product and of each fast scheme, in float and double, over p and the slice width m, on one thread with the
// kernels that TUBAL_KERNELS asks for. The figures of transforms/README.md and the table of
// transforms/fast.cpp come from here. It closes with the choices that are not the faster ones by more than a
// tenth, and has status 0 all the same: times vary with the machine.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "core/kernels.hpp"
#include "transforms/fast.hpp"
#include "transforms/transform.hpp"

using namespace tubal;

namespace {

constexpr std::size_t tokens = 256;

template <class T>
double seconds(const Algorithm& algorithm, const std::vector<T>& x, std::vector<T>& y, std::size_t m) {
  const auto start = std::chrono::steady_clock::now();
  algorithm.apply(Map::forward, x.data(), y.data(), tokens, m);
  algorithm.apply(Map::inverse, x.data(), y.data(), tokens, m);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// The best of many runs each, in turn, so that noise meets both alike.
template <class T>
std::pair<double, double> microseconds(const Algorithm& product, const Algorithm& fast, std::size_t p,
                                       std::size_t m) {
  std::vector<T> x(tokens * p * m, T(1)), y(x.size());
  double best[2] = {1e30, 1e30}, spent = 0;
  for (int run = 0; run < 5 || (run < 200 && spent < 0.03); ++run) {
    const double a = seconds(product, x, y, m), b = seconds(fast, x, y, m);
    best[0] = std::min(best[0], a);
    best[1] = std::min(best[1], b);
    spent += a + b;
  }
  return {1e6 * best[0], 1e6 * best[1]};
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> wanted(argv + 1, argv + argc);
  std::printf("%s kernels, us for %zu tokens, forward and inverse: product / scheme\n", kernel_set().c_str(),
              tokens);
  std::vector<std::string> slower;
  for (const FastScheme& scheme : fast_schemes()) {
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), scheme.transform) == wanted.end())
      continue;
    TransformSpec spec;
    spec.name = scheme.transform;
    const auto transform = make_transform(spec);
    for (const std::size_t size : {sizeof(float), sizeof(double)}) {
      std::printf("\n%s, %s\n    p \\ m", scheme.transform.c_str(),
                  size == sizeof(float) ? "float" : "double");
      for (const std::size_t m : {8, 16, 32, 64, 256}) std::printf(" %19zu", m);
      for (const int p : {2, 4, 8, 16, 32, 64, 128, 256, 512}) {
        if (transform->refuses(p)) continue;
        const auto plan = transform->plan(p);
        const auto product = matrix_algorithm(plan->forward_matrix(), plan->inverse_matrix()),
                   fast = scheme.make(p);
        std::printf("\n%9d", p);
        for (const std::size_t m : {8, 16, 32, 64, 256}) {
          if (p * m > 16384) continue;
          const auto [a, b] = size == sizeof(float) ? microseconds<float>(*product, *fast, p, m)
                                                    : microseconds<double>(*product, *fast, p, m);
          const bool takes = scheme.wins(p, m, size);
          std::printf(" %8.0f / %6.0f%s", a, b, takes ? " *" : "  ");
          if ((takes ? b : a) > 1.1 * (takes ? a : b))
            slower.push_back(scheme.transform + " p = " + std::to_string(p) + " m = " + std::to_string(m) +
                             (size == sizeof(float) ? " float" : " double"));
        }
        std::fflush(stdout);
      }
      std::printf("\n");
    }
  }
  std::printf("\n* the plan takes the scheme. Slower by more than a tenth than the other way: %s\n",
              slower.empty() ? "none" : "");
  for (const std::string& line : slower) std::printf("  %s\n", line.c_str());
}
