// A text of words with some order in it, and data blocks that read it.
#pragma once
#include <fstream>
#include <string>

#include "core/random.hpp"
#include "experiments/config/config.hpp"
#include "tests/temporary.hpp"

namespace tubal::test {

/// Lines of words in which each word says much about the next one.
inline std::string made_text(std::size_t lines, std::uint64_t seed = 1) {
  const std::string words[] = {"der", "the", "Kirsche", "of", "caf\xC3\xA9", "a", "mill", "runs"};
  const RandomStream random(seed, Purpose::test);
  std::string text;
  std::uint64_t at = 0, word = 0;
  for (std::size_t i = 0; i < lines; ++i) {
    for (int w = 0; w < 6; ++w) {
      word = random.below(4, at++) ? (word + 3) % 8 : random.below(8, at++);
      text += (w ? " " : "") + words[word];
    }
    text += "\n";
  }
  return text;
}

inline std::string put(const TemporaryFolder& folder, const std::string& name, const std::string& text) {
  std::ofstream(folder / name, std::ios::binary) << text;
  return (folder / name).string();
}

inline DataConfig text_data(const std::string& train, const std::string& tokenizer = "char") {
  DataConfig d;
  d.name = "text";
  d.train = train;
  d.language = true;
  d.tokenizer.kind = tokenizer;
  d.tokenizer.vocabulary = tokenizer == "sentencepiece" ? 300 : 1000;
  d.tokenizer.model_type = "bpe";
  d.max_length = 16;
  return d;
}

}  // namespace tubal::test
