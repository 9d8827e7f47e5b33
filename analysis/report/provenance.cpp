#include "analysis/report/provenance.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include "analysis/read/trial.hpp"
#include "analysis/report/attempt.hpp"
#include "core/layout_entries.hpp"
#include "core/text.hpp"

namespace tubal::analysis {

Json gather_provenance(const Study& s, Json& notes) {
  std::map<std::string, std::map<std::string, std::size_t>> seen;
  std::string started, ended;
  for (const Row& row : s.rows)
    attempt(notes, [&] {
      for (const auto& [name, value] : read_provenance(s.folder.trial(row.id))) {
        if (name == "started") {
          if (!value.empty() && (started.empty() || value < started)) started = value;
        } else if (name == "created") {
          ended = std::max(ended, value);
        } else if (!value.empty()) {
          ++seen[name][value];
        }
      }
    });
  Json rows = Json::array();
  for (const std::string name : layout::provenance_attributes) {
    if (!seen.count(name)) continue;
    Json values = Json::array();
    for (const auto& [value, trials] : seen[name]) values.push_back({{"value", value}, {"trials", trials}});
    rows.push_back({{"name", name}, {"values", values}});
  }
  for (const auto& [name, value] : {std::pair{"started", started}, {"ended", ended}})
    if (!value.empty())
      rows.push_back(
          {{"name", name}, {"values", Json::array({{{"value", value}, {"trials", s.rows.size()}}})}});
  return rows;
}

std::vector<std::string> commands_to_reproduce(const Study& s, const Json& provenance) {
  std::vector<std::string> lines;
  for (const Json& row : provenance) {
    if (row.at("name") != "revision") continue;
    for (const Json& value : row.at("values")) {
      std::string revision = value.at("value");
      if (revision.empty() || revision == "unknown") continue;
      std::string note;
      if (revision.ends_with("-dirty")) {
        revision.resize(revision.size() - 6);
        note = "   # the program had changes that were not committed";
      }
      lines.push_back("git checkout " + shell_word(revision) + note);
    }
  }
  if (lines.size() > 1)
    for (std::string& line : lines)
      line += line.find('#') == line.npos ? "   # some of the trials" : "; some of the trials";
  std::error_code none;  // absolute: the commands are typed in the folder of the program's source
  const std::string plan = std::filesystem::weakly_canonical(s.folder.plan(), none).string();
  lines.push_back("core/build.sh");
  lines.push_back("build/tubal run " + shell_word(plan) + " --studies again");
  lines.push_back("build/tubal compare " + shell_word(s.name) + " --studies again");
  lines.push_back("build/tubal report " + shell_word(s.name) + " --studies again");
  return lines;
}

}  // namespace tubal::analysis
