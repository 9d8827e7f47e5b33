// A learned rotation: F = G_n ... G_2 G_1, each G_j a plane rotation by theta_j of neighbouring rows (a,
// a+1); `sweeps` (an option, 2 unless told) passes over all neighbours. Starts at the identity.
#include <cmath>
#include <tubal/plugin.hpp>

class Givens : public tubal::plugin::Transform {
 public:
  explicit Givens(const tubal::plugin::Options& options) {
    for (const auto& [key, value] : options) {
      if (key != "sweeps") throw std::invalid_argument("`" + key + "` is no option; there is: sweeps");
      sweeps_ = std::stoi(value);
      if (sweeps_ < 1) throw std::invalid_argument("sweeps: found " + value + ", needs 1 or more");
    }
  }
  std::size_t parameter_count(int p) const override { return static_cast<std::size_t>(sweeps_) * (p - 1); }

  void matrix(int p, const double* theta, tubal::plugin::Square F) const override {
    for (int k = 0; k < p; ++k)
      for (int l = 0; l < p; ++l) F(k, l) = k == l;
    for (std::size_t j = 0; j < parameter_count(p); ++j) rotate(F, j % (p - 1), theta[j]);
  }

  // With P = G_j ... G_1 and M = d loss / d P: d loss / d theta_j = sum_l M[a+1,l] P[a,l] - M[a,l] P[a+1,l];
  // then one rotation back.
  void gradient(int p, const double* theta, tubal::plugin::ConstantSquare dF, double* dtheta) const override {
    std::vector<double> P(p * p), M(dF.data, dF.data + p * p);
    matrix(p, theta, {P.data(), p});
    for (std::size_t j = parameter_count(p); j-- > 0;) {
      const int a = j % (p - 1);
      dtheta[j] = 0;
      for (int l = 0; l < p; ++l)
        dtheta[j] += M[(a + 1) * p + l] * P[a * p + l] - M[a * p + l] * P[(a + 1) * p + l];
      rotate({P.data(), p}, a, -theta[j]);
      rotate({M.data(), p}, a, -theta[j]);
    }
  }

 private:
  static void rotate(tubal::plugin::Square F, int a, double angle) {
    const double c = std::cos(angle), s = std::sin(angle);
    for (int l = 0; l < F.p; ++l) {
      const double u = F(a, l), v = F(a + 1, l);
      F(a, l) = c * u - s * v;
      F(a + 1, l) = s * u + c * v;
    }
  }
  int sweeps_ = 2;
};

TUBAL_PLUGIN(Givens, "givens", "learned: sweeps of plane rotations of neighbours", "any")
