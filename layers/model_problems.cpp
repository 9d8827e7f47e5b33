// What cannot be built, said before anything is: ranges, then what must fit together.
#include <algorithm>
#include <memory>

#include "core/error.hpp"
#include "layers/model_config.hpp"
#include "layers/stack/table.hpp"

namespace tubal {

namespace {

std::string text(long long n) { return std::to_string(n); }

// Multiples of p nearest to n: "252 or 256".
std::string nearest_multiples(int n, int p) {
  const int below = n / p * p, above = below + p;
  return below > 0 ? text(below) + " or " + text(above) : text(above);
}

bool has(const ModelConfig& c, const char* kind) {
  return std::find(c.stack.begin(), c.stack.end(), kind) != c.stack.end();
}

// One transform of the list, at this p.
struct Spectrum {
  std::string name;
  std::size_t slices;
  bool complex, learned;
};

class Checker {
 public:
  explicit Checker(const ModelConfig& config) : c(config) {}

  std::vector<ModelProblem> run() {
    ranges();
    stack();
    length();
    if (!problems.empty()) return problems;
    domains();
    if (c.width % c.p) {
      blame("model.p", "p = " + text(c.p) + " does not divide width = " + text(c.width) +
                           "; with this p the width could be " + nearest_multiples(c.width, c.p));
      return problems;
    }
    transforms();
    if (spectra.empty()) return problems;
    heads();
    if (c.rank > c.width / c.p)
      blame("model.rank", "rank " + text(c.rank) + " is above the slice width " + text(c.width / c.p) +
                              " (width / p); use up to that, or 0 for full weights");
    scaling();
    return problems;
  }

 private:
  void blame(const char* key, const std::string& message) { problems.push_back({key, message}); }

  void ranges() {
    const auto least = [&](const char* key, int value, int low) {
      if (value < low) blame(key, "found " + text(value) + ", needs " + text(low) + " or more");
    };
    least("model.width", c.width, 1);
    least("model.p", c.p, 1);
    least("model.depth", c.depth, 1);
    least("model.feed_forward", c.feed_forward, 1);
    least("model.rank", c.rank, 0);
    least("data.max_length", c.max_length, 1);
    if (!(c.dropout >= 0 && c.dropout < 1)) blame("model.dropout", "needs a number in [0, 1)");
    if (!(c.embedding_std > 0)) blame("model.embedding_std", "needs a number above 0");
  }

  // Dropout draws from one stream a sub-layer, and one more, of 4096 a step.
  void length() {
    const long long steps = static_cast<long long>(c.depth) * static_cast<long long>(c.stack.size());
    if (steps > 4094)
      blame("model.depth", text(c.depth) + " layers of model.stack are " + text(steps) +
                               " sub-layers; up to 4094 are allowed");
  }

  void stack() {
    std::vector<std::string> kinds;
    for (const SublayerEntry& e : sublayer_table()) kinds.push_back(e.name);
    if (c.stack.empty())
      blame("model.stack", "found an empty list, needs a list of one or more of " + join(kinds));
    for (const std::string& kind : c.stack)
      if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
        const std::string hint = did_you_mean(kind, kinds);
        blame("model.stack", "`" + kind + "` is no sub-layer; " + hint + (hint.empty() ? "" : " ") +
                                 "allowed are " + join(kinds));
      }
  }

  void domains() {
    if (c.norm_domain == Domain::spectral && c.norm_over == NormSpan::width)
      blame("model.norm_over", "`width` goes with norm_domain `original` only; use `slice`");
    if (c.position.kind == PositionKind::learned && c.position.domain == Domain::spectral)
      blame("model.position.domain",
            "learned positions are added in the original domain; use `original` or kind `sinusoidal`");
    if (c.position.kind == PositionKind::rotary && !has(c, "attention"))
      blame("model.position.kind",
            "`rotary` turns queries and keys, and model.stack has no attention; use sinusoidal, "
            "learned or none");
  }

