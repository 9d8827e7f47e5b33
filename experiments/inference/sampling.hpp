// What a language model says next, drawn from its logits.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace tubal {

/// In this order: logits / temperature; the top_k likeliest tokens; of what is left the smallest set of the
/// likeliest whose share is at least top_p; renormalised.
struct SamplingSettings {
  double temperature = 1;  // finite, >= 0; 0: the likeliest token alone
  int top_k = 0;           // >= 1; 0: all
  double top_p = 1;        // in (0, 1]
};

/// One for each stretch of text; allocates nothing after the first call.
class Sampler {
 public:
  struct Choice {
    std::int32_t token;
    double probability;
  };

  /// `never`: tokens that are not drawn. Throws UsageError where a setting is out of range
  /// or nothing is left to draw.
  Sampler(const SamplingSettings& settings, std::size_t vocabulary, std::vector<std::int32_t> never = {});

  /// What may follow, with probabilities above 0 that sum to 1; the likeliest first where the settings leave
  /// something out, else by number. Of equal ones the smaller number is the likelier. Valid until the next
  /// call. Throws Error where logits are not finite.
  std::span<const Choice> choices(std::span<const float> logits);
  /// The choice that u in [0, 1) falls on, the probabilities laid side by side.
  std::int32_t draw(std::span<const float> logits, double u);

 private:
  void keep_likeliest(double total);

  SamplingSettings settings_;
  std::vector<std::uint8_t> allowed_;  // [V]
  std::vector<Choice> choices_;
};

}  // namespace tubal
