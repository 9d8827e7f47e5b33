#include "experiments/classifier.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/hdf5.hpp"
#include "core/text.hpp"
#include "experiments/grid.hpp"
#include "experiments/identity.hpp"
#include "experiments/next_step.hpp"
#include "experiments/safetensors.hpp"
#include "experiments/study.hpp"

namespace tubal {

using Json = nlohmann::ordered_json;

static std::string to_base64(const std::string& bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // EVP ends it with a zero
  const int n =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(n));
  return text;
}

static std::string from_base64(const std::string& text) {
  std::string bytes(3 * (text.size() / 4) + 3, '\0');
  const int n =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (n < 0) throw Error("it is not base64");
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=");  // EVP counts it as bytes
  bytes.resize(static_cast<std::size_t>(n) - std::min<std::size_t>(padding, static_cast<std::size_t>(n)));
  return bytes;
}

static bool is_model(const std::string& kind) { return kind.ends_with("sentencepiece"); }

std::map<std::string, std::string> text_metadata(const TextFormat& f) {
  const bool words = !is_model(f.vocabulary.kind);
  Json tokenizer = {{"kind", f.vocabulary.kind}, {"version", tokenizer_version}, {"size", f.vocabulary.size}};
  tokenizer[words ? "vocabulary" : "model"] = words ? f.vocabulary.data : to_base64(f.vocabulary.data);
  return {{"tokenizer", tokenizer.dump()}, {"classes", Json(f.classes).dump()}};
}

std::optional<TextFormat> text_format(const std::map<std::string, std::string>& metadata,
                                      const std::string& file) {
  if (!metadata.contains("tokenizer") || !metadata.contains("classes")) return {};
  try {
    const Json t = Json::parse(metadata.at("tokenizer"));
    if (t.at("version") != tokenizer_version)
      throw Error("its tokenizer is of version " + t.at("version").dump() + ", this program's of " +
                  std::to_string(tokenizer_version) +
                  ": they may split texts otherwise. Use the build that trained it.");
    TextFormat f;
    f.vocabulary.kind = t.at("kind");
    f.vocabulary.size = t.at("size");
    f.vocabulary.data = !is_model(f.vocabulary.kind) ? t.at("vocabulary").get<std::string>()
                                                     : from_base64(t.at("model").get<std::string>());
    f.classes = Json::parse(metadata.at("classes")).get<std::vector<std::string>>();
    return f;
  } catch (const std::exception& e) {
    throw Error(file + ": its vocabulary cannot be read: " + e.what());
  }
}

// Of a model without a vocabulary: the data set's, if it is still what the trial saw.
static TextFormat format_of_data(const layout::TrialFolder& trial, const TrialConfig& config,
                                 const std::filesystem::path& cache) {
  Dataset data;
  try {
    data = load_dataset(config.data, cache);
  } catch (const UsageError& e) {
    throw UsageError(
        "trial " + trial.id() +
            ": an earlier version wrote its model, without the vocabulary, and the data set cannot "
            "be read again: " +
            e.what(),
        e.cause());
  }
  const std::string trained_on = hdf5::Reader(trial.data()).attribute("/provenance", "data_sha256");
  if (data.content != trained_on)
    throw Error("trial " + trial.id() + " was trained on other data (SHA-256 " + trained_on.substr(0, 12) +
                "..., now " + data.content.substr(0, 12) +
                "...), so its vocabulary is lost. Bring the data back, or train it again.");
  return {data.vocabulary, data.classes};
}

StoredModel open_model(const layout::TrialFolder& trial, const std::filesystem::path& cache) {
  const TrialStatus status = read_status(trial.root);
  if (status.state != TrialState::complete && status.state != TrialState::stopped)
    throw UsageError("trial " + trial.id() + " has no model: it is " + name(status.state) +
                     (status.cause.empty() ? "" : " (" + status.cause + ")") + ". " +
                     next_step(trial, status.state));
  for (const auto& [file, problem] : damaged_files(trial.root, status))
    if (file == trial.model().filename() || file == trial.config().filename())
      throw Error(sentence(problem) + repeats(trial));
  TrialConfig config = read_trial(trial.config().string());
  load_study_plugins(config.plugins);
  auto stored = text_format(read_safetensors_metadata(trial.model()), trial.model().string());
  TextFormat format = stored ? std::move(*stored) : format_of_data(trial, config, cache);
  return {trial, std::move(config), std::move(format)};
}

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
