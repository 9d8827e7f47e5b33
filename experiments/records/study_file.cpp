#include "experiments/records/study_file.hpp"

#include <algorithm>
#include <limits>
#include <map>

#include "core/axis_names.hpp"
#include "core/clock.hpp"
#include "core/files.hpp"
#include "experiments/records/layout_writer.hpp"

namespace tubal {

namespace {

using I = std::int64_t;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

const Value* find(const Values& values, const std::string& key) {
  for (const auto& [k, v] : values)
    if (k == key) return &v;
  return nullptr;
}

bool is_integer(const Value& v) { return std::holds_alternative<I>(v) || std::holds_alternative<bool>(v); }
bool is_number(const Value& v) { return is_integer(v) || std::holds_alternative<double>(v); }
I integer(const Value& v) { return std::holds_alternative<bool>(v) ? I{std::get<bool>(v)} : std::get<I>(v); }
double number(const Value& v) {
  return is_integer(v) ? static_cast<double>(integer(v)) : std::get<double>(v);
}

// A column of values, typed by what it holds: all integers -> 'i', all numbers -> 'f', else 's'.
struct Column {
  char type;
  std::vector<I> integers;
  std::vector<double> numbers;
  std::vector<std::string> texts;
  bool missing = false;
  bool flags = false;  // integers that are booleans

  explicit Column(const std::vector<const Value*>& values) {
    const auto all = [&](auto is) {
      return std::all_of(values.begin(), values.end(), [&](const Value* v) { return !v || is(*v); });
    };
    type = all(is_integer) ? 'i' : all(is_number) ? 'f' : 's';
    flags = all([](const Value& v) { return std::holds_alternative<bool>(v); }) &&
            std::any_of(values.begin(), values.end(), [](const Value* v) { return v != nullptr; });
    for (const Value* v : values) {
      missing |= !v;
      if (type == 'i') integers.push_back(v ? integer(*v) : layout::missing_integer);
      if (type == 'f') numbers.push_back(v ? number(*v) : nan);
      if (type == 's') texts.push_back(v ? show(*v) : "");
    }
  }
};

// An axis of the grid: its values in order (numbers rise, words as they first come).
struct GridAxis {
  std::string key, name;
  std::vector<Value> values;
  std::map<Value, std::size_t> at;  // their places
};

// The value of `key` at a point of the grid: the point's own, or the configuration's where
// the point leaves it open.
const Value* at_point(const StudyRow& row, const Values& point, const std::string& key) {
  const Value* v = find(point, key);
  return v ? v : find(row.values, key);
}

std::vector<Values> points(const StudyRow& row) {
  return row.cells.empty() ? std::vector<Values>{{}} : row.cells;
}

void write_grid(LayoutWriter& w, const std::vector<std::string>& keys, std::vector<StudyRow> rows) {
  std::erase_if(rows, [](const StudyRow& row) { return !row.in_grid; });
  std::vector<GridAxis> axes;
  const std::vector<std::string> names = axis_names(keys);
  std::size_t filled = 0;
  for (const StudyRow& row : rows) filled += points(row).size();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    GridAxis axis{keys[i], names[i], {}, {}};
    for (const StudyRow& row : rows)
      for (const Values& point : points(row))
        if (const Value* v = at_point(row, point, keys[i]); v && axis.at.emplace(*v, 0).second)
          axis.values.push_back(*v);
    if (std::all_of(axis.values.begin(), axis.values.end(), is_number))
      std::sort(axis.values.begin(), axis.values.end(),
                [](const Value& a, const Value& b) { return number(a) < number(b); });
    for (std::size_t n = 0; n < axis.values.size(); ++n) axis.at[axis.values[n]] = n;
    axes.push_back(std::move(axis));
  }
  std::vector<I> seeds = [&] {
    std::vector<I> all;
    for (const StudyRow& row : rows) all.push_back(static_cast<I>(row.status.seed));
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
  }();
  double size = static_cast<double>(seeds.size());
  for (const GridAxis& a : axes) size *= static_cast<double>(a.values.size());
  // A block that is mostly holes is no grid: the table says it all.
  const bool rectangular = !rows.empty() && size > 0 && size <= 4. * static_cast<double>(filled);
  w.attribute("/", "rectangular", I{rectangular});
  w.attribute("/", "axes", names);
  if (!rectangular) return;

