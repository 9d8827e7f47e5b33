#include "analysis/report/comparison_words.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/read/text.hpp"

namespace tubal::analysis {

using namespace sentences;

std::string best_sentence(const Comparison& c, const Cells& cells, const Cells& baselines) {
  const Json& best = best_cell(c, cells);
  std::string out = "The best mean " + std::string(c.measure.metric->title) + " is " +
                    with_interval(c, best) + ", of " + label(best);
  if (const double n = number(best["encoder"]); n > 0)
    out += " with " + text::grouped(n) + " encoder parameters";
  if (best["baseline"]) return out + ": the baseline itself.";
  if (baselines.size() == 1)
    out +=
        "; the baseline, " + label(*baselines[0]) + ", reaches " + with_interval(c, *baselines[0]) +
        (number((*baselines[0])["encoder"]) > 0 ? " with " + text::grouped(number((*baselines[0])["encoder"]))
                                                : "");
  return out + ". The best of several cells looks better than it is: it was chosen after the fact.";
}

std::string difference_sentence(const Measure& m, const Cells& compared) {
  Cells better, worse;
  std::size_t tested = 0, pairs = 0;
  for (const Json* c : compared) {
    const double p = number((*c)["p_holm"]);
    if (std::isnan(p)) continue;
    ++tested;
    pairs = std::max(pairs, (*c)["pairs"].get<std::size_t>());
    if (p < 0.05) (m.better(number((*c)["difference"])) ? better : worse).push_back(c);
  }
  if (tested == 0)
    return "No cell has two seeds in common with the baseline, so no difference can be tested.";
  const std::string family = text::plural(tested, "cell") + " compared with the baseline, paired by seed";
  if (better.empty() && worse.empty()) {
    const double least = std::ldexp(2., -static_cast<int>(pairs)) * static_cast<double>(tested);
    return "Of " + family + ", none differs significantly after Holm's correction" +
           (least > 0.05
                ? "; with " + text::plural(pairs, "pair") + " none could, so the intervals must speak."
                : ". That alone does not show that they are equal.");
  }
  const auto are = [](const Cells& c, const char* what) {
    return std::to_string(c.size()) + (c.size() == 1 ? " is " : " are ") + what + " (" + some(c) + ")";
  };
  std::string out = "Of " + family + ", ";
  if (!better.empty()) out += are(better, "better");
  if (!worse.empty()) out += std::string(better.empty() ? "" : " and ") + are(worse, "worse");
  return out + " at 5 % after Holm's correction.";
}

std::string parity_sentence(const Comparison& comparison, double margin, const Cells& compared) {
  const Measure& m = comparison.measure;
  Cells shown;
  std::size_t asked = 0;
  for (const Json* c : compared) {
    if ((*c)["parity"].is_null()) continue;
    ++asked;
    if ((*c)["parity"]) shown.push_back(c);
  }
  if (asked == 0) return "";
  const std::string what = "Parity (no more than " + m.amount(margin) + (m.lower() ? " above" : " below") +
                           " the baseline, one-sided " + text::format("%.0f", 100 * comparison.level) +
                           " % test by Student's t, Holm's correction)";
  if (shown.empty()) return what + " is shown for none of " + text::plural(asked, "cell") + ".";
  const Json& smallest = **std::min_element(shown.begin(), shown.end(), [](const Json* a, const Json* b) {
    return number((*a)["encoder"]) < number((*b)["encoder"]);
  });
  std::string out =
      what + " is shown for " + std::to_string(shown.size()) + " of " + text::plural(asked, "cell");
  if (const double x = number(smallest["compression"]); x > 1.005)
    out += "; the smallest of them, " + label(smallest) + ", needs " + text::format("%.2g", x) +
           " times fewer encoder parameters";
  return out + ".";
}

}  // namespace tubal::analysis
