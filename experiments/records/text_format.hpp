// What a model needs to read texts and name their classes, as metadata of model.safetensors.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "experiments/text/tokenizer.hpp"

namespace tubal {

/// What a model needs beside its configuration to read texts and name their classes.
struct TextFormat {
  Vocabulary vocabulary;
  std::vector<std::string> classes;
};

/// For the metadata of model.safetensors, and back (nothing where a file has none). Entries: `tokenizer`,
/// JSON {kind, version, size, vocabulary: see Vocabulary, or model: sentencepiece's, base64};
/// `classes`, a JSON list of names. Throws Error where they are damaged or of another version.
std::map<std::string, std::string> text_metadata(const TextFormat& format);
std::optional<TextFormat> text_format(const std::map<std::string, std::string>& metadata,
                                      const std::string& file);

}  // namespace tubal
