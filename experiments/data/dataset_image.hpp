// The bytes of a tokenized data set, as they stand in a cache file.
//
//   magic [8], size of the header [8], SHA-256 of all that follows [64, hexadecimal], header (JSON, padded to
//   8 bytes), then for each of train, validation, test: tokens int32, offsets int64, labels int32 (each
//   padded to 8 bytes; a language model has no labels), and the vocabulary. Numbers are little-endian.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "experiments/data/dataset.hpp"

namespace tubal {

/// What goes into it.
struct ImagePart {
  Tokens tokens{{}, {0}};
  std::vector<std::int32_t> labels;
  std::int64_t bytes = 0, characters = 0;  // of a language model
};
struct ImageContents {
  ImagePart parts[3];
  Vocabulary vocabulary;
  std::vector<std::string> classes;
  std::int64_t shared_texts = 0;
};
/// Reads the sources, splits, learns the vocabulary and tokenizes. `content`: the sources' digest.
std::string make_image(const DataConfig& config, const std::string& content);

/// Points `out` into `bytes`, which `storage` keeps alive; false where they are damaged.
bool open_image(std::string_view bytes, std::shared_ptr<const void> storage, Dataset& out);

}  // namespace tubal
