// One AdamW step against its equations (Loshchilov and Hutter 2019, algorithm 2), in double.
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "core/random.hpp"
#include "layers/model/adamw_step.hpp"

using namespace tubal;

TEST_CASE("a step of AdamW is what its equations say, whatever decays and however the gradient is clipped") {
  AdamWSettings a;
  a.learning_rate = 3e-3;
  a.weight_decay = 0.1;
  a.beta1 = 0.8;
  a.beta2 = 0.95;
  a.gradient_clip = 0.5;
  for (const std::int64_t t : {1, 2, 37, 5000})
    for (const bool decays : {true, false})
      for (const bool everything : {true, false}) {
        a.decay_everything = everything;
        const double factor = 0.25, clip = clip_factor(a, 2.0);
        CHECK(clip == 0.25);
        std::vector<double> w(13), m(13), v(13), g(13);
        const RandomStream random(5, Purpose::synthetic, static_cast<std::uint64_t>(t));
        for (std::size_t i = 0; i < w.size(); ++i) {
          w[i] = random.uniform(4 * i) - 0.5;
          m[i] = random.uniform(4 * i + 1) - 0.5;
          v[i] = random.uniform(4 * i + 2);
          g[i] = random.uniform(4 * i + 3) - 0.5;
        }
        auto W = w, M = m, V = v;
        kernels<double>().adamw(W.data(), M.data(), V.data(), g.data(), w.size(),
                                adamw_step(a, t, decays, clip, factor));
        const double lr = a.learning_rate * factor;
        for (std::size_t i = 0; i < w.size(); ++i) {
          const double x = g[i] * clip, first = a.beta1 * m[i] + (1 - a.beta1) * x,
                       second = a.beta2 * v[i] + (1 - a.beta2) * x * x,
                       m_hat = first / (1 - std::pow(a.beta1, double(t))),
                       v_hat = second / (1 - std::pow(a.beta2, double(t))),
                       decay = decays || everything ? lr * a.weight_decay * w[i] : 0;
          CHECK(std::abs(W[i] - (w[i] - decay - lr * m_hat / (std::sqrt(v_hat) + a.eps))) <= 1e-14);
          CHECK(std::abs(M[i] - first) <= 1e-15);
          CHECK(std::abs(V[i] - second) <= 1e-15);
        }
      }
  CHECK(clip_factor(a, 0.5) == 1);
  a.gradient_clip = 0;
  CHECK(clip_factor(a, 1e9) == 1);
}