  void transforms() {
    const std::vector<TransformSpec> cycle = transform_cycle(c);
    const auto entry = [&](std::size_t i) {
      return c.transforms.empty() ? "" : "entry " + text(static_cast<long long>(i)) + " of the list: ";
    };
    for (std::size_t i = 0; i < cycle.size(); ++i) {
      const std::unique_ptr<Transform> transform = make_transform(cycle[i]);
      if (const auto reason = transform->refuses(c.p)) {
        blame("model.transform", entry(i) + *reason);
        spectra.clear();
        return;
      }
      const std::vector<Slice> slices = transform->plan(c.p)->slices();
      const bool complex = std::any_of(slices.begin(), slices.end(), [](auto& s) { return s.complex; });
      spectra.push_back({cycle[i].name, slices.size(), complex, transform->parameter_count(c.p) > 0});
    }
    bool several = false;  // learned ones differ though they are written alike
    for (std::size_t i = 1; i < cycle.size(); ++i) several |= spectra[i].learned || !(cycle[i] == cycle[0]);
    if (c.norm_domain == Domain::spectral && several && c.p > 1)
      blame("model.transform",
            "a list of transforms needs norm_domain `original`: with spectral norms the stream stays in the "
            "basis of one L; use one transform, or norm_domain: original");
    if (c.norm_domain == Domain::spectral && has(c, "mixer") && spectra[0].complex)
      blame("model.stack", "a mixer adds up slices of one kind, and with norm_domain `spectral` those of `" +
                               spectra[0].name +
                               "` are real and complex; use norm_domain: original, or a real transform such "
                               "as hartley");
  }

  void heads() {
    if (!has(c, "attention")) return;
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
    if (!problems.empty() || c.position.kind != PositionKind::rotary) return;
    const int per_slice = c.heads_per_slice > 0 ? c.heads_per_slice : c.heads / c.p, e = m / per_slice;
    if (e % 2)
      blame("model.position.kind", "`rotary` turns the coordinates of a head in pairs, and heads are " +
                                       text(e) + " wide (width / p / heads a slice); " + even_heads(m));
  }

  static std::string even_heads(int m) {
    if (m % 2) return "slices of width " + text(m) + " have no even head: choose another width or p";
    std::string fitting;
    for (int h = 1; h <= m / 2; ++h)
      if (m % h == 0 && m / h % 2 == 0) fitting += (fitting.empty() ? "" : ", ") + text(h);
    return "it needs an even width, so heads_per_slice one of " + fitting;
  }

  void scaling() {
    const FrequencyScalingConfig& f = c.frequency_scaling;
    if (f.kind == ScalingKind::none) return;
    const bool by_original = scales_original_slices(c);
    const bool own_numbers = f.kind == ScalingKind::values || f.kind == ScalingKind::learned;
    const std::size_t n = by_original ? static_cast<std::size_t>(c.p) : spectra[0].slices;
    for (const Spectrum& s : spectra)
      if (own_numbers && !by_original && s.slices != n) {
        blame("model.frequency_scaling.kind", "`" + name(f.kind) + "` has one factor a slice, and `" +
                                                  spectra[0].name + "` has " +
                                                  text(static_cast<long long>(n)) + " slices where `" +
                                                  s.name + "` has " + text(static_cast<long long>(s.slices)) +
                                                  "; use transforms with equally many, or another kind");
        return;
      }
    if (f.kind == ScalingKind::values && f.values.size() != n)
      blame("model.frequency_scaling.values",
            "found " + text(static_cast<long long>(f.values.size())) + " values, needs " +
                text(static_cast<long long>(n)) +
                (by_original ? ", one an original slice" : ", one a spectral slice"));
    if (f.kind == ScalingKind::learned && f.at == ScalingPlace::learning_rate)
      blame("model.frequency_scaling.kind",
            "a learning rate cannot be learned here; `learned` goes with at: position, input, "
            "residual or output");
    const bool nothing = c.position.kind == PositionKind::learned || c.position.kind == PositionKind::none;
    if (f.at == ScalingPlace::position && nothing)
      blame("model.frequency_scaling.at",
            "`position` scales sinusoids and rotations, and position.kind is `" + name(c.position.kind) +
                "`; use at: input, residual or output");
  }

  const ModelConfig& c;
  std::vector<ModelProblem> problems;
  std::vector<Spectrum> spectra;
};

}  // namespace

std::vector<ModelProblem> model_problems(const ModelConfig& c) {
  if (c.kind == ModelKind::transformer) return Checker(c).run();
  if (c.task == Task::classification) return {};
  return {{"task", "`" + name(c.task) + "` needs model.kind transformer; bag_of_words classifies"}};
}

}  // namespace tubal
