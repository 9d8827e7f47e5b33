#include "analysis/figures/over_seeds.hpp"

#include <cmath>

#include "analysis/read/text.hpp"
#include "analysis/statistics/nan.hpp"

namespace tubal::analysis {

double rounded(double x) { return std::isfinite(x) ? std::stod(text::format("%.5g", x)) : nan; }

std::vector<std::size_t> thinned(std::size_t n, std::size_t most) {
  const std::size_t m = std::min(n, std::max<std::size_t>(most, 2));
  std::vector<std::size_t> at;
  for (std::size_t i = 0; i < m; ++i) at.push_back(m == 1 ? 0 : (i * (n - 1) + (m - 1) / 2) / (m - 1));
  return at;
}

void Range::add(double x) {
  if (!std::isfinite(x)) return;
  ++n;
  sum += x;
  low = std::min(low, x);
  high = std::max(high, x);
}
double Range::mean() const { return n ? sum / static_cast<double>(n) : nan; }

void Ranges::add(const Range& r) {
  any |= r.n > 0;
  mean.push_back(rounded(r.mean()));
  low.push_back(r.n ? rounded(r.low) : nan);
  high.push_back(r.n ? rounded(r.high) : nan);
}

std::size_t position(const std::vector<double>& epochs, double e) {
  return static_cast<std::size_t>(std::find(epochs.begin(), epochs.end(), e) - epochs.begin());
}

}  // namespace tubal::analysis
