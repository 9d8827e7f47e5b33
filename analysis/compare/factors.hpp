// What a study's cells differ in: its swept keys as factors, and what a cell is called by their values.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "analysis/read/study.hpp"

namespace tubal::analysis {

/// A swept key. `values` in order of size where numeric, else of the grid; without no_effect.
struct Factor {
  std::string key, name;
  std::vector<std::string> values;
  bool numeric = false;
};

struct Factors {
  std::vector<Factor> all;          // as Study::swept
  std::vector<std::size_t> ranked;  // p, transform, width, then as swept; the kind of a model left out
  std::vector<std::size_t> varied;  // those of `ranked` that have several values
  std::optional<std::size_t> colour, panel;  // where cells of the whole study stand in one figure

  std::optional<std::size_t> varied_key(const std::string& key) const;
  std::optional<std::size_t> transform() const;
};
Factors factors_of(const Study& study);

bool is_bag_of_words(const Study& study, const Cell& cell);
/// Whether a value of the k-th factor has no effect on the cell, which so stands for all of them: p = 1 for
/// every transform and every fixed scaling.
bool stands_for_all(const Study& study, const Cell& cell, std::size_t k);
/// What a cell is called in a figure coloured by a factor: its value, "none (p = 1)", "bag of words", or
/// "all" without a factor.
std::string series_of(const Study& study, const Cell& cell, const Factors& factors,
                      std::optional<std::size_t> factor);
inline const std::string any_value = "none (p = 1)";

/// "p=4 dct width=256": shorter than its label. The transform needs no name before
/// it, and no scaling no word.
std::string short_name(const Study& study, const Cell& cell);

}  // namespace tubal::analysis
