// What `tubal data` prints of a data set.
#pragma once
#include <ostream>

#include "experiments/config/config.hpp"
#include "experiments/data/dataset.hpp"

namespace tubal::cli {

/// Sources, a table by part (of labelled texts: classes, lengths, repeats; of a language model: tokens and
/// windows), the vocabulary and where the tokens are kept. Reads the texts of labelled data once more.
void print_data(std::ostream& out, const DataConfig& config, const Dataset& data);

}  // namespace tubal::cli
