// Maps along tubes: a plan's own scheme and the p x p product are one map, forward and back; and the model
// runs the scheme where the plan says that it is the faster one.
#include <catch2/catch.hpp>
#include <cmath>

#include "core/random.hpp"
#include "layers/model.hpp"
#include "layers/stack/tube_map.hpp"

using namespace tubal;

namespace {

std::unique_ptr<Transform> named(const std::string& name) {
  TransformSpec spec;
  spec.name = name;
  return make_transform(spec);
}

template <class T>
double largest_difference(const std::vector<T>& a, const std::vector<T>& b) {
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double d = std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i]));
    if (!(d <= worst)) worst = std::isnan(d) ? INFINITY : d;
  }
  return worst;
}

}  // namespace

TEMPLATE_TEST_CASE("the plan's scheme and the product are one map", "[maps]", float, double) {
  using T = TestType;
  const double tolerance = std::is_same_v<T, float> ? 2e-5 : 1e-13;
  int schemes = 0;
  for (const char* name : {"dct", "dft", "hartley", "haar", "hadamard", "permutation", "identity"})
    for (const int p : {1, 2, 8, 12, 64, 256})
      for (const std::size_t w : {1u, 4u, 33u}) {
        const auto transform = named(name);
        if (transform->refuses(p)) continue;
        const auto plan = transform->plan(p);
        schemes += plan->own_scheme_is_faster(w, sizeof(T));
        const std::size_t rows = 3, n = rows * static_cast<std::size_t>(p) * w;
        const RandomStream random(2, Purpose::test);
        std::vector<T> x(n), by_plan(n, T(NAN)), by_product(n, T(NAN));
        for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<T>(random.normal(i));
        for (const bool inverse : {false, true}) {
          const Tensor<double, 2>& M = inverse ? plan->inverse_matrix() : plan->forward_matrix();
          const TubeMap<T> map(*plan, inverse), product(static_cast<std::size_t>(p), M.data());
          INFO(name << " p = " << p << ", w = " << w << ", inverse " << inverse << ", by "
                    << map.description(w));
          CHECK(map.description(w) == plan->description(w, sizeof(T)));
          map.forward(x.data(), by_plan.data(), static_cast<std::size_t>(p), w, rows);
          product.forward(x.data(), by_product.data(), static_cast<std::size_t>(p), w, rows);
          CHECK(largest_difference(by_plan, by_product) <= tolerance);
          map.adjoint(x.data(), by_plan.data(), static_cast<std::size_t>(p), w, rows);
          product.adjoint(x.data(), by_product.data(), static_cast<std::size_t>(p), w, rows);
          CHECK(largest_difference(by_plan, by_product) <= tolerance);
        }
      }
  CHECK(schemes >= 60);
}

TEST_CASE("a model applies L by what its plan says, and products of L by the product", "[maps]") {
  ModelConfig c;
  c.width = 512;
  c.p = 16;
  c.heads = 16;
  c.depth = 2;
  const auto scheme = [&](const std::string& name) {
    c.transform.name = name;
    return Model<float>(c, 10, 2, 1).transform_schemes();
  };
  for (const char* name : {"haar", "hadamard"}) {
    const auto plan = named(name)->plan(16);
    REQUIRE(plan->own_scheme_is_faster(32, sizeof(float)));
    CHECK(scheme(name) == std::vector<std::string>{plan->description(32, sizeof(float))});
  }
  CHECK(scheme("dct") == std::vector<std::string>{"p x p product"});
  CHECK(scheme("learned_orthogonal") == std::vector<std::string>{"p x p product"});
  CHECK(scheme("identity") == std::vector<std::string>{"none"});
  c.frequency_scaling = {ScalingKind::harmonic, ScalingPlace::residual, 0, {}};  // L^-1 times a diagonal
  CHECK(scheme("haar")[0].ends_with(" and p x p product"));
}
