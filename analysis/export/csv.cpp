#include "analysis/export/csv.hpp"

#include <cmath>

#include "analysis/compare/measure.hpp"
#include "analysis/read/text.hpp"
#include "analysis/read/trial.hpp"
#include "core/files.hpp"
#include "core/format.hpp"
#include "core/layout_entries.hpp"

namespace tubal::analysis {

static std::string line(const std::vector<std::string>& fields) {
  std::string out;
  for (const std::string& field : fields) out += (&field == &fields[0] ? "" : ",") + csv_field(field);
  return out + "\n";
}

// The table's own columns in the order of core/layout_entries.hpp, then the configuration's.
static std::vector<std::string> ordered_columns(const Study& s) {
  std::vector<std::string> names;
  for (const layout::Entry& e : layout::study_entries) {
    const std::string name = std::string(e.path).substr(std::string("/trials/").size());
    if (s.columns.contains(name) && belongs(s, name)) names.push_back(name);
  }
  for (const std::string& key : s.keys)
    if (s.columns.contains(key)) names.push_back(key);
  return names;
}

static std::string trials_table(const Study& s) {
  std::vector<std::string> labels(s.rows.size());
  for (const Cell& cell : s.cells)
    for (const std::size_t r : cell.rows) labels[r] = cell.label;
  const std::vector<std::string> names = ordered_columns(s);
  std::vector<std::string> head = names;
  head.push_back("label");
  std::string out = line(head);
  for (std::size_t r = 0; r < s.rows.size(); ++r) {
    std::vector<std::string> fields;
    for (const std::string& name : names) fields.push_back(s.column(name).texts[r]);
    fields.push_back(labels[r]);
    out += line(fields);
  }
  return out;
}

static std::string curves_table(const Study& s) {
  std::vector<std::string> metrics;
  const std::string group = "/metrics/evaluation/";
  for (const layout::Entry& e : layout::trial_entries)
    if (const std::string path = e.path; path.starts_with(group) && path != group + "epoch")
      if (const std::string name = path.substr(group.size()); belongs(s, name)) metrics.push_back(name);
  std::vector<std::string> head = {"id", "seed"};
  head.insert(head.end(), s.swept.begin(), s.swept.end());
  head.push_back("epoch");
  head.insert(head.end(), metrics.begin(), metrics.end());
  std::string out = line(head);
  for (std::size_t r = 0; r < s.rows.size(); ++r) {
    const TrialCurves curves = read_curves(s.folder.trial(s.rows[r].id));
    for (std::size_t e = 0; e < curves.epoch.size(); ++e) {
      std::vector<std::string> fields = {s.rows[r].id, std::to_string(s.rows[r].seed)};
      for (const std::string& key : s.swept) fields.push_back(s.column(key).texts[r]);
      fields.push_back(text::exact(curves.epoch[e]));
      for (const std::string& metric : metrics) {
        const auto found = curves.metrics.find(metric);
        fields.push_back(found == curves.metrics.end() ? "" : text::exact(found->second.at(e)));
      }
      out += line(fields);
    }
  }
  return out;
}

Written export_csv(const Study& s, const std::filesystem::path& folder) {
  make_folder(folder);
  write_file(folder / "trials.csv", trials_table(s));
  write_file(folder / "curves.csv", curves_table(s));
  return {folder / "trials.csv", folder / "curves.csv"};
}

}  // namespace tubal::analysis
