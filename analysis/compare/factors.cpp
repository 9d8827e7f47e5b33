#include "analysis/compare/factors.hpp"

#include <algorithm>

#include "core/axis_names.hpp"
#include "core/error.hpp"

namespace tubal::analysis {

std::optional<std::size_t> Factors::varied_key(const std::string& key) const {
  for (const std::size_t k : varied)
    if (all[k].key == key) return k;
  return {};
}

std::optional<std::size_t> Factors::transform() const {
  const auto whole = varied_key("model.transform");
  return whole ? whole : varied_key("model.transform.name");
}

// The transform gives colours, else the first factor of names, else p; the next one gives panels.
static void choose_colour_and_panel(Factors& f) {
  f.colour = f.transform();
  for (const std::size_t k : f.varied)
    if (!f.colour && !f.all[k].numeric) f.colour = k;
  if (!f.colour) f.colour = f.varied_key("model.p");
  if (!f.colour && !f.varied.empty()) f.colour = f.varied[0];
  std::vector<std::size_t> candidates = f.varied;
  if (const auto p = f.varied_key("model.p")) candidates.insert(candidates.begin(), *p);
  for (const std::size_t k : candidates)
    if (!f.panel && k != f.colour && f.all[k].values.size() <= 8) f.panel = k;
}

Factors factors_of(const Study& s) {
  Factors factors;
  const std::vector<std::string> names = axis_names(s.swept);
  for (std::size_t k = 0; k < s.swept.size(); ++k) {
    Factor f{s.swept[k], names[k], {}, s.column(s.swept[k]).type != 's'};
    for (const Cell& cell : s.cells)
      if (cell.values[k] != no_effect &&
          std::find(f.values.begin(), f.values.end(), cell.values[k]) == f.values.end())
        f.values.push_back(cell.values[k]);
    if (f.numeric)
      std::sort(f.values.begin(), f.values.end(),
                [](const std::string& a, const std::string& b) { return std::stod(a) < std::stod(b); });
    factors.all.push_back(std::move(f));
  }
  const std::vector<std::string> first = {"model.p", "model.transform", "model.transform.name",
                                          "model.width"};
  const auto rank = [&](std::size_t k) { return std::find(first.begin(), first.end(), s.swept[k]); };
  for (std::size_t k = 0; k < s.swept.size(); ++k)
    if (s.swept[k] != "model.kind") factors.ranked.push_back(k);
  std::stable_sort(factors.ranked.begin(), factors.ranked.end(),
                   [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
  for (const std::size_t k : factors.ranked)
    if (factors.all[k].values.size() > 1) factors.varied.push_back(k);
  choose_colour_and_panel(factors);
  return factors;
}

bool is_bag_of_words(const Study& s, const Cell& cell) {
  const auto kind = s.columns.find("model.kind");
  return kind != s.columns.end() && kind->second.texts[cell.rows.at(0)] == "bag_of_words";
}

bool stands_for_all(const Study& s, const Cell& cell, std::size_t k) {
  if (cell.values[k] == no_effect) return true;
  if (!s.swept[k].starts_with("model.frequency_scaling")) return false;
  // Canonical trials with p = 1 have no fixed scaling.
  const auto p = s.columns.find("model.p"), scaling = s.columns.find("model.frequency_scaling.kind");
  const std::size_t row = cell.rows.at(0);
  return p != s.columns.end() && p->second.texts[row] == "1" && scaling != s.columns.end() &&
         scaling->second.texts[row] == "none";
}

std::string series_of(const Study& s, const Cell& cell, const Factors& factors,
                      std::optional<std::size_t> factor) {
  if (!factor) return "all";
  if (is_bag_of_words(s, cell)) return "bag of words";
  const std::string& value = cell.values[*factor];
  const std::vector<std::string>& values = factors.all[*factor].values;
  return std::find(values.begin(), values.end(), value) == values.end() ? any_value : value;
}

std::string short_name(const Study& s, const Cell& cell) {
  if (is_bag_of_words(s, cell)) return "bag of words";
  std::vector<std::pair<int, std::string>> parts;
  const std::vector<std::string> names = axis_names(s.swept);
  for (std::size_t k = 0; k < s.swept.size(); ++k) {
    const std::string &key = s.swept[k], &value = cell.values[k];
    if (value == no_effect || key == "model.kind") continue;
    if (key.starts_with("model.frequency_scaling") && value == "none") continue;
    const int rank = key == "model.p"                                            ? 0
                     : key == "model.transform" || key == "model.transform.name" ? 1
                     : key == "model.width"                                      ? 2
                                                                                 : 3;
    parts.push_back({rank, rank == 1 ? value : names[k] + "=" + value});
  }
  std::stable_sort(parts.begin(), parts.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> words;
  for (const auto& [rank, word] : parts) words.push_back(word);
  return words.empty() ? "the only cell" : join(words, " ");
}

}  // namespace tubal::analysis
