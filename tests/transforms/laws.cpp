// The law suite over every registered transform, and over each fast scheme below its crossover too.
#include "transforms/laws.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <set>
#include <thread>

#include "core/error.hpp"
#include "tests/temporary.hpp"
#include "transforms/cosine.hpp"
#include "transforms/fast.hpp"
#include "transforms/plan.hpp"
#include "transforms/seeded.hpp"

using namespace tubal;

static void require_laws(const Transform& transform, std::span<const int> lengths) {
  const std::vector<Law> laws = check_laws(transform, lengths);
  REQUIRE(laws.size() >= 14);
  for (const Law& l : laws) {
    INFO(transform.name() << ": " << l.law << ", p = " << l.p << ": " << l.error << ", allowed " << l.bound);
    CHECK(l.holds());
  }
}

// A new line of the table is tested here without a line of its own; `matrix` alone needs a file for each p.
TEST_CASE("every registered transform obeys every law") {
  const TemporaryFolder folder;
  for (const TransformEntry& entry : transform_table()) {
    TransformSpec spec;
    spec.name = entry.name;
    if (entry.name != "matrix") {
      const auto transform = make_transform(spec);
      int taken = 0;
      for (int p : law_lengths()) taken += !transform->refuses(p);
      CHECK(taken >= 6);
      require_laws(*transform, law_lengths());
      continue;
    }
    spec.file = (folder / "L.csv").string();
    for (const int p : law_lengths()) {
      SeededNumbers random(5, p);
      std::ofstream file(spec.file);
      for (int k = 0; k < p; ++k)
        for (int l = 0; l < p; ++l) file << random.normal() << (l + 1 < p ? ',' : '\n');
      file.close();
      require_laws(*make_transform(spec), std::span(&p, 1));
    }
  }
}

TEST_CASE("learned transforms obey the laws in every parametrization, from every base") {
  const std::vector<int> lengths = {1, 2, 3, 6, 8};
  for (const char* parametrization : {"cayley", "exponential", "householder"})
    for (const TransformEntry& base : transform_table()) {
      if (base.name == "dft" || base.name == "learned_orthogonal" || base.name == "matrix") continue;
      TransformSpec spec;
      spec.name = "learned_orthogonal";
      spec.init = base.name;
      spec.parametrization = parametrization;
      INFO(parametrization << " from " << base.name);
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
          parts.scheme = scheme.make(p);
          return parts;
        },
        [&](int p) { return original->refuses(p); });
    require_laws(*forced, law_lengths());
  }
}

TEST_CASE("what a plan says that it runs is what it runs, by p, slice width and type") {
  for (const FastScheme& scheme : fast_schemes()) {
    TransformSpec spec;
    spec.name = scheme.transform;
    const auto transform = make_transform(spec);
    for (const int p : {1, 2, 16, 31, 64, 96, 127, 128, 251, 256}) {
      if (transform->refuses(p)) continue;
      const auto plan = transform->plan(p);
      const auto product = matrix_algorithm(plan->forward_matrix(), plan->inverse_matrix()),
                 fast = scheme.make(p);
      for (const std::size_t m : {1, 3, 16, 70}) {
        INFO(scheme.transform << " at p = " << p << ", m = " << m);
        SeededNumbers random(7, p);
        std::vector<double> x(p * m), y(x.size()), by_scheme(x.size()), by_product(x.size());
        for (double& v : x) v = random.normal();
        const std::vector<float> xf(x.begin(), x.end());
        std::vector<float> yf(x.size()), by_scheme_f(x.size()), by_product_f(x.size());
        const bool in_double = scheme.wins(p, m, sizeof(double)), in_float = scheme.wins(p, m, sizeof(float));
        if (scheme.small_factors && (p == 127 || p == 251)) CHECK(!in_float);
        CHECK(plan->own_scheme_is_faster(m, sizeof(double)) == in_double);
        CHECK(plan->own_scheme_is_faster(m, sizeof(float)) == in_float);
        CHECK(plan->description(m, sizeof(double)) == (in_double ? fast : product)->name());
        CHECK(plan->description(m, sizeof(float)) == (in_float ? fast : product)->name());
        CHECK(fast->name() != product->name());
        plan->forward(x.data(), y.data(), 1, m);
        plan->forward(xf.data(), yf.data(), 1, m);
        fast->apply(Map::forward, x.data(), by_scheme.data(), 1, m);
        product->apply(Map::forward, x.data(), by_product.data(), 1, m);
        fast->apply(Map::forward, xf.data(), by_scheme_f.data(), 1, m);
        product->apply(Map::forward, xf.data(), by_product_f.data(), 1, m);
        CHECK(y == (in_double ? by_scheme : by_product));  // bit for bit
        CHECK(yf == (in_float ? by_scheme_f : by_product_f));
        if (p == 64) CHECK(by_scheme != by_product);
      }
    }
  }
  TransformSpec spec;
  spec.name = "identity";
  CHECK(make_transform(spec)->plan(4)->description(3, sizeof(float)) == "copy");
}

