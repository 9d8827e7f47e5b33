#include "analysis/read/study_reader.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/read/text.hpp"
#include "analysis/statistics/nan.hpp"
#include "core/axis_names.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/layout.hpp"
#include "core/layout_entries.hpp"
#include "core/metrics.hpp"

namespace tubal::analysis {

static const std::string trials_group = "/trials";

static Column read_column(const hdf5::Reader& file, const std::string& name) {
  Column c;
  c.type = file.type(name);
  if (c.type == 's') {
    c.texts = file.read_strings(name);
    return c;
  }
  if (file.has_attribute(name, layout::flag_meanings)) {  // a grid's false and true, no numbers
    c.type = 's';
    for (const std::int64_t flag : file.read<std::int64_t>(name))
      c.texts.push_back(flag == layout::missing_integer ? "" : flag ? "true" : "false");
    return c;
  }
  c.numbers = file.read<double>(name);
  if (c.type == 'i') {
    const auto whole = file.read<std::int64_t>(name);
    for (std::size_t i = 0; i < whole.size(); ++i) {
      const bool missing = whole[i] == layout::missing_integer;
      if (missing) c.numbers[i] = nan;
      c.texts.push_back(missing ? "" : std::to_string(whole[i]));
    }
  } else {
    for (const double x : c.numbers) c.texts.push_back(text::exact(x));
  }
  return c;
}

// What row `r` says of a swept key, or no_effect. Canonical trials carry defaults that say nothing:
// the transform of the standard Transformer (p = 1), where a transform begins that learns nothing,
// the model of a bag of words.
static std::string spoken_value(const Study& s, const std::string& key, std::size_t r) {
  const auto is = [&](const char* column, const char* value) {
    const auto found = s.columns.find(column);
    return found != s.columns.end() && found->second.texts[r] == value;
  };
  const auto unused = s.columns.find("unused");  // an earlier version told none
  const bool told = unused != s.columns.end() &&
                    (" " + unused->second.texts[r] + " ").find(" " + key + " ") != std::string::npos;
  const bool idle = told || (key.starts_with("model.transform") && is("model.p", "1")) ||
                    (key.starts_with("model.") && key != "model.kind" && is("model.kind", "bag_of_words"));
  const std::string& value = s.column(key).texts[r];
  return idle || value.empty() ? no_effect : value;
}

static void make_cells(Study& s) {
  std::erase_if(s.swept, [&](const std::string& key) {  // a bag of words differs in keys that nobody swept
    std::set<std::string> values;
    for (std::size_t r = 0; r < s.rows.size(); ++r) values.insert(spoken_value(s, key, r));
    values.erase(no_effect);
    return !s.rows.empty() && values.size() < 2;
  });
  std::map<int, std::size_t> at;
  const std::vector<std::string> names = axis_names(s.swept);
  for (std::size_t r = 0; r < s.rows.size(); ++r) {
    const auto [found, fresh] = at.try_emplace(s.rows[r].cell, s.cells.size());
    if (fresh) {
      Cell cell;
      for (std::size_t k = 0; k < s.swept.size(); ++k) {
        const std::string value = spoken_value(s, s.swept[k], r);
        if (value != no_effect && value != "transformer")
          cell.label += (cell.label.empty() ? "" : " ") + names[k] + "=" + value;
        cell.values.push_back(value);
      }
      if (cell.label.empty()) cell.label = "all";
      s.cells.push_back(cell);
    }
    Cell& cell = s.cells[found->second];
    cell.rows.push_back(r);
    cell.baseline |= s.rows[r].baseline;
  }
  for (Cell& cell : s.cells)
    std::sort(cell.rows.begin(), cell.rows.end(),
              [&](std::size_t a, std::size_t b) { return s.rows[a].seed < s.rows[b].seed; });
}

// One text a row: what makes its cell, beside the seed.
static std::vector<std::string> cell_keys(const Study& s, const std::vector<const char*>& contents) {
  std::vector<std::string> keys(s.rows.size());
  for (const std::string& key : s.keys)
    for (std::size_t r = 0; r < keys.size(); ++r) keys[r] += s.column(key).texts[r] + "\n";
  for (const char* content : contents)
    if (const auto found = s.columns.find(content); found != s.columns.end())
      for (std::size_t r = 0; r < keys.size(); ++r) keys[r] += found->second.texts[r] + "\n";
  return keys;
}

// Keeps the rows that were asked for; the others are only counted.
static void choose(Study& s, const Selection& selection) {
  std::set<std::string> wanted;
  for (const Row& row : s.rows)
    if (row.in_grid) wanted.insert(row.configuration);
  std::vector<std::size_t> kept;
  std::vector<Row> rows;
  for (std::size_t r = 0; r < s.rows.size(); ++r) {
    const Row& row = s.rows[r];
    if (!selection.task.empty() && s.language(r) != (selection.task == "language_model")) {
      ++s.other_task;
      continue;
    }
    const bool same = selection.mix_data && !row.configuration.empty() && wanted.count(row.configuration);
    if (row.in_grid || selection.all || same) {
      kept.push_back(r);
      rows.push_back(row);
    } else
      s.others.push_back(row);
  }
  s.rows = std::move(rows);
  for (auto& [name, column] : s.columns) {
    Column chosen{column.type, {}, {}};
    for (const std::size_t r : kept) {
      if (!column.numbers.empty()) chosen.numbers.push_back(column.numbers[r]);
      chosen.texts.push_back(column.texts[r]);
    }
    column = std::move(chosen);
  }
  s.swept.clear();
  for (const std::string& key : s.keys) {
    const auto& texts = s.column(key).texts;
    if (std::any_of(texts.begin(), texts.end(), [&](const std::string& t) { return t != texts[0]; }))
      s.swept.push_back(key);
  }
}

// Cells that differ in what they read alone are told apart by it; or are one, where that was asked for.
static void tell_contents_apart(Study& s, const Selection& selection) {
  if (selection.mix_data) {
    std::map<std::string, std::set<std::string>> data;
    const std::vector<std::string> keys = cell_keys(s, {"matrix", "plugin"});
    std::map<std::string, int> numbers;
    for (std::size_t r = 0; r < s.rows.size(); ++r) {
      s.rows[r].cell = numbers.emplace(keys[r], static_cast<int>(numbers.size())).first->second;
      data[keys[r]].insert(s.rows[r].data);
      s.mixed = s.mixed || data[keys[r]].size() > 1;
    }
  }
  const std::vector<std::string> keys = cell_keys(s, {});
  for (const char* content : {"data", "matrix", "plugin"}) {
    if (!s.columns.count(content) || (selection.mix_data && std::string(content) == "data")) continue;
    std::map<std::string, std::string> seen;
    for (std::size_t r = 0; r < s.rows.size(); ++r)
      if (seen.emplace(keys[r], s.column(content).texts[r]).first->second != s.column(content).texts[r]) {
        s.swept.push_back(content);
        break;
      }
  }
}

Study read_study(const layout::StudyFolder& folder, const Selection& selection,
                 const std::optional<std::string>& image) {
  if (!image && !file_is_there(folder.data()))
    throw UsageError(folder.data().string() +
                     ": is not there. `tubal run` writes it when the first trial ends.");
  Study s;
  s.file = image ? std::make_shared<const hdf5::Reader>(*image, folder.data())
                 : std::make_shared<const hdf5::Reader>(folder.data());
  const hdf5::Reader& file = *s.file;
  const double format =
      file.has_attribute("/", "tubal_format") ? file.attribute_number("/", "tubal_format") : nan;
  if (!(format <= layout::study_format_version))
    throw Error(folder.data().string() + ": " +
                (std::isnan(format)
                     ? "is not a study of tubal (no attribute tubal_format)"
                     : "was written by a later version of tubal (format " + text::exact(format) +
                           "; this one reads up to " + std::to_string(layout::study_format_version) + ")") +
                ". Build the version that wrote it, or run `tubal run` on the grid again.");
  s.folder = folder;
  s.name = file.attribute("/", "study");
  if (file.has_attribute("/", "created")) s.created = file.attribute("/", "created");
  if (file.has_attribute("/", "baseline")) s.baseline = file.attribute("/", "baseline");
  s.swept = file.attribute_strings(trials_group, "swept");
  s.keys = file.attribute_strings(trials_group, "keys");
  std::erase(s.swept, "");  // HDF5 has no empty lists of strings everywhere
  std::erase(s.keys, "");
  for (const std::string& name : file.list(trials_group))
    s.columns[name] = read_column(file, trials_group + "/" + name);
  const auto& id = s.column("id").texts;
  const auto &status = s.column("status").texts, &cause = s.column("cause").texts;
  const auto &seed = s.column("seed").numbers, &cell = s.column("cell").numbers,
             &baseline = s.column("baseline").numbers;
  const bool gridded =
      s.columns.count("in_grid") && s.columns.count("configuration") && s.columns.count("data");
  for (std::size_t r = 0; r < id.size(); ++r) {
    s.rows.push_back({id[r], status[r], cause[r], static_cast<long>(seed[r]), static_cast<int>(cell[r]),
                      baseline[r] != 0, true, "", ""});
    if (!gridded) continue;
    s.rows[r].in_grid = s.column("in_grid").numbers[r] != 0;
    s.rows[r].configuration = s.column("configuration").texts[r];
    s.rows[r].data = s.column("data").texts[r];
  }
  if (gridded) {
    choose(s, selection);
    tell_contents_apart(s, selection);
  }
  const bool classifiers = selection.task != "language_model";
  if (!selection.task.empty() && (s.rows.empty() ? s.other_task > 0 : s.language(0) == classifiers))
    throw UsageError("--task " + selection.task + ": study " + s.name + " has no trial of this task.");
  make_cells(s);
  return s;
}

}  // namespace tubal::analysis
