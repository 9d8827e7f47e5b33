#include "experiments/inference/classifier.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "experiments/inference/stored_model.hpp"
#include "experiments/records/safetensors.hpp"

namespace tubal {

Classifier::Classifier(StoredModel stored) : data_(stored.config.data), format_(std::move(stored.format)) {
  const TrialConfig& config = stored.config;
  if (config.model.task == Task::language_model)
    throw UsageError("trial " + stored.trial.id() + " is a language model, which knows no classes");
  encoder_ = std::make_unique<Encoder>(format_.vocabulary);
  learner_ = make_learner(config.model, format_.vocabulary.size, static_cast<int>(format_.classes.size()),
                          config.seed, 1);
  std::vector<NamedTensor<float>> parameters = learner_->parameters(false);
  read_safetensors(stored.trial.model(), parameters);
}

// Cut as the data set was.
std::vector<std::int32_t> Classifier::tokens(const std::string& text, bool& cut) const {
  const auto most = static_cast<std::size_t>(data_.max_length);
  std::vector<std::int32_t> kept = (*encoder_)(text, TokenLimit(data_.max_length, data_.truncation));
  cut = kept.size() == most && (*encoder_)(text, TokenLimit(data_.max_length + 1)).size() > most;
  return kept;
}

std::vector<Classifier::Prediction> Classifier::operator()(std::span<const std::string> texts) {
  std::vector<Prediction> out;
  Batch batch{{}, {0}, std::vector<std::int32_t>(texts.size(), 0)};  // labels do not matter here
  for (const std::string& text : texts) {
    Prediction p;
    const std::vector<std::int32_t> found = tokens(text, p.cut);
    p.unknown = std::all_of(found.begin(), found.end(), [](std::int32_t t) { return t == unknown_token; });
    batch.tokens.insert(batch.tokens.end(), found.begin(), found.end());
    batch.offsets.push_back(static_cast<std::int32_t>(batch.tokens.size()));
    out.push_back(std::move(p));
  }
  if (texts.empty()) return out;
  Tensor<float, 2> logits;  // [B, C]
  learner_->evaluate(batch, &logits);
  const std::size_t C = logits.shape(1);
  for (std::size_t b = 0; b < out.size(); ++b) {
    const float* y = logits.data() + b * C;
    out[b].label = static_cast<std::size_t>(std::max_element(y, y + C) - y);
    double sum = 0;
    for (std::size_t c = 0; c < C; ++c) {
      out[b].probability.push_back(
          std::exp(static_cast<double>(y[c]) - static_cast<double>(y[out[b].label])));
      sum += out[b].probability[c];
    }
    for (double& p : out[b].probability) p /= sum;
  }
  return out;
}

}  // namespace tubal
