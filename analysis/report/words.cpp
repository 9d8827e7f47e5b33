#include "analysis/report/words.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/read/text.hpp"
#include "core/error.hpp"

namespace tubal::analysis {

namespace {

using Cells = std::vector<const Json*>;

double number(const Json& x) { return x.is_number() ? x.get<double>() : std::nan(""); }
std::string label(const Json& cell) { return cell.at("name"); }

// "87.89 % (95 % interval 87.22 to 88.67)", "1.8857 nat (95 % interval 1.8801 to 1.8912; perplexity 6.591)"
std::string with_interval(const Comparison& c, const Json& cell) {
  const double low = number(cell["interval"][0]), high = number(cell["interval"][1]);
  std::string more;
  if (!std::isnan(low))
    more = text::format("%.0f", 100 * c.level) + " % interval " + c.measure.figure(low) + " to " +
           c.measure.figure(high);
  for (std::size_t k = 0; k < c.beside.size(); ++k)
    if (c.beside[k].exponential())
      more += (more.empty() ? "" : "; ") + std::string(c.beside[k].metric->title) + " " +
              c.beside[k].figure(number(cell["beside"][k]));
  return c.measure.with_unit(number(cell["mean"])) + (more.empty() ? "" : " (" + more + ")");
}

// The cell with the best mean; of equal ones the first.
const Json& best_cell(const Comparison& c, const Cells& cells) {
  return **std::max_element(cells.begin(), cells.end(), [&](const Json* a, const Json* b) {
    return c.measure.worth(number((*a)["mean"])) < c.measure.worth(number((*b)["mean"]));
  });
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

std::string capital(std::string text) {
  text[0] = static_cast<char>(std::toupper(text[0]));
  return text;
}

std::string state_sentence(const Study& s, std::size_t measured, const Measure& m) {
  const std::size_t all = s.rows.size();
  std::size_t most = 0;
  for (const Cell& c : s.cells) most = std::max(most, c.rows.size());
  std::string out = measured == all
                        ? "All " + text::plural(all, "trial") + " are complete: "
                        : std::to_string(measured) + " of " + text::plural(all, "trial") + " count here: ";
  if (all == 1 && measured == 1) out = "The one trial is complete: ";
  out +=
      text::plural(s.cells.size(), "cell") + ", " + (measured == all ? "" : "up to ") +
      text::plural(most, "seed") + " each. " + capital(m.metric->title) + " is that on the " + m.part() +
      " part" +
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
    ++tested, pairs = std::max(pairs, (*c)["pairs"].get<std::size_t>());
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
                           " % bound by Student's t)";
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

// "accuracies", "losses"; a perplexity's gaps are those of the loss.
std::string plural_of(const Measure& m) {
  std::string word = metric_of(m.metric->stored).title;
  if (word.ends_with("y")) return word.substr(0, word.size() - 1) + "ies";
  return word.ends_with("ss") ? word + "es" : word;
}

// Between the values of one factor where all other factors agree: the widest gap of means.
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
    if (gap > widest) widest = gap, low = *a, high = *b;
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

std::string bag_sentence(const Comparison& c, const Cells& cells, const Cells& bags) {
  if (bags.empty())
    return "The study has no bag of words beside it, so it cannot be said what the Transformers gain over "
           "counting words: add `include: [{model.kind: bag_of_words}]` to the grid.";
  const Json& bag = *bags[0];
  std::size_t better = 0;
  for (const Json* cell : cells) better += c.measure.better(number((*cell)["mean"]) - number(bag["mean"]));
  return "The sanity baseline, a linear model on hashed words and word pairs, reaches " +
         with_interval(c, bag) + "; " +
         (better == cells.size() ? "every one"
          : better == 0          ? "none"
                                 : std::to_string(better)) +
         " of " + text::plural(cells.size(), "Transformer cell") + (better == 1 ? " lies " : " lie ") +
         (c.measure.lower() ? "below" : "above") + " it.";
}

// Each cell against the best n-gram of its own data.
std::string ngram_sentence(const Study& s, const Comparison& c, const Json& ngrams) {
  std::size_t better = 0, measured = 0;
  std::string least;
  for (const Json& set : ngrams) {
    const Json* best = nullptr;
    for (const Json& row : set["rows"])
      if (row["figure"].is_number() &&
          (!best || c.measure.better(number(row["figure"]) - number((*best)["figure"]))))
        best = &row;
    if (!best) continue;
    least += (least.empty() ? "" : ", ") + (*best)["name"].get<std::string>() + " with " +
             c.measure.with_unit(number((*best)["figure"]));
    for (const Json& cell : set["cells"]) {
      const CellResult& r = c.results[cell.get<std::size_t>()];
      if (!r.seeds) continue;
      ++measured, better += c.measure.better(r.mean - number((*best)["figure"]));
    }
  }
  if (!measured)
    return "The trials of " + s.name +
           " hold no n-gram baselines, so it cannot be said what the Transformers gain over counting tokens.";
  return "The sanity baselines are n-grams (interpolated Kneser-Ney); the best is the " + least + "; " +
         (better == measured ? "all"
          : better == 0      ? "none"
                             : std::to_string(better)) +
         " of " + text::plural(measured, "Transformer cell") + (better == 1 ? " is" : " are") +
         " better than " + (ngrams.size() > 1 ? "that of its own data" : "it") + ".";
}

}  // namespace

std::vector<std::string> summary_in_words(const Study& s, const Comparison& comparison, double margin,
                                          const Json& all, const Json& ngrams) {
  const Measure& m = comparison.measure;
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
