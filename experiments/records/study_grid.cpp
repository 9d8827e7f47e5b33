#include "experiments/records/study_grid.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <string_view>

#include "core/axis_names.hpp"
#include "core/layout_entries.hpp"
#include "experiments/records/value_column.hpp"

namespace tubal {

namespace {

using I = std::int64_t;

// What each array of the grid holds of a trial.
struct GridMetric {
  std::string_view name;
  double (*of)(const TrialStatus&);
};
constexpr GridMetric arrays[] = {
    {"test_accuracy", [](const TrialStatus& s) { return s.test_accuracy; }},
    {"test_loss", [](const TrialStatus& s) { return s.test_loss; }},
    {"test_bits_per_byte", [](const TrialStatus& s) { return s.test_bits_per_byte; }},
    {"validation_accuracy", [](const TrialStatus& s) { return s.validation_accuracy; }},
    {"validation_loss", [](const TrialStatus& s) { return s.validation_loss; }},
    {"validation_bits_per_byte", [](const TrialStatus& s) { return s.validation_bits_per_byte; }},
    {"seconds", [](const TrialStatus& s) { return s.seconds; }},
    {"processor_seconds", [](const TrialStatus& s) { return s.processor_seconds; }},
    {"tokens_per_second", [](const TrialStatus& s) { return s.tokens_per_second; }},
    {"parameters_encoder", [](const TrialStatus& s) { return static_cast<double>(s.parameters_encoder); }},
    {"parameters_total", [](const TrialStatus& s) { return static_cast<double>(s.parameters_total); }},
    {"peak_memory", [](const TrialStatus& s) { return s.peak_memory; }},
};
static_assert(std::equal(std::begin(arrays), std::end(arrays), std::begin(layout::grid_metrics),
                         std::end(layout::grid_metrics),
                         [](const GridMetric& m, const char* name) { return m.name == name; }),
              "study.h5 has the arrays that core/layout_entries.hpp lists, in its order");

// An axis of the grid: its values in order (numbers rise, words as they first come).
struct GridAxis {
  std::string key, name;
  std::vector<Value> values;
  std::map<Value, std::size_t> at;  // their places
};

// The value of `key` at a point of the grid: the point's own, or the configuration's where
// the point leaves it open.
const Value* at_point(const StudyRow& row, const Values& point, const std::string& key) {
  const Value* v = value_of(point, key);
  return v ? v : value_of(row.values, key);
}

std::vector<Values> points(const StudyRow& row) {
  return row.cells.empty() ? std::vector<Values>{{}} : row.cells;
}

std::vector<GridAxis> gather_axes(const std::vector<std::string>& keys, const std::vector<StudyRow>& rows) {
  std::vector<GridAxis> axes;
  const std::vector<std::string> names = axis_names(keys);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    GridAxis axis{keys[i], names[i], {}, {}};
    for (const StudyRow& row : rows)
      for (const Values& point : points(row))
        if (const Value* v = at_point(row, point, keys[i]); v && axis.at.emplace(*v, 0).second)
          axis.values.push_back(*v);
    if (std::all_of(axis.values.begin(), axis.values.end(), is_number))
      std::sort(axis.values.begin(), axis.values.end(),
                [](const Value& a, const Value& b) { return number_of(a) < number_of(b); });
    for (std::size_t n = 0; n < axis.values.size(); ++n) axis.at[axis.values[n]] = n;
    axes.push_back(std::move(axis));
  }
  return axes;
}

std::vector<I> gather_seeds(const std::vector<StudyRow>& rows) {
  std::vector<I> all;
  for (const StudyRow& row : rows) all.push_back(static_cast<I>(row.status.seed));
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

// Where a trial stands in an array over (axes..., seeds), row-major; nothing where an
// axis means nothing to it.
std::optional<std::size_t> place_of(const StudyRow& row, const Values& point,
                                    const std::vector<GridAxis>& axes, const std::vector<I>& seeds) {
  std::size_t at = 0;
  for (const GridAxis& a : axes) {
    const Value* v = at_point(row, point, a.key);
    if (!v) return std::nullopt;
    at = at * a.values.size() + a.at.at(*v);
  }
  const auto seed = std::lower_bound(seeds.begin(), seeds.end(), static_cast<I>(row.status.seed));
  return at * seeds.size() + static_cast<std::size_t>(seed - seeds.begin());
}

}  // namespace

void write_grid(LayoutWriter& w, const std::vector<std::string>& keys, std::vector<StudyRow> rows) {
  std::erase_if(rows, [](const StudyRow& row) { return !row.in_grid; });
  const std::vector<GridAxis> axes = gather_axes(keys, rows);
  const std::vector<I> seeds = gather_seeds(rows);
  std::size_t filled = 0;
  for (const StudyRow& row : rows) filled += points(row).size();
  double size = static_cast<double>(seeds.size());
  for (const GridAxis& a : axes) size *= static_cast<double>(a.values.size());
  // A block that is mostly holes is no grid: the table says it all.
  const bool rectangular = !rows.empty() && size > 0 && size <= 4. * static_cast<double>(filled);
  w.attribute("/", "rectangular", I{rectangular});
  w.attribute("/", "axes", axis_names(keys));
  if (!rectangular) return;

  hdf5::Shape shape;
  std::vector<std::string> paths;
  for (const GridAxis& a : axes) {
    std::vector<const Value*> values;
    for (const Value& v : a.values) values.push_back(&v);
    const ValueColumn c(values);
    const std::string path = "/" + a.name;
    if (c.type == 'i') w.file().axis<I>(path, c.integers);
    if (c.type == 'f') w.file().axis<double>(path, c.numbers);
    if (c.type == 's') w.file().axis(path, c.texts);
    w.file().attribute(path, "key", a.key);
    if (c.flags) w.describe_flags(path);
    shape.push_back(a.values.size());
    paths.push_back(path);
  }
  w.file().axis<I>("/seed", seeds);
  shape.push_back(seeds.size());
  paths.push_back("/seed");

  std::vector<std::pair<std::size_t, const TrialStatus*>> placed;
  for (const StudyRow& row : rows) {
    if (row.status.state != TrialState::complete) continue;
    for (const Values& point : points(row))
      if (const auto at = place_of(row, point, axes, seeds)) placed.emplace_back(*at, &row.status);
  }
  for (const GridMetric& metric : arrays) {
    std::vector<double> grid(static_cast<std::size_t>(size), std::numeric_limits<double>::quiet_NaN());
    for (const auto& [at, status] : placed) grid[at] = metric.of(*status);
    const std::string path = "/" + std::string(metric.name);
    const layout::Entry& e = layout::entry("/trials" + path);
    w.file().write<double>(path, grid, shape, paths);
    w.describe(path, e.unit, e.meaning);
  }
}

}  // namespace tubal
