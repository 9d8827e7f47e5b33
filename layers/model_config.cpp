#include "layers/model_config.hpp"

#include "core/error.hpp"

namespace tubal {

namespace {

std::string text(long long n) { return std::to_string(n); }

// Multiples of p nearest to n: "252 or 256".
std::string nearest_multiples(int n, int p) {
  const int below = n / p * p, above = below + p;
  return below > 0 ? text(below) + " or " + text(above) : text(above);
}

}  // namespace

std::vector<TransformSpec> transform_cycle(const ModelConfig& c) {
  return c.transforms.empty() ? std::vector{c.transform} : c.transforms;
}

std::vector<ModelProblem> model_problems(const ModelConfig& c) {
  std::vector<ModelProblem> problems;
  const auto blame = [&](const char* key, const std::string& message) { problems.push_back({key, message}); };
  if (c.kind == ModelKind::bag_of_words) return problems;
  const auto positive = [&](const char* key, int value) {
    if (value < 1) blame(key, "found " + text(value) + ", needs 1 or more");
  };
  positive("model.width", c.width);
  positive("model.p", c.p);
  positive("model.depth", c.depth);
  positive("model.feed_forward", c.feed_forward);
  positive("data.max_length", c.max_length);
  const FrequencyScalingConfig& f = c.frequency_scaling;
  if (!(c.dropout >= 0 && c.dropout < 1)) blame("model.dropout", "needs a number in [0, 1)");
  if (!(c.embedding_std > 0)) blame("model.embedding_std", "needs a number above 0");
  if (!problems.empty()) return problems;

  if (c.norm_domain == Domain::spectral && c.norm_over == NormSpan::width)
    blame("model.norm_over", "`width` goes with norm_domain `original` only; use `slice`");
  if (c.position.kind == PositionKind::learned && c.position.domain == Domain::spectral)
    blame("model.position.domain",
          "learned positions are added in the original domain; use `original` or kind `sinusoidal`");
  if (c.width % c.p) {
    blame("model.p", "p = " + text(c.p) + " does not divide width = " + text(c.width) +
                         "; with this p the width could be " + nearest_multiples(c.width, c.p));
    return problems;
  }
  const std::unique_ptr<Transform> transform = make_transform(c.transform);
  if (const auto reason = transform->refuses(c.p)) {
    blame("model.transform", *reason);
    return problems;
  }
  const int m = c.width / c.p;
  if (c.heads_per_slice > 0) {
    if (m % c.heads_per_slice)
      blame("model.heads_per_slice", text(c.heads_per_slice) + " heads do not fit a slice of width " +
                                         text(m) + " (width / p); it needs a divisor of " + text(m));
  } else if (c.heads < 1) {
    blame("model.heads", "found " + text(c.heads) + ", needs 1 or more");
  } else if (c.heads % c.p) {
    blame("model.heads", text(c.heads) + " heads in all cannot be shared out over p = " + text(c.p) +
                             " slices; use a multiple of p, or heads_per_slice: 1");
  } else if (m % (c.heads / c.p)) {
    blame("model.heads",
          text(c.heads / c.p) + " heads a slice do not fit a slice of width " + text(m) + " (width / p)");
  }
  const auto slices = transform->plan(c.p)->slices().size();
  if (f.kind == ScalingKind::values) {
    const bool by_original = f.at == ScalingPlace::position && c.position.domain == Domain::original;
    const std::size_t n = by_original ? static_cast<std::size_t>(c.p) : slices;
    if (f.values.size() != n)
      blame("model.frequency_scaling.values",
            "found " + text(f.values.size()) + " values, needs " + text(n) +
                (by_original ? ", one an original slice" : ", one a spectral slice"));
  }
  if (f.kind == ScalingKind::learned && f.at == ScalingPlace::learning_rate)
    blame("model.frequency_scaling.kind",
          "a learning rate cannot be learned here; `learned` goes with at: position, input, residual or "
          "output");
  if (f.kind != ScalingKind::none && f.at == ScalingPlace::position &&
      c.position.kind == PositionKind::learned)
    blame("model.frequency_scaling.at",
          "`position` scales sinusoids, and position.kind is `learned`; use at: input, residual or output");
  return problems;
}

}  // namespace tubal
