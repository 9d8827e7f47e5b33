// A finished trial as a classifier of texts. model.safetensors holds the vocabulary and the classes beside
// the parameters, so that the trial's folder alone is enough.
#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/layout.hpp"
#include "experiments/dataset.hpp"
#include "experiments/learner.hpp"

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

/// A finished trial's configuration and what goes with its parameters.
struct StoredModel {
  layout::TrialFolder trial;
  TrialConfig config;
  TextFormat format;
};

/// Reads config.yaml and the metadata of model.safetensors, and checks both files against status.json. Where
/// the model was written before it held its vocabulary, the data set is read (from `cache`, by default
/// dataset.hpp's) and must have the digest that trial.h5 names. Throws UsageError where the trial has no
/// model yet, Error where a file is damaged.
StoredModel open_model(const layout::TrialFolder& trial, const std::filesystem::path& cache = {});

class Classifier {
 public:
  /// Throws UsageError where it is a language model.
  explicit Classifier(StoredModel stored);

  struct Prediction {
    std::size_t label = 0;
    std::vector<double> probability;  // softmax over the classes
    bool cut = false;                 // the text has more than max_length tokens
    bool unknown = false;             // none of its words is in the vocabulary
  };
  /// Texts must be valid UTF-8. The test part's texts, 128 at a time, give trial.h5's predictions bit by bit.
  std::vector<Prediction> operator()(std::span<const std::string> texts);

  const std::vector<std::string>& classes() const { return format_.classes; }
  int max_length() const { return data_.max_length; }

 private:
  std::vector<std::int32_t> tokens(const std::string& text, bool& cut) const;

  DataConfig data_;  // how texts are cut
  TextFormat format_;
  std::unique_ptr<Encoder> encoder_;
  std::unique_ptr<Learner> learner_;
};

}  // namespace tubal
