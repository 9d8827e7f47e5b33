#include "analysis/report/sanity_words.hpp"

#include "analysis/read/text.hpp"

namespace tubal::analysis {

using namespace sentences;

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
      ++measured;
      better += c.measure.better(r.mean - number((*best)["figure"]));
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

}  // namespace tubal::analysis
