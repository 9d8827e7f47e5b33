#include "experiments/inference/writing.hpp"

#include <algorithm>
#include <cmath>

#include "core/random.hpp"

namespace tubal {

static double log_share(std::span<const float> logits, std::int32_t token) {
  const double most = static_cast<double>(*std::max_element(logits.begin(), logits.end()));
  double sum = 0;
  for (const float x : logits) sum += std::exp(static_cast<double>(x) - most);
  return static_cast<double>(logits[static_cast<std::size_t>(token)]) - most - std::log(sum);
}

Written write_text(LanguageModel& model, TextReader& reader, std::span<const std::int32_t> prompt,
                   const WritingSettings& settings, std::uint64_t sample,
                   const std::function<bool(std::string_view)>& on_text) {
  Sampler sampler(settings.sampling, static_cast<std::size_t>(model.vocabulary().size), model.never());
  Decoder decoder(model.vocabulary());
  const RandomStream random(settings.seed, Purpose::sample, sample);
  std::vector<std::int32_t> begin(model.opening().begin(), model.opening().end());
  begin.insert(begin.end(), prompt.begin(), prompt.end());
  for (const std::int32_t t : prompt) decoder(t);  // how a token is written may depend on those before it
  reader.restart();
  std::span<const float> logits = reader.append(begin);
  Written out;
  const auto say = [&](const std::string& text) {
    out.text += text;
    if (on_text && !text.empty()) out.stopped = !on_text(text);
  };
  while (out.tokens < settings.tokens && !out.stopped) {
    const std::int32_t token = sampler.draw(logits, random.uniform(static_cast<std::uint64_t>(out.tokens)));
    if (token == document_token) {
      out.ended = true;
      break;
    }
    if (settings.judge) out.log_probability += log_share(logits, token);
    ++out.tokens;
    say(decoder(token));
    if (out.tokens < settings.tokens && !out.stopped) logits = reader.append({&token, 1});
  }
  if (!out.stopped) say(decoder.end());
  return out;
}

}  // namespace tubal
