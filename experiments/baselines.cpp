#include "experiments/baselines.hpp"

#include "core/environment.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/json_fields.hpp"

namespace tubal {

namespace {

using Json = json::Json;

constexpr int version = 1;  // of the models and of the file

constexpr auto score_fields = [](auto& s, auto visit) {
  visit("validation_loss", s.validation_loss);
  visit("test_loss", s.test_loss);
  visit("validation_bits_per_byte", s.validation_bits_per_byte);
  visit("test_bits_per_byte", s.test_bits_per_byte);
};

Baselines measure(const Dataset& data, const DataConfig& config) {
  const auto stream = [](const Part& part) {
    return TextStream{part.tokens, static_cast<double>(part.bytes)};
  };
  return ngram_baselines(data.train.tokens, data.vocabulary.size, stream(data.validation), stream(data.test),
                         baseline_orders(config.tokenizer.kind));
}

std::string to_text(const Baselines& scores) {
  Json made = {{"version", version}, {"names", scores.names}};
  json::write_fields(made, scores, score_fields);
  return made.dump(1) + "\n";
}

bool from_text(const std::string& text, Baselines& scores) {
  const Json found = Json::parse(text, nullptr, false);
  if (!found.is_object() || found.value("version", 0) != version) return false;
  try {
    scores.names = found.at("names").get<std::vector<std::string>>();
    json::read_fields(found, scores, score_fields, json::no_field);
    bool whole = true;
    score_fields(scores,
                 [&](const char*, const auto& values) { whole &= values.size() == scores.names.size(); });
    return whole;
  } catch (const Json::exception&) {  // damaged: measured anew
    return false;
  }
}

}  // namespace

Baselines baseline_scores(const Dataset& data, const DataConfig& config, const std::filesystem::path& cache) {
  const fs::path folder = cache.empty() ? cache_folder() : cache;
  const fs::path file = folder / ("baselines-" + data.tokens.substr(0, 16) + ".json");
  std::error_code none;
  if (Baselines known; fs::exists(file, none) && from_text(read_file(file), known)) return known;
  const Baselines scores = measure(data, config);
  try {
    write_file(file, to_text(scores));
  } catch (const Error&) {
  }
  return scores;
}

}  // namespace tubal
