#include "transforms/laws.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "transforms/law_checks.hpp"

namespace tubal {

void LawTable::note(const Law& law) {
  const auto ratio = [](const Law& l) { return l.error / std::max(l.bound, 1e-300); };
  for (Law& l : laws)
    if (l.law == law.law) {
      if (!(ratio(law) <= ratio(l)) && !std::isnan(l.error)) l = law;
      return;
    }
  laws.push_back(law);
}

const std::vector<int>& law_lengths() {
  static const std::vector<int> lengths = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 16, 31, 64};
  return lengths;
}

std::vector<Law> check_laws(const Transform& transform, int p) {
  LawTable table(p);
  SeededNumbers random(11, p);
  const auto check = [&](const TransformPlan& L) {
    check_statements(table, L);
    check_maps<double>(table, L, random);
    check_maps<float>(table, L, random);
    check_product(table, L, random);
  };
  check(*transform.plan(p));
  if (transform.parameter_count(p)) {
    std::vector<double> theta = transform.initial_parameters(p);
    if (theta.size() != transform.parameter_count(p))
      table.note("initial parameters are all there", INFINITY, 0);
    check_gradient(table, transform, p, theta, random);
    for (double& t : theta) t += 0.3 * random.normal();
    check(*transform.plan(p, theta));
    check_gradient(table, transform, p, theta, random);
  }
  return table.laws;
}

std::vector<Law> check_laws(const Transform& transform, std::span<const int> lengths) {
  LawTable worst(0);
  for (const int p : lengths)
    if (!transform.refuses(p))
      for (const Law& l : check_laws(transform, p)) worst.note(l);
  return worst.laws;
}

}  // namespace tubal
