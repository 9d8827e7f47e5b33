// A language model that writes: token by token, drawn from what it says may follow.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "experiments/inference/language_model.hpp"

namespace tubal {

struct WritingSettings {
  SamplingSettings sampling;
  std::uint64_t seed = 0;
  std::int64_t tokens = 200;  // at most
  bool judge = false;         // also log_probability
};

struct Written {
  std::string text;  // without the prompt
  std::int64_t tokens = 0;
  double log_probability = 0;  // of `text`, by the model itself whatever the sampling, nats
  bool ended = false;          // the model ended the document; that token is neither counted nor printed
  bool stopped = false;        // by on_text
};

/// Goes on with a prompt's tokens. Draw i of sample n depends on (seed, n, i) and the logits alone,
/// so samples do not depend on how many there are. `on_text` gets whole characters as they come,
/// and may return false to end.
Written write_text(LanguageModel& model, TextReader& reader, std::span<const std::int32_t> prompt,
                   const WritingSettings& settings, std::uint64_t sample,
                   const std::function<bool(std::string_view)>& on_text = {});

}  // namespace tubal
