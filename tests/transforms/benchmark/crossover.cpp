// benchmark_transforms [m] [largest p]: nanoseconds a token of the p x p product and of the fast scheme,
// forward and inverse together, and which one the plan takes. The constants in transforms/fast.cpp come from
// this table.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "transforms/fast.hpp"
#include "transforms/transform.hpp"

using namespace tubal;

template <class T>
static double nanoseconds(const Algorithm& algorithm, std::size_t p, std::size_t m) {
  const std::size_t tokens = std::max<std::size_t>(1, 32768 / (p * m));  // stays in the second-level cache
  std::vector<T> x(tokens * p * m, T(1)), y(x.size());
  double best = 1e30;
  for (int trial = 0; trial < 7; ++trial) {
    const auto start = std::chrono::steady_clock::now();
    int runs = 0;
    double seconds = 0;
    do {
      algorithm.apply(Map::forward, x.data(), y.data(), tokens, m);
      algorithm.apply(Map::inverse, y.data(), x.data(), tokens, m);
      ++runs;
      seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    } while (seconds < 0.002);
    best = std::min(best, 1e9 * seconds / (static_cast<double>(runs) * tokens));
  }
  return best;
}

int main(int argc, char** argv) {
  const std::size_t m = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 64;
  const int largest = argc > 2 ? std::atoi(argv[2]) : 256;
  std::printf("m = %zu, ns a token, forward and inverse\n%-10s %5s %12s %12s %12s %12s  plan takes\n", m,
              "transform", "p", "matrix f32", "fast f32", "matrix f64", "fast f64");
  for (const FastScheme& scheme : fast_schemes()) {
    TransformSpec spec;
    spec.name = scheme.transform;
    const auto transform = make_transform(spec);
    for (const int p : {2, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256}) {
      if (p > largest || transform->refuses(p)) continue;
      const auto plan = transform->plan(p);
      const auto product = matrix_algorithm(plan->forward_matrix(), plan->inverse_matrix()),
                 fast = scheme.make(p);
      std::printf("%-10s %5d %12.0f %12.0f %12.0f %12.0f  %s\n", scheme.transform.c_str(), p,
                  nanoseconds<float>(*product, p, m), nanoseconds<float>(*fast, p, m),
                  nanoseconds<double>(*product, p, m), nanoseconds<double>(*fast, p, m),
                  plan->algorithm().c_str());
    }
  }
}
