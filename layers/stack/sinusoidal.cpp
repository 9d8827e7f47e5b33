// Sinusoids (the paper's): coordinate j of slice l at position t = 1, 2, ... gets sin (j even) or cos (j odd)
// of a_l t 10000^(-2 floor(j/2) / m); in the original domain, or in the spectral one (real slices and real
// parts), from where L^-1 takes them into the table.
#include <cmath>

#include "layers/stack/position.hpp"

namespace tubal {

namespace {

class Sinusoidal final : public Position {
 public:
  explicit Sinusoidal(const PositionSite& site)
      : slices_(site.slices),
        spectral_(site.config.position.domain == Domain::spectral),
        positions_(static_cast<std::size_t>(site.config.max_length)) {
    for (std::size_t j = 0; j < slices_.m; ++j)
      rate_.push_back(std::pow(10000.0, -2.0 * static_cast<double>(j / 2) / static_cast<double>(slices_.m)));
  }
  bool adds() const override { return true; }
  bool by_original() const override { return !spectral_; }
  bool uses_transform() const override { return spectral_; }

  std::vector<double> table(const PositionSight& s) const override {
    const std::size_t p = slices_.p, m = slices_.m;
    std::vector<double> table(positions_ * p * m, 0.0);
    each(s, [&](std::size_t t, std::size_t l, std::size_t j, double a, std::size_t) {
      const double x = wave(t, j, a);
      double* row = table.data() + t * p * m + j;
      if (!spectral_) {
        row[l * m] = x;
        return;
      }
      for (std::size_t o = 0; o < p; ++o) row[o * m] += (*s.inverse)(o, l) * x;
    });
    return table;
  }

  // table = x(a), or I x(a).
  void gradient(const PositionSight& s, std::span<const double> dtable, PositionGradient& g) const override {
    const std::size_t p = slices_.p, m = slices_.m;
    each(s, [&](std::size_t t, std::size_t l, std::size_t j, double a, std::size_t factor) {
      const double* row = dtable.data() + t * p * m + j;
      if (!spectral_) {
        g.factors[factor] += row[l * m] * slope(t, j, a);
        return;
      }
      const double x = wave(t, j, a), dx = slope(t, j, a);
      for (std::size_t o = 0; o < p; ++o) {
        g.inverse(o, l) += row[o * m] * x;
        g.factors[factor] += row[o * m] * (*s.inverse)(o, l) * dx;
      }
    });
  }

 private:
  double angle(std::size_t t, std::size_t j) const { return static_cast<double>(t + 1) * rate_[j]; }
  double wave(std::size_t t, std::size_t j, double a) const {
    return j % 2 == 0 ? std::sin(a * angle(t, j)) : std::cos(a * angle(t, j));
  }
  double slope(std::size_t t, std::size_t j, double a) const {  // d wave / d a
    return angle(t, j) * (j % 2 == 0 ? std::cos(a * angle(t, j)) : -std::sin(a * angle(t, j)));
  }
  // f(t, row of L, j, a, index of a): original slices, or real slices and the real rows of complex ones.
  template <class F>
  void each(const PositionSight& s, F f) const {
    for (std::size_t t = 0; t < positions_; ++t) {
      if (!spectral_)
        for (std::size_t l = 0; l < slices_.p; ++l)
          for (std::size_t j = 0; j < slices_.m; ++j) f(t, l, j, s.factors[l], l);
      else
        for (const SpectralSlice& k : slices_.all)
          for (std::size_t j = 0; j < slices_.m; ++j) {
            const std::size_t bin = static_cast<std::size_t>(k.bin);
            f(t, k.row, j, s.factors[bin], bin);
          }
    }
  }

  Slices slices_;
  bool spectral_;
  std::size_t positions_;
  std::vector<double> rate_;
};

}  // namespace

std::unique_ptr<Position> make_sinusoidal(const PositionSite& site) {
  return std::make_unique<Sinusoidal>(site);
}

}  // namespace tubal
