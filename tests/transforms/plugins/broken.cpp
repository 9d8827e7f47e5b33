// Plug-ins with one fault each, chosen by FAULT: what loading has to notice.
#include <cmath>
#include <limits>

#include "transforms/plugin.hpp"

using namespace tubal::plugin;

class Broken : public Transform {
 public:
  std::string refuses(int p) const override {
    if (FAULT == 9 && p == 4) throw 42;
    return FAULT == 8 ? "nothing suits it" : "";
  }
  void matrix(int p, const double* theta, Square F) const override {
    if (FAULT == 1 && p == 5) throw std::runtime_error("out of cheese");
    if (FAULT == 13 && p == 3) throw 42;
    const int n = FAULT == 3 && p == 3 ? 4 : p;  // fault 3 lies about p: it writes the next power of two
    for (int k = 0; k < n; ++k)
      for (int l = 0; l < n; ++l) F.data[k * n + l] = k == l;
    if (FAULT == 2 && p == 7) F(2, 3) = std::numeric_limits<double>::quiet_NaN();
    if (FAULT == 4 && p > 1) F(0, 0) = 2;  // scale 1 is claimed
    if (FAULT == 5 && p == 6)
      for (int l = 0; l < p; ++l) F(5, l) = F(4, l);  // singular
    if (learned && p > 1) {
      F(0, 0) = std::cos(theta[0]);
      F(1, 1) = F(0, 0);
      F(0, 1) = std::sin(theta[0]);
      F(1, 0) = -F(0, 1);
    }
  }
  double frequency(int p, int k) const override { return FAULT == 7 ? 2.0 : Transform::frequency(p, k); }
  std::size_t parameter_count(int p) const override { return learned && p > 1; }
  void initial_parameters(int, double* theta) const override { theta[0] = theta[FAULT == 17] = 0; }
  void gradient(int p, const double* theta, ConstantSquare dF, double* d) const override {
    const double c = std::cos(theta[0]), s = std::sin(theta[0]);
    d[0] = c * (dF(0, 1) - dF(1, 0)) - s * (dF(0, 0) + dF(1, 1));
    if (FAULT == 6) d[0] = dF(0, 1) + dF(1, 0);  // a wrong sign
    if (FAULT == 18 && p == 8) d[0] = std::numeric_limits<double>::quiet_NaN();
    if (FAULT == 19) d[1] = 0;  // there is one parameter
  }

 private:
  static constexpr bool learned = FAULT == 6 || (FAULT >= 17 && FAULT <= 20);
};

#if FAULT == 12
extern "C" TUBAL_PLUGIN_EXPORT int something_else() { return 1; }
#else
extern "C" TUBAL_PLUGIN_EXPORT const tubal_transform* tubal_plugin(void) {
  if (FAULT == 21) return nullptr;
  if (FAULT == 22) throw std::runtime_error("no");
  static tubal_transform t = *interface<Broken>(FAULT == 11   ? "dct"
                                                : FAULT == 23 ? "Bad name"
                                                              : "broken",
                                                "", "any");
  if (FAULT == 10) t.version = 99;
  if (FAULT == 14)
    t.apply_double = [](void*, int p, int, const double* x, double* y, std::size_t T, std::size_t m) {
      for (std::size_t i = 0; i < T * p * m; ++i) y[i] = x[i] * (1 + 1e-9);
      return 0;
    };
  if (FAULT == 15)
    t.apply_float = [](void*, int, int, const float*, float*, std::size_t, std::size_t) { return 1; };
  if (FAULT == 16)
    t.apply_double = [](void*, int p, int, const double* x, double* y, std::size_t T, std::size_t m) {
      const std::size_t n = T * p * m;
      for (std::size_t i = 0; i < n; ++i) y[i] = x[i];
      y[n] = 0;
      return 0;
    };
  if (FAULT == 20) t.initial_parameters = nullptr;
  if (FAULT == 24) t.size -= 8;
  if (FAULT == 25) t.matrix = nullptr;
  return &t;
}
#endif
