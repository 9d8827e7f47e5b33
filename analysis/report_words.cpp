// A study in words. No sentence claims more than its figures: equality is never read from a large p.
#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/report_data.hpp"
#include "analysis/text.hpp"
#include "core/error.hpp"

namespace tubal::analysis {

namespace {

using Cells = std::vector<const Json*>;

double number(const Json& x) { return x.is_number() ? x.get<double>() : std::nan(""); }
std::string label(const Json& cell) { return cell.at("name"); }
std::string percent(double share) { return text::percent(share) + " %"; }
std::string points(double share) {
  return text::format("%.3g", 100 * share) + (share == 0.01 ? " point" : " points");
}

std::string with_interval(const Json& cell, double level) {
  const double low = number(cell["interval"][0]), high = number(cell["interval"][1]);
  std::string out = percent(number(cell["accuracy"]));
  if (!std::isnan(low))
    out += " (" + text::format("%.0f", 100 * level) + " % interval " + text::percent(low) + " to " +
           text::percent(high) + ")";
  return out;
}

// "a", "a and b", "a, b and 3 more"
std::string some(const Cells& cells) {
  std::vector<std::string> names;
  for (const Json* c : cells) names.push_back(label(*c));
  if (names.size() > 4) {
    const std::size_t more = names.size() - 3;
    names.resize(3);
    return join(names) + " and " + std::to_string(more) + " more";
  }
  if (names.size() < 2) return join(names);
  const std::string last = names.back();
  names.pop_back();
  return join(names) + " and " + last;
}

std::string state_sentence(const Study& s, std::size_t measured, const std::string& metric) {
  const std::size_t all = s.rows.size();
  std::size_t most = 0;
  for (const Cell& c : s.cells) most = std::max(most, c.rows.size());
  std::string out = measured == all
                        ? "All " + text::plural(all, "trial") + " are complete: "
                        : std::to_string(measured) + " of " + text::plural(all, "trial") + " count here: ";
  if (all == 1 && measured == 1) out = "The one trial is complete: ";
  out += text::plural(s.cells.size(), "cell") + ", " + (measured == all ? "" : "up to ") +
         text::plural(most, "seed") + " each. Accuracy is that on the " +
         (metric == "test_accuracy" ? "test" : "validation") + " part" +
         (metric == "test_accuracy" ? ", by the parameters of the best validation epoch." : ".");
  std::map<std::string, std::size_t> states;
  for (const Row& r : s.rows)
    if (!r.complete()) ++states[r.status];
  std::vector<std::string> parts;
  for (const auto& [state, n] : states) parts.push_back(std::to_string(n) + " " + state);
  if (!parts.empty()) out += " Not counted: " + join(parts) + ".";
  return out;
}

std::string best_sentence(const Cells& cells, const Cells& baselines, double level) {
  const Json& best = **std::max_element(cells.begin(), cells.end(), [](const Json* a, const Json* b) {
    return number((*a)["accuracy"]) < number((*b)["accuracy"]);
  });
  std::string out = "The best mean accuracy is " + with_interval(best, level) + ", of " + label(best);
  if (const double n = number(best["encoder"]); n > 0)
    out += " with " + text::grouped(n) + " encoder parameters";
  if (best["baseline"]) return out + ": the baseline itself.";
  if (baselines.size() == 1)
    out +=
        "; the baseline, " + label(*baselines[0]) + ", reaches " + with_interval(*baselines[0], level) +
        (number((*baselines[0])["encoder"]) > 0 ? " with " + text::grouped(number((*baselines[0])["encoder"]))
                                                : "");
  return out + ". The best of several cells looks better than it is: it was chosen after the fact.";
}

std::string difference_sentence(const Cells& compared) {
  Cells better, worse;
  std::size_t tested = 0, pairs = 0;
  for (const Json* c : compared) {
    const double p = number((*c)["p_holm"]);
    if (std::isnan(p)) continue;
    ++tested, pairs = std::max(pairs, (*c)["pairs"].get<std::size_t>());
    if (p < 0.05) (number((*c)["difference"]) > 0 ? better : worse).push_back(c);
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

std::string parity_sentence(const Cells& compared, const ReportOptions& o) {
  Cells shown;
  std::size_t asked = 0;
  for (const Json* c : compared) {
    if ((*c)["parity"].is_null()) continue;
    ++asked;
    if ((*c)["parity"]) shown.push_back(c);
  }
  if (asked == 0) return "";
  const std::string what = "Parity (no more than " + points(o.margin) + " below the baseline, one-sided " +
                           text::format("%.0f", 100 * o.level) + " % bound by Student's t)";
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

// Between the values of one factor where all other factors agree: the widest gap of means.
std::string factor_sentence(const Study& s, const Cells& cells, const std::string& key,
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
    const auto less = [](const Json* a, const Json* b) {
      return number((*a)["accuracy"]) < number((*b)["accuracy"]);
    };
    const auto [a, b] = std::minmax_element(group.begin(), group.end(), less);
    const double gap = number((**b)["accuracy"]) - number((**a)["accuracy"]);
    if (gap > widest) widest = gap, low = *a, high = *b;
  }
  if (!several) return "";
  const auto overlap = number((*low)["interval"][1]) >= number((*high)["interval"][0]);
  return "Between cells that differ in " + name + " alone, mean accuracies lie at most " +
         text::percent(widest) + " points apart (" + label(*high) + " over " + label(*low) + ")" +
         (overlap ? "; even there the intervals overlap." : ", with intervals that do not overlap.");
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

std::string sanity_sentence(const Cells& cells, const Cells& bags, double level) {
  if (bags.empty())
    return "The study has no bag of words beside it, so it cannot be said what the Transformers gain over "
           "counting words: add `include: [{model.kind: bag_of_words}]` to the grid.";
  const Json& bag = *bags[0];
  std::size_t above = 0, measured = 0;
  for (const Json* c : cells) ++measured, above += number((*c)["accuracy"]) > number(bag["accuracy"]);
  return "The sanity baseline, a linear model on hashed words and word pairs, reaches " +
         with_interval(bag, level) + "; " +
         (above == measured ? "every one"
          : above == 0      ? "none"
                            : std::to_string(above)) +
         " of " + text::plural(measured, "Transformer cell") + (above == 1 ? " lies" : " lie") + " above it.";
}

}  // namespace

std::vector<std::string> summary_in_words(const Study& s, const Json& all, const ReportOptions& o) {
  Cells cells, baselines, compared, bags;
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
  std::vector<std::string> out = {state_sentence(s, measured, o.metric)};
  if (!cells.empty()) out.push_back(best_sentence(cells, baselines, o.level));
  if (!compared.empty()) {
    out.push_back(difference_sentence(compared));
    out.push_back(parity_sentence(compared, o));
  }
  for (const auto& [key, name] : {std::pair{"model.transform", "the transform"},
                                  {"model.transform.name", "the transform"},
                                  {"model.p", "p"},
                                  {"model.frequency_scaling.kind", "the frequency scaling"}})
    out.push_back(factor_sentence(s, cells, key, name));
  out.push_back(cost_sentence(s, cells));
  if (!cells.empty() || !bags.empty()) out.push_back(sanity_sentence(cells, bags, o.level));
  std::erase(out, "");
  return out;
}

}  // namespace tubal::analysis
