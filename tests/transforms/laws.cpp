// The law suite over every registered transform, and over each fast scheme below its crossover too.
#include "transforms/laws.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "transforms/fast.hpp"
#include "transforms/plan.hpp"

using namespace tubal;

static void require_laws(const Transform& transform, std::span<const int> lengths) {
  const std::vector<Law> laws = check_laws(transform, lengths);
  REQUIRE(laws.size() >= 12);
  for (const Law& l : laws) {
    INFO(transform.name() << ": " << l.law << ", p = " << l.p << ": " << l.error << ", allowed " << l.bound);
    CHECK(l.holds());
  }
}

TEST_CASE("every registered transform obeys every law") {
  for (const TransformEntry& entry : transform_table()) {
    if (entry.name == "matrix") continue;  // needs a file: matrix_file.cpp
    TransformSpec spec;
    spec.name = entry.name;
    const auto transform = make_transform(spec);
    int taken = 0;
    for (int p : law_lengths()) taken += !transform->refuses(p);
    CHECK(taken >= 6);
    require_laws(*transform, law_lengths());
  }
}

TEST_CASE("learned transforms obey the laws in every parametrization") {
  for (const char* parametrization : {"exponential", "householder"}) {
    TransformSpec spec;
    spec.name = "learned_orthogonal";
    spec.init = "cosine_product";
    spec.parametrization = parametrization;
    const std::vector<int> lengths = {1, 2, 3, 6, 12};
    require_laws(*make_transform(spec), lengths);
  }
}

TEST_CASE("every fast scheme equals its matrix at every p") {
  for (const FastScheme& scheme : fast_schemes()) {
    TransformSpec spec;
    spec.name = scheme.transform;
    const auto original = make_transform(spec);
    const auto forced = fixed_transform(
        scheme.transform + " by " + scheme.make(2)->name(),
        [&](int p) {
          const auto plan = original->plan(p);
          PlanParts parts;
          parts.slices = plan->slices();
          parts.scale = plan->scale();
          parts.forward = plan->forward_matrix();
          parts.inverse = plan->inverse_matrix();
          parts.matrix = plan->matrix();
          parts.algorithm = scheme.make(p);
          return parts;
        },
        [&](int p) { return original->refuses(p); });
    require_laws(*forced, law_lengths());
  }
}

TEST_CASE("the plan takes the product below the crossover and the fast scheme from it on") {
  for (const FastScheme& scheme : fast_schemes()) {
    TransformSpec spec;
    spec.name = scheme.transform;
    const auto transform = make_transform(spec);
    const int below = scheme.from_p / 2, above = 256;  // powers of two suit hadamard
    INFO(scheme.transform);
    if (!transform->refuses(below)) CHECK(transform->plan(below)->algorithm() == "matrix");
    CHECK(transform->plan(above)->algorithm() == scheme.make(above)->name());
    CHECK(transform->plan(above)->algorithm() != "matrix");
  }
  TransformSpec spec;
  spec.name = "identity";
  CHECK(make_transform(spec)->plan(4)->algorithm() == "copy");
}

TEST_CASE("a transform that breaks a law is caught by name") {
  const auto broken = [](const char* name, void (*spoil)(PlanParts&)) {
    return fixed_transform(name, [spoil](int p) {
      PlanParts parts = orthogonal_parts(identity_matrix(p), even_frequencies(p));
      spoil(parts);
      return parts;
    });
  };
  const auto failed = [](const Transform& transform) {
    std::set<std::string> names;
    for (const Law& l : check_laws(transform, 3))
      if (!l.holds()) names.insert(l.law);
    return names;
  };
  CHECK(failed(*broken("inverse", [](PlanParts& parts) {
          parts.inverse(0, 1) = 1e-6;
        })).count("inverse, double"));
  CHECK(failed(*broken("scale", [](PlanParts& parts) {
          parts.scale = 3;
        })).count("claimed scale: L^H L = scale 1"));
  CHECK(failed(*broken("nan", [](PlanParts& parts) { parts.forward(1, 1) = NAN; })).size() > 4);
  CHECK(failed(*broken("frequency", [](PlanParts& parts) {
          parts.slices[2].frequency = 1.5;
        })).count("slices fill p rows, frequencies in [0, 1]"));
  CHECK(failed(*broken("sound", [](PlanParts&) {})).empty());
}