  hdf5::Shape shape;
  std::vector<std::string> paths;
  for (const GridAxis& a : axes) {
    std::vector<const Value*> values;
    for (const Value& v : a.values) values.push_back(&v);
    const Column c(values);
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

  const std::size_t metrics = std::size(layout::grid_metrics);
  std::vector<std::vector<double>> grids(metrics, std::vector<double>(static_cast<std::size_t>(size), nan));
  for (const StudyRow& row : rows) {
    const TrialStatus& s = row.status;
    if (s.state != TrialState::complete) continue;
    const double values[] = {s.test_accuracy,
                             s.test_loss,
                             s.test_bits_per_byte,
                             s.validation_accuracy,
                             s.validation_loss,
                             s.validation_bits_per_byte,
                             s.seconds,
                             s.tokens_per_second,
                             static_cast<double>(s.parameters_encoder),
                             static_cast<double>(s.parameters_total),
                             s.peak_memory};
    static_assert(std::size(values) == std::size(layout::grid_metrics));
    for (const Values& point : points(row)) {
      std::size_t at = 0;
      for (const GridAxis& a : axes) {
        const Value* v = at_point(row, point, a.key);
        if (!v) {
          at = static_cast<std::size_t>(-1);
          break;
        }
        at = at * a.values.size() + a.at.at(*v);
      }
      if (at == static_cast<std::size_t>(-1)) continue;
      at = at * seeds.size() +
           static_cast<std::size_t>(std::lower_bound(seeds.begin(), seeds.end(), static_cast<I>(s.seed)) -
                                    seeds.begin());
      for (std::size_t m = 0; m < metrics; ++m) grids[m][at] = values[m];
    }
  }
  for (std::size_t m = 0; m < metrics; ++m) {
    const std::string path = std::string("/") + layout::grid_metrics[m];
    const layout::Entry& e = layout::entry("/trials" + path);
    w.file().write<double>(path, grids[m], shape, paths);
    w.describe(path, e.unit, e.meaning);
  }
}

void write_table(LayoutWriter& w, const std::vector<StudyRow>& rows) {
  std::vector<std::string> keys, swept;
  for (const StudyRow& row : rows)
    for (const auto& [key, value] : row.values)
      if (key != "seed" && std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);

  std::vector<TrialStatus> status;
  std::vector<std::string> id, state, configuration, data, matrix, plugin;
  std::vector<I> cell, baseline, seed, in_grid;
  std::map<std::string, I> cells;
  for (const StudyRow& row : rows) {
    status.push_back(row.status);
    id.push_back(row.id);
    state.push_back(name(row.status.state));
    baseline.push_back(row.baseline);
    in_grid.push_back(row.in_grid);
    configuration.push_back(row.configuration);
    data.push_back(row.data);
    matrix.push_back(row.matrix);
    plugin.push_back(row.plugin);
    seed.push_back(static_cast<I>(row.status.seed));
    std::string text = row.data + "\n" + row.matrix + "\n" + row.plugin + "\n";
    for (const auto& [key, value] : row.values)
      if (key != "seed") text += key + "=" + show(value) + "\n";
    cell.push_back(cells.emplace(text, static_cast<I>(cells.size())).first->second);
  }
  w.write("/trials/trial", counting(rows.size()));
  w.write("/trials/id", id);
  w.write("/trials/seed", seed);
  w.write("/trials/in_grid", in_grid);
  w.write("/trials/configuration", configuration);
  w.write("/trials/data", data);
  w.write("/trials/matrix", matrix);
  w.write("/trials/plugin", plugin);
  w.write("/trials/cell", cell);
  w.write("/trials/baseline", baseline);
  w.write("/trials/status", state);
  w.write("/trials/cause", column<std::string>(status, &TrialStatus::cause));
  w.write("/trials/epochs_done", column<I>(status, &TrialStatus::epoch));
  w.write("/trials/best_epoch", column<I>(status, &TrialStatus::best_epoch));
  w.write("/trials/train_loss", column(status, &TrialStatus::train_loss));
  w.write("/trials/train_accuracy", column(status, &TrialStatus::train_accuracy));
  w.write("/trials/validation_loss", column(status, &TrialStatus::validation_loss));
  w.write("/trials/validation_accuracy", column(status, &TrialStatus::validation_accuracy));
  w.write("/trials/test_loss", column(status, &TrialStatus::test_loss));
  w.write("/trials/test_accuracy", column(status, &TrialStatus::test_accuracy));
  w.write("/trials/validation_bits_per_byte", column(status, &TrialStatus::validation_bits_per_byte));
  w.write("/trials/test_bits_per_byte", column(status, &TrialStatus::test_bits_per_byte));
  w.write("/trials/parameters_encoder", column<I>(status, &TrialStatus::parameters_encoder));
  w.write("/trials/parameters_total", column<I>(status, &TrialStatus::parameters_total));
  w.write("/trials/flops", column(status, &TrialStatus::flops));
  w.write("/trials/seconds", column(status, &TrialStatus::seconds));
  w.write("/trials/tokens_per_second", column(status, &TrialStatus::tokens_per_second));
  w.write("/trials/peak_memory", column(status, &TrialStatus::peak_memory));
  w.write("/trials/host", column<std::string>(status, &TrialStatus::host));
  w.write("/trials/revision", column<std::string>(status, &TrialStatus::revision));
  w.write("/trials/created", column<std::string>(status, &TrialStatus::updated));

  for (const std::string& key : keys) {
    std::vector<const Value*> values;
    for (const StudyRow& row : rows) values.push_back(find(row.values, key));
    const Column c(values);
    const std::string path = "/trials/" + key;
    const hdf5::Shape shape{rows.size()};
    const std::vector<std::string> axes{"/trials/trial"};
    if (c.type == 'i') w.file().write<I>(path, c.integers, shape, axes);
    if (c.type == 'f') w.file().write<double>(path, c.numbers, shape, axes);
    if (c.type == 's') w.file().write(path, std::span<const std::string>(c.texts), shape, axes);
    if (c.type == 'i' && c.missing) w.file().attribute(path, "_FillValue", I{layout::missing_integer});
    w.file().attribute(path, "long_name", "configuration: " + key);
    if (c.flags) w.describe_flags(path);
    std::vector<const Value*> inside;
    for (std::size_t r = 0; r < rows.size(); ++r)
      if (rows[r].in_grid) inside.push_back(values[r]);
    const auto differs = [&](const Value* v) { return !v != !inside[0] || (v && !(*v == *inside[0])); };
    if (std::any_of(inside.begin(), inside.end(), differs)) swept.push_back(key);
  }
  w.attribute("/trials", "swept", swept);
  w.attribute("/trials", "keys", keys);
}

}  // namespace

std::string study_image(const std::string& study, const std::vector<std::string>& axes,
                        const std::vector<StudyRow>& rows, int grid, const std::string& baseline) {
  LayoutWriter w(layout::StudyFolder{}.data());
  w.attribute("/", "tubal_format", I{layout::study_format_version});
  w.attribute("/", "study", study);
  w.attribute("/", "grid", I{grid});
  w.attribute("/", "baseline", baseline);
  std::string created;  // when the last of what it holds was written: equal trials, equal bytes
  for (const StudyRow& row : rows) created = std::max(created, row.status.updated);
  w.attribute("/", "created", created);
  write_grid(w, axes, rows);
  write_table(w, rows);
  return w.file().image();
}

void write_study(const fs::path& file, const std::string& study, const std::vector<std::string>& axes,
                 const std::vector<StudyRow>& rows) {
  write_file(file, study_image(study, axes, rows));
}

}  // namespace tubal