// Schemes make FFTW's plans and their scratch when they are first called, by whichever threads come first.
TEST_CASE("threads may share a plan, from its first call on") {
  for (const FastScheme& scheme : fast_schemes()) {
    TransformSpec spec;
    spec.name = scheme.transform;
    const auto transform = make_transform(spec);
    const int p = 256;
    const std::size_t m = 20, n = p * m;
    SeededNumbers random(3, p);
    std::vector<float> x(n), there(n), back(n);
    for (float& v : x) v = static_cast<float>(random.normal());
    const auto alone = transform->plan(p), shared = transform->plan(p);
    CHECK(alone->own_scheme_is_faster(m, sizeof(float)));
    alone->forward(x.data(), there.data(), 1, m);
    alone->inverse(x.data(), back.data(), 1, m);
    std::atomic<int> wrong = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
      threads.emplace_back([&] {
        std::vector<float> y(n);
        for (int run = 0; run < 5; ++run) {
          shared->forward(x.data(), y.data(), 1, m);
          wrong += y != there;
          shared->inverse(x.data(), y.data(), 1, m);
          wrong += y != back;
        }
      });
    for (std::thread& thread : threads) thread.join();
    INFO(scheme.transform);
    CHECK(wrong == 0);
  }
}

namespace {

// The DCT, applied with one fault.
class Faulty final : public TypedAlgorithm<Faulty> {
 public:
  enum Fault {
    none,
    inverse_is_forward,
    adjoint_is_forward,
    not_linear,
    not_the_matrix,
    past_the_end,
    overflow,
    nan_lost
  };
  Faulty(int p, Fault fault)
      : fault_(fault),
        p_(static_cast<std::size_t>(p)),
        sound_(matrix_algorithm(dct_matrix(p), transposed(dct_matrix(p)))) {}
  std::string name() const override { return "faulty"; }
  template <class T>
  void run(Map map, const T* x, T* y, std::size_t tokens, std::size_t m) const {
    const std::size_t n = tokens * p_ * m;
    if (fault_ == inverse_is_forward && map == Map::inverse) map = Map::forward;
    if (fault_ == adjoint_is_forward && map == Map::forward_adjoint) map = Map::forward;
    sound_->apply(map, x, y, tokens, m);
    for (std::size_t i = 0; i < n; ++i) {
      if (fault_ == not_linear) y[i] += T(1e-3) * y[i] * y[i];
      if (fault_ == not_the_matrix) y[i] *= T(1 + 1e-5);
      if (fault_ == overflow) y[i] = y[i] * T(1e20) / T(1e20);
      if (fault_ == nan_lost && std::isnan(y[i])) y[i] = 0;
    }
    if (fault_ == past_the_end) y[n] = 0;
  }

 private:
  Fault fault_;
  std::size_t p_;
  std::unique_ptr<Algorithm> sound_;
};

std::set<std::string> broken_laws(const std::function<void(PlanParts&)>& spoil,
                                  Faulty::Fault fault = Faulty::none) {
  const auto transform = fixed_transform("broken", [&](int p) {
    PlanParts parts = orthogonal_parts(dct_matrix(p), even_frequencies(p));
    parts.scheme = std::make_unique<Faulty>(p, fault);
    spoil(parts);
    return parts;
  });
  std::set<std::string> names;
  for (const Law& l : check_laws(*transform, 3))
    if (!l.holds()) names.insert(l.law);
  return names;
}
std::set<std::string> broken_laws(Faulty::Fault fault) {
  return broken_laws([](PlanParts&) {}, fault);
}

}  // namespace

TEST_CASE("a transform that breaks a law is caught by name") {
  const auto breaks = [](const std::set<std::string>& names, const char* law) {
    INFO("broken: " << join({names.begin(), names.end()}));
    CHECK(names.count(law) == 1);
  };
  CHECK(broken_laws(Faulty::none).empty());
  breaks(broken_laws(Faulty::inverse_is_forward), "inverse, double");
  breaks(broken_laws(Faulty::inverse_is_forward), "inverse, float");
  breaks(broken_laws(Faulty::adjoint_is_forward), "adjoint, double");
  breaks(broken_laws(Faulty::adjoint_is_forward), "adjoint, float");
  breaks(broken_laws(Faulty::not_linear), "linearity, double");
  breaks(broken_laws(Faulty::not_linear), "linearity, float");
  breaks(broken_laws(Faulty::not_the_matrix), "application = matrix, double");
  breaks(broken_laws(Faulty::not_the_matrix), "application = matrix, float");
  CHECK(broken_laws(Faulty::past_the_end) == std::set<std::string>{"writes to its output alone"});
  CHECK(broken_laws(Faulty::overflow) == std::set<std::string>{"finite on denormals and large values"});
  CHECK(broken_laws(Faulty::nan_lost) == std::set<std::string>{"a NaN comes through"});

  breaks(broken_laws([](PlanParts& parts) { parts.inverse(0, 1) += 1e-6; }), "F F^-1 = 1");
  breaks(broken_laws([](PlanParts& parts) { parts.scale = 3; }), "claimed scale: L^H L = scale 1");
  breaks(broken_laws([](PlanParts& parts) { parts.scale = -1; }), "claimed scale: L^H L = scale 1");
  CHECK(broken_laws([](PlanParts& parts) { parts.forward(1, 1) = NAN; }).size() > 4);
  CHECK(broken_laws([](PlanParts& parts) { parts.slices[2].frequency = 1.5; }) ==
        std::set<std::string>{"slices fill p rows, frequencies in [0, 1]"});
  const auto other_L = [](PlanParts& parts) {
    parts.matrix = Tensor<Complex, 2>::from_shape({3, 3});
    for (std::size_t i = 0; i < 9; ++i) parts.matrix.data()[i] = parts.forward.data()[i == 4 ? 3 : i];
  };
  breaks(broken_laws(other_L), "stored rows = L");
  breaks(broken_laws(other_L), "spectral product = direct product");
}
