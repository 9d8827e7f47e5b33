// benchmark_transforms [m] [largest p]: nanoseconds a token, forward and inverse together, of the p x p
// product and of each fast scheme, in float and double, and which one the plan takes. The figures of
// transforms/README.md and the constants of transforms/fast.cpp come from this table. It closes with the
// choices that are not the faster ones by more than a tenth, and has status 0 all the same: times vary with
// the machine.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

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
  std::vector<std::string> slower;
  for (const FastScheme& scheme : fast_schemes()) {
    TransformSpec spec;
    spec.name = scheme.transform;
    const auto transform = make_transform(spec);
    for (const int p : {2, 3, 4, 5, 6, 7, 8, 12, 16, 24, 31, 32, 48, 64, 96, 127, 128, 192, 251, 256}) {
      if (p > largest || transform->refuses(p)) continue;
      const auto plan = transform->plan(p);
      const auto product = matrix_algorithm(plan->forward_matrix(), plan->inverse_matrix()),
                 fast = scheme.make(p);
      const double f32[] = {nanoseconds<float>(*product, p, m), nanoseconds<float>(*fast, p, m)},
                   f64[] = {nanoseconds<double>(*product, p, m), nanoseconds<double>(*fast, p, m)};
      std::printf("%-10s %5d %12.0f %12.0f %12.0f %12.0f  %s\n", scheme.transform.c_str(), p, f32[0], f32[1],
                  f64[0], f64[1], plan->algorithm().c_str());
      const auto note = [&](const double* ns, bool taken, const char* type) {
        if (ns[taken] > 1.1 * ns[!taken])
          slower.push_back(scheme.transform + " p = " + std::to_string(p) + " " + type);
      };
      note(f32, scheme.wins(p, false), "f32");
      note(f64, scheme.wins(p, true), "f64");
    }
  }
  std::printf("\nslower by more than a tenth than the other way: %s\n", slower.empty() ? "none" : "");
  for (const std::string& line : slower) std::printf("  %s\n", line.c_str());
}
