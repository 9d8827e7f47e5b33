#include "layers/initialisation.hpp"

#include <algorithm>
#include <cmath>

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

bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

}  // namespace

template <class T>
void initialise(const Structure& s, std::uint64_t seed, T* arena, int threads) {
  for (const ParameterEntry& e : s.parameters) {
    const RandomStream random(seed, Purpose::initialisation, name_hash(e.name));
    const std::size_t inner = e.size() / e.shape[0];
    double normal = 0, uniform = 0, constant = 0;
    if (e.name == "token_embedding")
      normal = s.config.embedding_std;
    else if (e.name == "position_embedding")
      normal = 0.02;
    else if (contains(e.name, "classifier"))
      uniform = 1 / std::sqrt(static_cast<double>(s.d));
    else if (contains(e.name, ".weight")) {
      const std::size_t out = e.shape[e.shape.size() - 2], in = e.shape.back();
      const bool qkv = contains(e.name, "query") || contains(e.name, "key") || contains(e.name, "value");
      uniform = std::sqrt(6.0 / static_cast<double>(in + (qkv ? 3 * out : out)));
      if (contains(e.name, "_complex")) uniform /= std::sqrt(2.0);
    } else if (contains(e.name, "gain"))
      constant = 1;
    constexpr std::size_t at_once = 256;  // rows of axis 0: vocabulary entries, or a few slices
    parallel_for((e.shape[0] + at_once - 1) / at_once, threads, [&](std::size_t piece, int) {
      for (std::size_t o = piece * at_once; o < std::min(e.shape[0], (piece + 1) * at_once); ++o) {
        T* x = arena + e.offset + o * e.outer_stride;
        if (normal > 0)
          kernels<T>().normals(x, inner, normal, random.key(), random.stream(), o * inner);
        else
          for (std::size_t i = 0; i < inner; ++i)
            x[i] = static_cast<T>(uniform > 0 ? uniform * (2 * random.uniform(o * inner + i) - 1) : constant);
      }
    });
  }
  const std::vector<double> theta = s.transform->initial_parameters(s.config.p);
  for (std::size_t i = 0; i < s.theta_count; ++i) arena[s.theta + i] = static_cast<T>(theta[i]);
}

template void initialise(const Structure&, std::uint64_t, float*, int);
template void initialise(const Structure&, std::uint64_t, double*, int);

}  // namespace tubal
