// The n-grams that a study of language models stands beside: what counting tokens reaches on the same data.
#pragma once
#include <string>
#include <vector>

#include "analysis/compare/measure.hpp"
#include "analysis/read/study.hpp"

namespace tubal::analysis {

/// One n-gram, as stored; NaN where /baselines has no figure.
struct Ngram {
  std::string name;            // unigram, 2-gram, ...
  double loss, bits_per_byte;  // of the judged part
  double figure;               // the judged metric of the judged part
  double validation;           // the judged metric of the validation part
};

/// The n-grams of one data, and the cells that read it.
struct NgramSet {
  std::vector<std::size_t> cells;
  std::vector<Ngram> rows;
};

/// A set for each data that cells read; a damaged file is named in `damaged`.
std::vector<NgramSet> ngram_sets(const Study& study, const Measure& measure,
                                 std::vector<std::string>& damaged);

/// Of the only set, the n-gram with the best figure; null where there is none, or several sets: they are of
/// several data, so no line is of all cells.
const Ngram* best_ngram(const std::vector<NgramSet>& sets, const Measure& measure);

}  // namespace tubal::analysis
