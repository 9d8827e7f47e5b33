#include "experiments/inference/sampling.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "core/error.hpp"
#include "experiments/config/number.hpp"

namespace tubal {

namespace {

// Of a heap the likeliest on top; of equal ones the smaller number.
bool less_likely(const Sampler::Choice& a, const Sampler::Choice& b) {
  return a.probability < b.probability || (a.probability == b.probability && a.token > b.token);
}

}  // namespace

Sampler::Sampler(const SamplingSettings& s, std::size_t vocabulary, std::vector<std::int32_t> never)
    : settings_(s), allowed_(vocabulary, 1) {
  if (!(std::isfinite(s.temperature) && s.temperature >= 0))
    throw UsageError(
        "temperature: found " + shortest(s.temperature) +
        ", needs a finite number, 0 or more (0: always the likeliest token; 1: as the model says)");
  if (s.top_k < 0) throw UsageError("top-k: found " + std::to_string(s.top_k) + ", needs 1 or more");
  if (!(s.top_p > 0 && s.top_p <= 1))
    throw UsageError("top-p: found " + shortest(s.top_p) + ", needs a share above 0, at most 1 (1: all)");
  for (const std::int32_t t : never)
    if (t >= 0 && static_cast<std::size_t>(t) < vocabulary) allowed_[static_cast<std::size_t>(t)] = 0;
  if (std::find(allowed_.begin(), allowed_.end(), 1) == allowed_.end())
    throw UsageError("there is no token that may be drawn");
  choices_.reserve(vocabulary);
}

std::span<const Sampler::Choice> Sampler::choices(std::span<const float> logits) {
  std::size_t best = logits.size();
  for (std::size_t v = 0; v < logits.size(); ++v) {
    if (!std::isfinite(logits[v])) throw Error("the model's logits are not finite: its training diverged");
    if (allowed_[v] && (best == logits.size() || logits[v] > logits[best])) best = v;
  }
  choices_.clear();
  if (settings_.temperature == 0) {
    choices_.push_back({static_cast<std::int32_t>(best), 1});
    return choices_;
  }
  double total = 0;
  for (std::size_t v = 0; v < logits.size(); ++v) {
    if (!allowed_[v]) continue;
    const double below = static_cast<double>(logits[v]) - static_cast<double>(logits[best]);
    const double weight = below == 0 ? 1 : std::exp(below / settings_.temperature);
    if (weight > 0) {
      choices_.push_back({static_cast<std::int32_t>(v), weight});
      total += weight;
    }
  }
  if (settings_.top_k > 0 || settings_.top_p < 1) keep_likeliest(total);
  total = 0;
  for (const Choice& c : choices_) total += c.probability;
  for (Choice& c : choices_) c.probability /= total;
  return choices_;
}

// Off a heap, so that a few of many tokens cost little more than looking at each.
void Sampler::keep_likeliest(double total) {
  const std::size_t all = choices_.size(),
                    most = settings_.top_k > 0 ? std::min<std::size_t>(all, settings_.top_k) : all;
  std::make_heap(choices_.begin(), choices_.end(), less_likely);
  const auto place = [&](std::size_t taken) { return choices_.end() - static_cast<std::ptrdiff_t>(taken); };
  // They gather at the end, the likeliest last.
  std::size_t taken = 0;
  double mass = 0;
  while (taken < most && (settings_.top_k > 0 || !(mass >= settings_.top_p * total))) {
    std::pop_heap(choices_.begin(), place(taken), less_likely);
    ++taken;
    mass += place(taken)->probability;
  }
  std::reverse(choices_.begin(), choices_.end());
  choices_.resize(taken);
  const double wanted = settings_.top_p * (settings_.top_k > 0 ? mass : total);
  double share = 0;
  for (taken = 0; taken < choices_.size() && !(share >= wanted); ++taken)
    share += choices_[taken].probability;
  choices_.resize(taken);
}

std::int32_t Sampler::draw(std::span<const float> logits, double u) {
  const std::span<const Choice> from = choices(logits);
  double behind = 0;
  for (const Choice& c : from) {
    behind += c.probability;
    if (u < behind) return c.token;
  }
  return from.back().token;  // rounding: the sum may end just below 1
}

}  // namespace tubal
