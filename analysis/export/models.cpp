#include "analysis/export/models.hpp"

#include <algorithm>
#include <cctype>

#include "analysis/compare/measure.hpp"
#include "analysis/read/text.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/format.hpp"
#include "core/typed.hpp"

namespace tubal::analysis {

// Letters, digits, = . + - and _ stay; "p=4 transform=dct" -> "p=4_transform=dct". At most 120 bytes, so that
// the whole name stays below a file system's 255.
static std::string file_name(const std::string& label) {
  std::string name;
  for (const char c : label) {
    const bool kept =
        std::isalnum(static_cast<unsigned char>(c)) || std::string("=.+-").find(c) != std::string::npos;
    name += kept ? c : '_';
  }
  if (name.starts_with('.')) name[0] = '_';
  return name.substr(0, 120);
}

Written export_models(const Study& s, const std::string& trial, const std::filesystem::path& folder,
                      std::vector<std::string>& left_out) {
  Written written;
  std::vector<std::string> columns;  // of classifiers what they are judged by first, of language models all
  const bool language = belongs(s, "test_bits_per_byte");
  for (const Metric& m : metrics())
    for (const std::string part : {"test_", "validation_"})
      if (const std::string name = part + m.name; s.columns.contains(name))
        if ((language && m.language) || (&m == &first_metric(false) && belongs(s, name)))
          columns.push_back(name);
  columns.push_back("parameters_total");
  std::string index = "file,id,cell,seed";
  for (const std::string& column : columns) index += "," + column;
  index += "\n";
  std::vector<std::string> ids;
  for (const Row& row : s.rows) ids.push_back(row.id);
  const std::vector<std::string> meant = ids_meant(trial, ids);
  const auto wanted = [&](std::size_t r) {
    return std::find(meant.begin(), meant.end(), s.rows[r].id) != meant.end();
  };
  std::size_t met = 0;
  for (const Cell& cell : s.cells)
    for (const std::size_t r : cell.rows) {
      if (!wanted(r)) continue;
      ++met;
      const Row& row = s.rows[r];
      const layout::TrialFolder from = s.folder.trial(row.id);
      const std::string what = cell.label + " seed " + std::to_string(row.seed) + " (" + row.id + ")";
      if (!file_is_there(from.model())) {
        left_out.push_back(what + ": " + (row.complete() ? "its model.safetensors is missing" : row.status));
        continue;
      }
      const std::string name =
          file_name(cell.label) + "_seed" + std::to_string(row.seed) + "_" + row.id + ".safetensors";
      make_folder(folder / "models");
      write_file(folder / "models" / name, read_file(from.model()));
      written.push_back(folder / "models" / name);
      index += csv_field(name) + "," + row.id + "," + csv_field(cell.label) + "," + std::to_string(row.seed);
      for (const std::string& column : columns) index += "," + s.column(column).texts[r];
      index += "\n";
    }
  if (!met)
    throw UsageError("study " + s.name + " has no trial `" + trial + "`. " + did_you_mean(trial, ids) +
                     " `tubal status " + typed(s.folder) + "` lists them.");
  if (written.empty())
    throw UsageError("study " + s.name + " has no model to export: " + join(left_out, "; ") +
                     ". A trial writes model.safetensors when it is complete. `tubal run " + typed(s.folder) +
                     "` goes on with those that were interrupted, `tubal retry " + typed(s.folder) +
                     " --failed` repeats those that failed.");
  write_file(folder / "models" / "models.csv", index);
  written.push_back(folder / "models" / "models.csv");
  return written;
}

}  // namespace tubal::analysis
