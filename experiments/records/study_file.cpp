#include "experiments/records/study_file.hpp"

#include <algorithm>
#include <map>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/layout.hpp"
#include "core/layout_entries.hpp"
#include "experiments/records/layout_writer.hpp"
#include "experiments/records/study_grid.hpp"
#include "experiments/records/value_column.hpp"

namespace tubal {

namespace {

using I = std::int64_t;

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
  w.write("/trials/processor_seconds", column(status, &TrialStatus::processor_seconds));
  w.write("/trials/threads", column<I>(status, &TrialStatus::threads));
  w.write("/trials/tokens_per_second", column(status, &TrialStatus::tokens_per_second));
  w.write("/trials/peak_memory", column(status, &TrialStatus::peak_memory));
  w.write("/trials/host", column<std::string>(status, &TrialStatus::host));
  w.write("/trials/revision", column<std::string>(status, &TrialStatus::revision));
  w.write("/trials/created", column<std::string>(status, &TrialStatus::updated));

  for (const std::string& key : keys) {
    std::vector<const Value*> values;
    for (const StudyRow& row : rows) values.push_back(value_of(row.values, key));
    const ValueColumn c(values);
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
  std::vector<std::string> unused;
  for (const StudyRow& row : rows) {
    std::vector<std::string> own;
    for (const std::string& key : swept)
      if (std::find(row.idle.begin(), row.idle.end(), key) != row.idle.end()) own.push_back(key);
    unused.push_back(join(own, " "));
  }
  w.write("/trials/unused", unused);
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
