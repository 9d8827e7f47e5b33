#include "experiments/cli/transform_views.hpp"

#include <algorithm>
#include <cmath>
#include <iostream>

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/format.hpp"
#include "core/text_table.hpp"
#include "transforms/laws.hpp"
#include "transforms/matrix.hpp"
#include "transforms/plugins.hpp"

namespace tubal::cli {

namespace {

using Words = std::vector<std::string>;

// Nanoseconds a token of forward and inverse together, float, the best of several runs over 256 tokens.
double nanoseconds_per_token(const TransformPlan& plan, std::size_t m) {
  const std::size_t tokens = 256;
  std::vector<float> x(tokens * plan.p() * m, 1.0f), y(x.size());
  double best = INFINITY;
  for (int run = 0; run < 9; ++run) {
    const double start = seconds_now();
    plan.forward(x.data(), y.data(), tokens, m);
    plan.inverse(y.data(), x.data(), tokens, m);
    best = std::min(best, 1e9 * (seconds_now() - start));
  }
  return best / static_cast<double>(tokens);
}

// The law that came nearest to its bound; those that count (bound 0) only where one of them is broken.
const Law& worst(const std::vector<Law>& laws) {
  const auto ratio = [](const Law& l) {
    return !l.holds() ? INFINITY : l.bound > 0 ? l.error / l.bound : -1.0;
  };
  return *std::max_element(laws.begin(), laws.end(),
                           [&](const Law& a, const Law& b) { return ratio(a) < ratio(b); });
}

std::string figures(const Law& l) { return format("%.1e", l.error) + " of " + format("%.1e", l.bound); }

std::string orthogonality(double scale) {
  return scale == 0 ? "no" : std::abs(scale - 1) < 1e-12 ? "yes" : "up to scale";
}

// One row of the list; laws broken anywhere are counted in `broken`.
Words row(const TransformEntry& entry, TransformSpec spec, int p, std::size_t m, int& broken) {
  spec.name = entry.name;
  if (entry.name == "matrix" && spec.file.empty())
    return {entry.name, entry.allowed_p, "-", "-", "-", "-", "needs --file", entry.summary};
  const auto transform = make_transform(spec);
  const std::vector<Law> laws = check_laws(*transform, law_lengths());
  const Law& l = worst(laws);
  broken += !l.holds();
  const std::string state =
      l.holds() ? figures(l) : "BROKEN: " + l.law + ", p = " + std::to_string(l.p) + ": " + figures(l);
  if (transform->refuses(p))
    return {entry.name,   entry.allowed_p, "-", "-", state, "-", "not at p = " + std::to_string(p),
            entry.summary};
  const auto plan = transform->plan(p);
  return {entry.name,
          entry.allowed_p,
          orthogonality(plan->scale()),
          format("%.4g", plan->scale()),
          state,
          format("%.0f", nanoseconds_per_token(*plan, m)),
          plan->description(m, sizeof(float)),
          entry.summary};
}

}  // namespace

int list_transforms(const TransformSpec& spec, int p, int width) {
  if (width % p)
    throw UsageError("", 0, "--width",
                     "p = " + std::to_string(p) + " does not divide width = " + std::to_string(width) +
                         "; with this p the width could be " +
                         (width < p ? "" : std::to_string(width / p * p) + " or ") +
                         std::to_string((width / p + 1) * p));
  std::vector<Words> rows = {{"transform", "takes p", "orthogonal", "scale", "worst law error", "ns/token",
                              "algorithm", "what it is"}};
  int broken = 0;
  for (const TransformEntry& entry : transform_table())
    rows.push_back(row(entry, spec, p, width / p, broken));
  for (const Plugin* plugin : loaded_plugins())
    rows.push_back(row(plugin->entry, spec, p, width / p, broken));
  std::cout << "At p = " << p << ", width " << width << " (slices of width " << width / p
            << "); laws on p = 1..12, 16, 31, 64 where taken.\n\n";
  std::cout << text_table(rows, {0, 1, 2, 4, 6, 7});
  std::cout << "\nscale            l where L^H L = l I, 0 where there is none\nworst law error  of the law "
               "that came nearest to its bound, and that bound; `--laws NAME` shows all\nns/token         "
               "forward and inverse together, float, one thread, by the algorithm named\n";
  for (const Plugin* plugin : loaded_plugins())
    std::cout << "plug-in          " << plugin->entry.name << ": " << plugin->file.string() << ", SHA-256 "
              << plugin->sha256 << "\n";
  return broken ? 1 : 0;
}

int show_laws(const Transform& transform, std::span<const int> lengths) {
  std::vector<Words> rows = {{"law", "worst error", "allowed", "at p", ""}};
  bool hold = true;
  for (const Law& l : check_laws(transform, lengths)) {
    const auto figure = [](double x) { return x == 0 ? "0" : format("%.2e", x); };
    rows.push_back(
        {l.law, figure(l.error), figure(l.bound), std::to_string(l.p), l.holds() ? "holds" : "BROKEN"});
    hold = hold && l.holds();
  }
  std::cout << text_table(rows, {0, 4});
  return hold ? 0 : 1;
}

int show_matrix(const Transform& transform, int p) {
  const auto plan = transform.plan(p);
  const Matrix& F = plan->forward_matrix();
  const bool complex = plan->slices().back().complex;
  std::cout << transform.name() << " at p = " << p << ": "
            << (orthogonality(plan->scale()) == "yes" ? (complex ? "unitary" : "orthogonal")
                : plan->scale()                       ? "L^H L = " + format("%.6g", plan->scale()) + " I"
                                                      : "not orthogonal")
            << (complex ? ", stored rows (re, im) of condition " : ", condition ")
            << format("%.4g", condition_number(F)) << ", applied to slices of 64 floats by "
            << plan->description(64, sizeof(float));
  if (const std::size_t n = transform.parameter_count(p))
    std::cout << ", " << n << (n == 1 ? " parameter" : " parameters") << " (shown where training starts)";
  std::cout << "\n\n";
  std::vector<Words> rows = {{"bin", "", "f_k"}};
  for (int l = 0; l < p; ++l) rows[0].push_back("l = " + std::to_string(l));
  std::size_t r = 0;
  for (const Slice& s : plan->slices())
    for (int part = 0; part <= s.complex; ++part, ++r) {
      rows.push_back(
          {std::to_string(s.bin), s.complex ? (part ? "im" : "re") : "", format("%.4f", s.frequency)});
      for (int l = 0; l < p; ++l)
        rows.back().push_back(format("%.6f", std::abs(F(r, l)) < 5e-7 ? 0.0 : F(r, l)));
    }
  if (!complex)
    for (Words& row : rows) row.erase(row.begin() + 1);
  std::cout << text_table(rows, complex ? std::vector<std::size_t>{1} : std::vector<std::size_t>{});
  return 0;
}

}  // namespace tubal::cli
