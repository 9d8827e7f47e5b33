#include "analysis/report/factor_words.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/read/text.hpp"
#include "core/error.hpp"

namespace tubal::analysis {

using namespace sentences;

// "accuracies", "losses"; a perplexity's gaps are those of the loss.
static std::string plural_of(const Measure& m) {
  std::string word = metric_of(m.metric->stored).title;
  if (word.ends_with("y")) return word.substr(0, word.size() - 1) + "ies";
  return word.ends_with("ss") ? word + "es" : word;
}

std::string factor_sentence(const Study& s, const Measure& m, const Cells& cells, const std::string& key,
                            const std::string& name) {
  const auto k = static_cast<std::size_t>(std::find(s.swept.begin(), s.swept.end(), key) - s.swept.begin());
  if (k == s.swept.size()) return "";
  std::map<std::string, Cells> groups;
  for (const Json* c : cells) {
    auto values = (*c)["values"].get<std::vector<std::string>>();
    if ((*c)["any"][k]) continue;
    values[k] = "";
    groups[join(values, "\n")].push_back(c);
  }
  double widest = -1;
  const Json *low = nullptr, *high = nullptr;
  std::size_t several = 0;
  for (const auto& [others, group] : groups) {
    if (group.size() < 2) continue;
    ++several;
    const auto worse = [&](const Json* a, const Json* b) {
      return m.worth(number((*a)["mean"])) < m.worth(number((*b)["mean"]));
    };
    const auto [a, b] = std::minmax_element(group.begin(), group.end(), worse);
    const double gap = std::abs(number((**b)["mean"]) - number((**a)["mean"]));
    if (gap > widest) {
      widest = gap;
      low = *a;
      high = *b;
    }
  }
  if (!several) return "";
  const std::string apart = "Between cells that differ in " + name + " alone, mean " + plural_of(m) +
                            " lie at most " + m.deviation(widest) + " " + m.metric->difference_unit +
                            " apart (" + label(*high) + (m.lower() ? " below " : " over ") + label(*low) +
                            ")";
  const double l[] = {number((*low)["interval"][0]), number((*low)["interval"][1])};
  const double h[] = {number((*high)["interval"][0]), number((*high)["interval"][1])};
  if (std::isnan(l[0]) || std::isnan(h[0])) return apart + ".";  // of one seed
  const bool overlap = m.lower() ? h[1] >= l[0] : l[1] >= h[0];
  return apart + (overlap ? "; even there the intervals overlap." : ", with intervals that do not overlap.");
}

std::string cost_sentence(const Study& s, const Cells& cells) {
  const Json* fastest = nullptr;
  for (const Json* c : cells) {
    const double t = number((*c)["seconds"]);
    if (!std::isnan(t) && (!fastest || t < number((*fastest)["seconds"]))) fastest = c;
  }
  double total = 0;
  for (const double x : s.column("seconds").numbers)
    if (!std::isnan(x)) total += x;
  if (!fastest || !(total > 0)) return "";
  return "Training took " + text::seconds(total) + " of wall clock over all trials; the fastest cell is " +
         label(*fastest) + " with " + text::seconds(number((*fastest)["seconds"])) + " a trial.";
}

}  // namespace tubal::analysis
