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

// What the configuration can say and the engine cannot run. A feature that arrives takes its line away.
std::vector<ModelProblem> beyond_the_engine(const ModelConfig& c) {
  std::vector<ModelProblem> problems;
  const auto lacks = [&](bool wanted, const char* key, const std::string& what) {
    if (wanted) problems.push_back({key, what + " is not supported by this version"});
  };
  lacks(c.task == Task::language_model, "task", "`language_model`");
  lacks(c.stack != ModelConfig{}.stack, "model.stack", "[" + join(c.stack) + "]");
  lacks(!c.transforms.empty(), "model.transform", "a list of transforms");
  lacks(c.activation > Activation::relu, "model.activation", "`" + name(c.activation) + "`");
  lacks(c.norm_kind == NormKind::rms_norm, "model.norm_kind", "`rms_norm`");
  lacks(c.position.kind == PositionKind::rotary || c.position.kind == PositionKind::none,
        "model.position.kind", "`" + name(c.position.kind) + "`");
  lacks(c.rank > 0, "model.rank", "a rank above 0");
  return problems;
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
  for (ModelProblem& p : beyond_the_engine(c)) problems.push_back(std::move(p));
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

ParameterCounts count_parameters(const ModelConfig& c, long long vocabulary, long long classes) {
  const std::unique_ptr<Transform> transform = make_transform(c.transform);
  const long long d = c.width, p = c.p, m = d / p, r = c.feed_forward;
  long long real = 0, complex = 0;
  const std::unique_ptr<TransformPlan> plan = transform->plan(c.p);
  for (const Slice& s : plan->slices()) ++(s.complex ? complex : real);
  const long long weights = real + 2 * complex;  // real numbers a (out, in) pair over all slices
  const auto linear = [&](long long in, long long out, bool bias) { return weights * out * (in + bias); };
  const long long layer =
      4 * linear(m, m, c.attention_bias) + linear(m, r * m, true) + linear(r * m, m, true) + 4 * d;
  ParameterCounts n;
  n.encoder = c.depth * layer + (c.norm == NormPlace::pre ? 2 * d : 0) +
              static_cast<long long>(transform->parameter_count(c.p));
  if (c.frequency_scaling.kind == ScalingKind::learned)
    n.encoder += c.frequency_scaling.at == ScalingPlace::position && c.position.domain == Domain::original
                     ? p
                     : real + complex;
  n.total = n.encoder + vocabulary * d + classes * (d + 1);
  if (c.position.kind == PositionKind::learned) n.total += c.max_length * d;
  return n;
}

}  // namespace tubal
