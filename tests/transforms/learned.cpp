// Gradients of learned transforms against central differences, on the loss <dF, F> + <dI, F^-1>.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "transforms/dense.hpp"
#include "transforms/seeded.hpp"
#include "transforms/transform.hpp"

using namespace tubal;

static Matrix gaussian(std::size_t p, int seed) {
  SeededNumbers random(seed, static_cast<int>(p));
  Matrix G = Matrix::from_shape({p, p});
  for (std::size_t i = 0; i < G.size(); ++i) G.data()[i] = random.normal();
  return G;
}

TEST_CASE("learned gradients agree with central differences, Q starts at I and stays orthogonal") {
  for (const char* parametrization : {"cayley", "exponential", "householder"})
    for (const char* init : {"dct", "haar", "cosine_product", "random_orthogonal"})
      for (int p : {2, 3, 6}) {
        INFO(parametrization << " from " << init << " at p = " << p);
        TransformSpec spec, base;
        spec.name = "learned_orthogonal";
        spec.init = base.name = init;
        spec.parametrization = parametrization;
        const auto transform = make_transform(spec);
        const Matrix B = make_transform(base)->plan(p)->forward_matrix();
        CHECK(largest_difference(transform->plan(p)->forward_matrix(), B) < 1e-14);

        const Matrix dF = gaussian(p, 1), dI = gaussian(p, 2);
        std::vector<double> theta = transform->initial_parameters(p);
        for (double spread : {0.0, 0.7}) {
          SeededNumbers random(3, p);
          for (double& t : theta) t = spread * random.normal();
          const auto loss = [&](const std::vector<double>& at) {
            const auto plan = transform->plan(p, at);
            double sum = 0;
            for (std::size_t i = 0; i < dF.size(); ++i)
              sum += dF.data()[i] * plan->forward_matrix().data()[i] +
                     dI.data()[i] * plan->inverse_matrix().data()[i];
            return sum;
          };
          const std::vector<double> gradient = transform->gradient(p, theta, dF, dI);
          REQUIRE(gradient.size() == theta.size());
          double largest = 0;
          for (std::size_t n = 0; n < theta.size(); ++n) {
            // Fourth-order central difference.
            const double h = 1e-3;
            const auto at = [&](double step) {
              auto moved = theta;
              moved[n] += step;
              return loss(moved);
            };
            const double expected = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
            CHECK(std::abs(gradient[n] - expected) <= 1e-7 * std::max(1.0, std::abs(expected)));
            largest = std::max(largest, std::abs(gradient[n]));
          }
          CHECK(largest > 1e-3);
          const auto plan = transform->plan(p, theta);
          CHECK(largest_difference(product(plan->forward_matrix(), plan->inverse_matrix()),
                                   identity_matrix(p)) < 1e-13);
        }
      }
}

TEST_CASE("a matrix with a number that is not finite has no inverse, factor or singular value but NaN") {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  const auto all_nan = [](const auto& X) {
    return std::all_of(X.begin(), X.end(), [](double x) { return std::isnan(x); });
  };
  for (const std::size_t p : {1, 2, 3, 8, 33})
    for (const double bad : {std::nan(""), infinite, -infinite})
      for (std::size_t at = 0; at < p * p; at += p + 2) {
        Matrix A = gaussian(p, 3);
        const Matrix B = gaussian(p, 4);
        A.data()[at] = bad;
        INFO("p = " << p << ", element " << at << " = " << bad);
        CHECK(all_nan(inverse_matrix(A)));
        CHECK(all_nan(solve(A, B)));
        CHECK(solve(A, B).shape() == B.shape());
        CHECK(all_nan(orthogonal_factor(A)));
        CHECK(all_nan(singular_values(A)));
        CHECK(singular_values(A).size() == p);
      }
}
