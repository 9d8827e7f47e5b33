// The token streams of a language model: 0 d1, or with documents 0 d1 0 d2 ... 0 dn 0.
#pragma once
#include "experiments/data/dataset_image.hpp"

namespace tubal {

/// What read_text_corpus() gives, tokenized.
ImageContents text_contents(const DataConfig& config);

}  // namespace tubal
