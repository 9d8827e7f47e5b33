#include "analysis/report/words.hpp"

#include <algorithm>
#include <map>

#include "analysis/read/text.hpp"
#include "analysis/report/comparison_words.hpp"
#include "analysis/report/factor_words.hpp"
#include "analysis/report/sanity_words.hpp"
#include "core/error.hpp"

namespace tubal::analysis {

static std::string state_sentence(const Study& s, std::size_t measured, const Measure& m) {
  const std::size_t all = s.rows.size();
  std::size_t most = 0;
  for (const Cell& c : s.cells) most = std::max(most, c.rows.size());
  std::string out = measured == all
                        ? "All " + text::plural(all, "trial") + " are complete: "
                        : std::to_string(measured) + " of " + text::plural(all, "trial") + " count here: ";
  if (all == 1 && measured == 1) out = "The one trial is complete: ";
  out +=
      text::plural(s.cells.size(), "cell") + ", " + (measured == all ? "" : "up to ") +
      text::plural(most, "seed") + " each. " + text::capital(m.metric->title) + " is that on the " +
      m.part() + " part" +
      (m.test ? ", by the parameters of the best validation " + std::string(m.language ? "result" : "epoch")
              : "") +
      (m.lower() ? "; lower is better." : ".");
  std::map<std::string, std::size_t> states;
  for (const Row& r : s.rows)
    if (!r.complete()) ++states[r.status];
  std::vector<std::string> parts;
  for (const auto& [state, n] : states) parts.push_back(std::to_string(n) + " " + state);
  if (!parts.empty()) out += " Not counted: " + join(parts) + ".";
  return out;
}

std::vector<std::string> summary_in_words(const Study& s, const Comparison& comparison, double margin,
                                          const Json& all, const Json& ngrams) {
  const Measure& m = comparison.measure;
  sentences::Cells cells, baselines, compared, bags;
  std::size_t measured = 0;
  for (const Json& c : all) {
    measured += c["seeds"].get<std::size_t>();
    if (c["seeds"] == 0) continue;
    if (c["bag_of_words"]) {
      bags.push_back(&c);
      continue;
    }
    cells.push_back(&c);
    if (c["baseline"]) baselines.push_back(&c);
    if (!c["compared_with"].is_null()) compared.push_back(&c);
  }
  std::vector<std::string> out = {state_sentence(s, measured, m)};
  if (!cells.empty()) out.push_back(best_sentence(comparison, cells, baselines));
  if (!compared.empty()) {
    out.push_back(difference_sentence(m, compared));
    out.push_back(parity_sentence(comparison, margin, compared));
  }
  for (const auto& [key, name] : {std::pair{"model.transform", "the transform"},
                                  {"model.transform.name", "the transform"},
                                  {"model.p", "p"},
                                  {"model.frequency_scaling.kind", "the frequency scaling"}})
    out.push_back(factor_sentence(s, m, cells, key, name));
  out.push_back(cost_sentence(s, cells));
  if (!cells.empty() || !bags.empty())
    out.push_back(m.language ? ngram_sentence(s, comparison, ngrams) : bag_sentence(comparison, cells, bags));
  std::erase(out, "");
  return out;
}

}  // namespace tubal::analysis
