#include "core/metrics.hpp"

#include <string>

#include "core/error.hpp"

namespace tubal {

// A margin or a difference of perplexities is that of their logarithms, the losses.
static constexpr Metric table[] = {
    {"accuracy", "accuracy", "%", "points", 100, 2, Better::higher, 0.01, false, true, "accuracy"},
    {"loss", "loss", "nat", "nat", 1, 4, Better::lower, 0.02, true, true, "loss"},
    {"perplexity", "perplexity", "", "nat", 1, 3, Better::lower, 0.02, true, false, "loss"},
    {"bits_per_byte", "bits per byte", "bit", "bit", 1, 4, Better::lower, 0.02, true, false, "bits_per_byte"},
};

std::span<const Metric> metrics() { return table; }

const Metric& metric_of(std::string_view column) {
  std::string names;
  for (const Metric& m : table) {
    if (column == m.name || column.ends_with(std::string("_") + m.name)) return m;
    names += (names.empty() ? "" : ", ") + std::string(m.name);
  }
  throw Error("no metric `" + std::string(column) + "`; there are " + names);
}

bool is_of(const Metric& metric, bool language) { return language ? metric.language : metric.classifier; }

const Metric& first_metric(bool language) {
  for (const Metric& m : table)
    if (is_of(m, language)) return m;
  return table[0];
}

double worth(const Metric& metric, double x) { return metric.better == Better::higher ? x : -x; }

bool better(const Metric& metric, double a, double b) { return worth(metric, a) > worth(metric, b); }

}  // namespace tubal
