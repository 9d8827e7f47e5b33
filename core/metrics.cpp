#include "core/metrics.hpp"

#include <string>

#include "core/error.hpp"

namespace tubal {

static constexpr Metric table[] = {
    {"accuracy", "accuracy", "%", "points", 100, 2, Better::higher, 0.01, false},
    {"loss", "loss", "nat", "nat", 1, 4, Better::lower, 0.02, true},
    {"perplexity", "perplexity", "", "", 1, 3, Better::lower, 0.1, true},
    {"bits_per_byte", "bits per byte", "bit", "bit", 1, 4, Better::lower, 0.02, true},
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

bool better(const Metric& metric, double a, double b) {
  return metric.better == Better::higher ? a > b : a < b;
}

}  // namespace tubal
