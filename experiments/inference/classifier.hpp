// A finished trial as a classifier of texts.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "experiments/inference/stored_model.hpp"
#include "experiments/text/tokenizer.hpp"
#include "experiments/training/learner.hpp"

namespace tubal {

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
