// Orthonormal sine transform (DST-I): F[k,l] = sqrt(2/(p+1)) sin(pi (k+1)(l+1) / (p+1)).
#include <cmath>
#include <tubal/plugin.hpp>

class Dst : public tubal::plugin::Transform {
 public:
  void matrix(int p, const double*, tubal::plugin::Square F) const override {
    const double pi = std::acos(-1.0);
    for (int k = 0; k < p; ++k)
      for (int l = 0; l < p; ++l)
        F(k, l) = std::sqrt(2.0 / (p + 1)) * std::sin(pi * (k + 1) * (l + 1) / (p + 1));
  }
};

TUBAL_PLUGIN(Dst, "dst", "orthonormal DST-I", "any")
