#include "analysis/study_reader.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/nan.hpp"
#include "analysis/text.hpp"
#include "core/error.hpp"
#include "core/hdf5.hpp"

namespace tubal::analysis {

static const std::string table = "/trials";

static Column read_column(const hdf5::Reader& file, const std::string& name) {
  Column c;
  c.type = file.type(name);
  if (c.type == 's') {
    c.texts = file.read_strings(name);
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

std::vector<std::string> short_names(const std::vector<std::string>& keys) {
  std::vector<std::string> names;
  for (const std::string& key : keys) {
    std::string whole = key;
    for (const char* tail : {".name", ".kind"})
      if (whole.size() > 5 && whole.ends_with(tail)) whole.resize(whole.size() - 5);
    std::string name = whole;
    for (std::size_t dot = whole.rfind('.'); dot != std::string::npos;
         dot = dot ? whole.rfind('.', dot - 1) : std::string::npos) {
      name = whole.substr(dot + 1);
      const bool unique = std::none_of(keys.begin(), keys.end(), [&](const std::string& other) {
        return other != key && (other.ends_with("." + name) || other.find("." + name + ".") != other.npos);
      });
      if (unique) break;
      name = whole;
    }
    names.push_back(name);
  }
  return names;
}

// What row `r` says of a swept key; "–" where the key has no effect on it. Canonical trials carry defaults
// that say nothing: the transform of the standard Transformer (p = 1), the model of a bag of words.
static std::string spoken_value(const Study& s, const std::string& key, std::size_t r) {
  const auto is = [&](const char* column, const char* value) {
    const auto found = s.columns.find(column);
    return found != s.columns.end() && found->second.texts[r] == value;
  };
  const bool idle = (key.starts_with("model.transform") && is("model.p", "1")) ||
                    (key.starts_with("model.") && key != "model.kind" && is("model.kind", "bag_of_words"));
  const std::string& value = s.column(key).texts[r];
  return idle || value.empty() ? "–" : value;
}

static void make_cells(Study& s) {
  std::erase_if(s.swept, [&](const std::string& key) {  // a bag of words differs in keys that nobody swept
    std::set<std::string> values;
    for (std::size_t r = 0; r < s.rows.size(); ++r) values.insert(spoken_value(s, key, r));
    values.erase("–");
    return !s.rows.empty() && values.size() < 2;
  });
  std::map<int, std::size_t> at;
  const std::vector<std::string> names = short_names(s.swept);
  for (std::size_t r = 0; r < s.rows.size(); ++r) {
    const auto [found, fresh] = at.try_emplace(s.rows[r].cell, s.cells.size());
    if (fresh) {
      Cell cell;
      for (std::size_t k = 0; k < s.swept.size(); ++k) {
        const std::string value = spoken_value(s, s.swept[k], r);
        if (value != "–" && value != "transformer")
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

Study read_study(const layout::StudyFolder& folder) {
  std::error_code none;
  if (!std::filesystem::exists(folder.data(), none))
    throw UsageError(folder.data().string() +
                     ": is not there. `tubal run` writes it when the first trial ends.");
  const hdf5::Reader file(folder.data());
  const double format =
      file.has_attribute("/", "tubal_format") ? file.attribute_number("/", "tubal_format") : nan;
  if (!(format <= layout::format_version))
    throw Error(folder.data().string() + ": " +
                (std::isnan(format)
                     ? "is not a study of tubal (no attribute tubal_format)"
                     : "was written by a later version of tubal (format " + text::exact(format) +
                           "; this one reads up to " + std::to_string(layout::format_version) + ")") +
                ". Build the version that wrote it, or run `tubal run` on the grid again.");
  Study s;
  s.folder = folder;
  s.name = file.attribute("/", "study");
  if (file.has_attribute("/", "created")) s.created = file.attribute("/", "created");
  s.swept = file.attribute_strings(table, "swept");
  s.keys = file.attribute_strings(table, "keys");
  std::erase(s.swept, "");  // HDF5 has no empty lists of strings everywhere
  std::erase(s.keys, "");
  for (const std::string& name : file.list(table)) s.columns[name] = read_column(file, table + "/" + name);
  const auto& id = s.column("id").texts;
  const auto &status = s.column("status").texts, &cause = s.column("cause").texts;
  const auto &seed = s.column("seed").numbers, &cell = s.column("cell").numbers,
             &baseline = s.column("baseline").numbers;
  for (std::size_t r = 0; r < id.size(); ++r)
    s.rows.push_back({id[r], status[r], cause[r], static_cast<long>(seed[r]), static_cast<int>(cell[r]),
                      baseline[r] != 0});
  make_cells(s);
  return s;
}

const Column& Study::column(const std::string& wanted) const {
  const auto found = columns.find(wanted);
  if (found != columns.end()) return found->second;
  std::vector<std::string> names;
  for (const auto& [n, c] : columns) names.push_back(n);
  throw UsageError(folder.data().string() + ": /trials has no column `" + wanted + "`. " +
                   did_you_mean(wanted, names) + " There are: " + join(names) + ".");
}

double Study::figure(const std::string& name, std::size_t row) const {
  return rows[row].complete() ? column(name).numbers[row] : nan;
}

std::string Study::key(const std::string& wanted) const {
  std::vector<std::string> all = keys;
  all.push_back("seed"), all.push_back("status"), all.push_back("id");
  if (std::find(all.begin(), all.end(), wanted) != all.end()) return wanted;
  for (const std::vector<std::string>& among :
       {swept, all}) {  // a swept key wins over one that is the same everywhere
    std::set<std::string> fits;
    for (const std::string& k : among)
      if (k.ends_with("." + wanted) || k.ends_with("." + wanted + ".name") ||
          k.ends_with("." + wanted + ".kind"))
        fits.insert(k);
    if (fits.size() == 1) return *fits.begin();
    if (fits.size() > 1)
      throw UsageError("`" + wanted + "` may mean " + join({fits.begin(), fits.end()}, " or ") +
                       ": give more of it.");
  }
  for (const std::string& name : short_names(keys)) all.push_back(name);
  throw UsageError("`" + wanted + "` is not a key of this study. " + did_you_mean(wanted, all) +
                   (swept.empty() ? "" : " Swept here: " + join(swept) + "."));
}

std::vector<std::string> Study::troubles() const {
  std::vector<std::string> lines;
  for (const Cell& cell : cells)
    for (const std::size_t r : cell.rows) {
      const Row& row = rows[r];
      const bool measured =
          !std::isnan(figure("test_accuracy", r)) || !std::isnan(figure("validation_accuracy", r));
      if (measured) continue;
      lines.push_back(cell.label + " seed " + std::to_string(row.seed) + " (" + row.id +
                      "): " + (row.complete() ? "complete, but without an accuracy" : row.status) +
                      (row.cause.empty() ? "" : ": " + row.cause));
    }
  return lines;
}

}  // namespace tubal::analysis
