#include "analysis/report/configuration.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "core/text.hpp"

namespace tubal::analysis {

Json gather_configuration(const Study& s) {
  Json fixed = Json::array();
  for (const std::string& key : s.keys) {
    const auto found = s.columns.find(key);
    if (found == s.columns.end() || key == "seed" ||
        std::find(s.swept.begin(), s.swept.end(), key) != s.swept.end())
      continue;
    const auto& texts = found->second.texts;
    const auto value =
        std::find_if(texts.begin(), texts.end(), [](const std::string& t) { return !t.empty(); });
    if (value != texts.end()) fixed.push_back({key, *value});
  }
  std::set<long> seeds;
  for (const Row& row : s.rows) seeds.insert(row.seed);
  return {{"seeds", std::vector<long>(seeds.begin(), seeds.end())}, {"fixed", fixed}};
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
