#include "analysis/figures/comparable.hpp"

#include <algorithm>
#include <map>

#include "core/error.hpp"

namespace tubal::analysis {

// A factor says nothing new beside `k` where each of k's values goes with one of its own.
static bool follows_from(const Subject& s, std::size_t other, std::size_t k) {
  std::map<std::string, std::set<std::string>> seen;
  for (const CellResult& r : s.scene.results)
    if (s.transformer(r) && !s.any(r, other)) seen[s.value(r, k)].insert(s.value(r, other));
  return std::all_of(seen.begin(), seen.end(), [](const auto& x) { return x.second.size() <= 1; });
}

// What each line holds fixed: the combinations of values of the other factors, in the order of the cells.
static std::vector<std::vector<std::string>> combinations(const Subject& s,
                                                          const std::vector<const CellResult*>& usable,
                                                          const std::vector<std::size_t>& others) {
  std::vector<std::vector<std::string>> all;
  for (const CellResult* r : usable) {
    if (std::any_of(others.begin(), others.end(), [&](std::size_t k) { return s.any(*r, k); })) continue;
    std::vector<std::string> values;
    for (const std::size_t k : others) values.push_back(s.value(*r, k));
    if (std::find(all.begin(), all.end(), values) == all.end()) all.push_back(values);
  }
  if (all.empty()) all.emplace_back();  // nothing is held fixed: every cell belongs to it
  return all;
}

Comparable comparable(const Subject& s, std::size_t k) {
  const Factors& factors = s.scene.factors;
  const Factor& factor = factors.all[k];
  Comparable found;
  std::vector<std::size_t> others;
  for (const std::size_t other : factors.varied)
    if (other != k && !follows_from(s, other, k)) others.push_back(other);
  for (const auto& first : {factors.transform(), factors.varied_key("model.p")})
    if (!found.colour && first && std::find(others.begin(), others.end(), *first) != others.end())
      found.colour = first;
  if (!found.colour && !others.empty()) found.colour = others[0];

  std::vector<const CellResult*> usable;
  for (const CellResult& r : s.scene.results)
    if (s.transformer(r) && s.drawable(r) &&
        std::find(factor.values.begin(), factor.values.end(), s.value(r, k)) != factor.values.end())
      usable.push_back(&r);
  for (const std::vector<std::string>& values : combinations(s, usable, others)) {
    ComparableLine line{{}, "", found.colour ? any_value : "all"};
    std::set<std::string> along;
    for (const CellResult* r : usable) {
      bool fits = true;
      for (std::size_t i = 0; i < values.size(); ++i)
        fits &= s.any(*r, others[i]) || s.value(*r, others[i]) == values[i];
      if (!fits) continue;
      line.members.push_back(r);
      along.insert(s.value(*r, k));
    }
    if (along.size() < 2) continue;
    found.present.insert(along.begin(), along.end());
    std::vector<std::string> words;
    for (std::size_t i = 0; i < values.size(); ++i)
      if (others[i] == found.colour)
        line.series = values[i];
      else
        words.push_back(factors.all[others[i]].name + " = " + values[i]);
    line.panel = words.empty() ? "all" : join(words, ", ");
    if (std::find(found.panels.begin(), found.panels.end(), line.panel) == found.panels.end())
      found.panels.push_back(line.panel);
    found.lines.push_back(std::move(line));
  }
  return found;
}

}  // namespace tubal::analysis
