#include "analysis/report/configuration.hpp"

#include <algorithm>
#include <set>

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

}  // namespace tubal::analysis
