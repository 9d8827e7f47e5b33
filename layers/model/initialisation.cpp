#include "layers/model/initialisation.hpp"

#include <algorithm>

#include "core/kernels.hpp"
#include "core/parallel.hpp"
#include "core/random.hpp"

namespace tubal {

namespace {

// FNV-1a: gives each parameter name a random stream of its own.
std::uint64_t name_hash(const std::string& name) {
  std::uint64_t h = 1469598103934665603ull;
  for (const unsigned char c : name) h = (h ^ c) * 1099511628211ull;
  return h;
}

}  // namespace

template <class T>
void initialise(const Structure& s, std::uint64_t seed, T* arena, int threads) {
  for (const ParameterEntry& e : s.parameters.entries) {
    const RandomStream random(seed, Purpose::initialisation, name_hash(e.name));
    const std::size_t inner = e.size() / e.shape[0];
    const double size = e.initial.size;
    constexpr std::size_t at_once = 256;  // rows of axis 0: vocabulary entries, or a few slices
    parallel_for((e.shape[0] + at_once - 1) / at_once, threads, [&](std::size_t piece, int) {
      for (std::size_t o = piece * at_once; o < std::min(e.shape[0], (piece + 1) * at_once); ++o) {
        T* x = arena + e.offset + o * e.outer_stride;
        if (e.initial.kind == Initial::normal)
          kernels<T>().normals(x, inner, size, random.key(), random.stream(), o * inner);
        else
          for (std::size_t i = 0; i < inner; ++i)
            x[i] = static_cast<T>(
                e.initial.kind == Initial::uniform ? size * (2 * random.uniform(o * inner + i) - 1) : size);
      }
    });
  }
  for (const StackTransform& t : s.transforms) {
    const std::vector<double> theta = t.transform->initial_parameters(s.config.p);
    for (std::size_t i = 0; i < t.theta_count; ++i) arena[t.theta + i] = static_cast<T>(theta[i]);
  }
}

template void initialise(const Structure&, std::uint64_t, float*, int);
template void initialise(const Structure&, std::uint64_t, double*, int);

}  // namespace tubal
