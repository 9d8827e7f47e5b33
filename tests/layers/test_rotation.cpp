// Rotary positions by their laws.
#include <catch2/catch.hpp>
#include <numeric>

#include "core/random.hpp"
#include "layers/stack/rotary.hpp"

using namespace tubal;

namespace {

std::vector<double> drawn(std::size_t n, std::uint64_t stream) {
  const RandomStream random(17, Purpose::test, stream);
  std::vector<double> x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = random.normal(i);
  return x;
}

double inner(const std::vector<double>& a, const std::vector<double>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

}  // namespace

TEST_CASE("rotations keep lengths, go back, and make scores depend on distances alone", "[rooms]") {
  TransformSpec spec;
  spec.name = "dft";
  const Slices slices = slices_of(*make_transform(spec)->plan(5), 6);
  constexpr std::size_t e = 6, positions = 9;
  const std::vector<double> factors = {1, 0.5, 2};
  const Rotation<double> rotation(slices, factors, positions, e);
  for (std::size_t k = 0; k < slices.count(); ++k) {
    const std::size_t segments = slices.all[k].rows;
    const std::vector<double> q = drawn(segments * e, 5), key = drawn(segments * e, 6);
    const auto turned = [&](std::vector<double> x, std::size_t at, bool back) {
      rotation.turn(k, at, x.data(), x.size(), 1, segments, back);
      return x;
    };
    for (std::size_t t = 0; t < positions; ++t) {
      const std::vector<double> there = turned(q, t, false), back = turned(there, t, true);
      CHECK(inner(there, there) == Approx(inner(q, q)).epsilon(1e-13));
      for (std::size_t j = 0; j < q.size(); ++j) CHECK(back[j] == Approx(q[j]).margin(1e-13));
    }
    for (std::size_t t = 0; t + 3 < positions; ++t)
      CHECK(inner(turned(q, t + 3, false), turned(key, t, false)) ==
            Approx(inner(turned(q, 3, false), turned(key, 0, false))).margin(1e-12));
  }
}
