#include "experiments/training/baselines.hpp"

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/environment.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/json_fields.hpp"
#include "experiments/training/ngram.hpp"

namespace tubal {

Baselines ngram_baselines(std::span<const std::int32_t> train, std::int32_t vocabulary,
                          const TextStream& validation, const TextStream& test, int orders) {
  const auto bounds = [](std::span<const std::int32_t> tokens) {
    return std::array<std::int64_t, 2>{0, static_cast<std::int64_t>(tokens.size())};
  };
  const auto all = bounds(train);
  const KneserNey models({train, all}, vocabulary, orders);
  Baselines out;
  for (int n = 1; n <= orders; ++n) out.names.push_back(n == 1 ? "unigram" : std::to_string(n) + "-gram");
  const auto judge = [&](const TextStream& part, std::vector<double>& loss, std::vector<double>& bits) {
    const auto whole = bounds(part.tokens);
    const KneserNey::Losses l = models.losses({part.tokens, whole}, false);
    for (const double sum : l.sum) {
      loss.push_back(l.tokens ? sum / static_cast<double>(l.tokens) : std::nan(""));
      bits.push_back(l.tokens && part.bytes > 0 ? sum / std::log(2.0) / part.bytes : std::nan(""));
    }
  };
  judge(validation, out.validation_loss, out.validation_bits_per_byte);
  judge(test, out.test_loss, out.test_bits_per_byte);
  return out;
}

int baseline_orders(const std::string& tokenizer_kind) { return tokenizer_kind == "char" ? 5 : 3; }

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
