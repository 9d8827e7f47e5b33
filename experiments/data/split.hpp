// The validation part of labelled texts: a stratified share of the training rows,
// drawn by the data's own seed.
#pragma once
#include <cstdint>
#include <vector>

#include "experiments/config/config.hpp"
#include "experiments/data/corpus.hpp"

namespace tubal {

/// Which rows are held out: of each class the nearest whole number to share * its rows, but at least one and
/// not all where it has two or more. Depends on labels, share and seed alone.
std::vector<bool> validation_rows(const std::vector<std::int32_t>& labels, std::size_t classes, double share,
                                  std::uint64_t seed);

/// The corpus's training rows without and with the held ones, each in their order, by the
/// share and seed of `config`.
struct HeldOut {
  LabelledTexts train, validation;
};
HeldOut hold_out(const Corpus& corpus, const DataConfig& config);

}  // namespace tubal
