#include "layers/structure.hpp"

#include <algorithm>
#include <numeric>

#include "core/error.hpp"

namespace tubal {

std::size_t ParameterEntry::size() const {
  return std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
}

namespace {

// Lays the parameters of one linear map out in both arenas, its real blocks first, and names them.
class Builder {
 public:
  Builder(Structure& s, std::size_t& parameter, std::size_t& effective)
      : s_(s), P_(parameter), E_(effective) {
    for (const Block& b : s.blocks) (b.complex ? complex_bins_ : real_bins_).push_back(b.bin);
  }

  // parts: how many maps are stacked row-wise in one effective matrix (3 for query, key, value).
  void linear(LinearOffsets& at, const std::vector<std::string>& parts, std::size_t out, std::size_t in,
              bool bias, bool heads_out, bool heads_in) {
    at.weight.resize(s_.blocks.size());
    at.bias.resize(s_.blocks.size());
    const std::size_t n = parts.size(), nr = real_bins_.size(), nc = complex_bins_.size();
    stack(at.weight, parts, ".weight", nr, {out, in}, true);
    if (bias) stack(at.bias, parts, ".bias", nr, {out}, false);
    if (!nc) return;
    const std::size_t e = s_.blocks.back().head_width / 2;
    for (const bool weight : {true, false}) {
      if (!weight && !bias) continue;
      const std::size_t width = weight ? in : 0, one = out * std::max<std::size_t>(1, width);
      for (std::size_t q = 0; q < n; ++q) {
        std::vector<std::size_t> shape = {nc, 2, out};
        if (weight) shape.push_back(in);
        name(parts[q] + (weight ? ".weight_complex" : ".bias_complex"), shape, P_ + q * 2 * one, n * 2 * one,
             weight, complex_bins_);
      }
      for (std::size_t c = 0; c < nc; ++c) {
        (weight ? at.weight : at.bias)[nr + c] = E_;
        for (std::size_t q = 0; q < n; ++q) {
          const std::size_t effective = weight ? 4 * one : 2 * one;
          s_.complex_entries.push_back({P_, E_, out, width, heads_out ? e : 0, heads_in ? e : 0});
          P_ += 2 * one;
          E_ += effective;
        }
      }
    }
  }

  void plain(const std::string& label, std::vector<std::size_t> shape, std::size_t& at, bool matrix = false) {
    const std::size_t count =
        std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
    at = E_;
    name(label, shape, P_, count / shape[0], matrix, {});
    s_.copy_entries.push_back({P_, E_, count});
    P_ += count, E_ += count;
  }

  // gain or bias of a norm: [p, m], [1, d], or [nr, m] with [nc, 2, m].
  void norm(const std::string& label, std::size_t& at) {
    const std::size_t m = s_.m, nr = real_bins_.size(), nc = complex_bins_.size();
    if (!s_.spectral_stream) {
      if (s_.config.norm_over == NormSpan::width)
        plain(label, {1, s_.d}, at);
      else
        plain(label, {s_.p, m}, at);
      return;
    }
    plain(label, {nr, m}, at);
    std::size_t behind = 0;
    if (nc) plain(label + "_complex", {nc, 2, m}, behind);
  }

 private:
  void name(const std::string& label, const std::vector<std::size_t>& shape, std::size_t offset,
            std::size_t stride, bool matrix, const std::vector<int>& bins) {
    s_.parameters.push_back({label, shape, offset, stride, matrix, bins.empty() ? -1 : bins[0], bins});
  }
  void stack(std::vector<std::size_t>& at, const std::vector<std::string>& parts, const char* suffix,
             std::size_t nr, const std::vector<std::size_t>& inner, bool matrix) {
    const std::size_t one = std::accumulate(inner.begin(), inner.end(), std::size_t{1}, std::multiplies<>());
    for (std::size_t q = 0; q < parts.size(); ++q) {
      std::vector<std::size_t> shape = {nr};
      shape.insert(shape.end(), inner.begin(), inner.end());
      name(parts[q] + suffix, shape, P_ + q * one, parts.size() * one, matrix, real_bins_);
    }
    const std::size_t all = parts.size() * one;
    for (std::size_t k = 0; k < nr; ++k) at[k] = E_ + k * all;
    s_.copy_entries.push_back({P_, E_, nr * all});
    P_ += nr * all, E_ += nr * all;
  }

  Structure& s_;
  std::size_t &P_, &E_;
  std::vector<int> real_bins_, complex_bins_;
};

}  // namespace

Structure::Structure(const ModelConfig& c, int vocabulary, int classes) : config(c) {
  const std::vector<ModelProblem> problems = model_problems(c);
  if (!problems.empty()) throw UsageError("", 0, problems[0].key, problems[0].message);
  V = vocabulary, C = classes, d = c.width, p = c.p, m = d / p, r = c.feed_forward, depth = c.depth;
  spectral_stream = c.norm_domain == Domain::spectral, post_norm = c.norm == NormPlace::post;
  transform = make_transform(c.transform);
  initial_plan = transform->plan(c.p);
  const std::size_t heads_per_slice = c.heads_per_slice > 0 ? c.heads_per_slice : c.heads / c.p;

  std::size_t offset = 0;
  frequencies.resize(initial_plan->slices().size());
  for (const Slice& slice : initial_plan->slices()) {
    const std::size_t width = slice.complex ? 2 * m : m;
    blocks.push_back({offset, width, heads_per_slice, width / heads_per_slice, slice.complex, slice.bin});
    frequencies.at(slice.bin) = slice.frequency;
    has_complex |= slice.complex;
    offset += width;
  }
  heads = heads_per_slice * blocks.size();
  segments = {0};
  if (spectral_stream)
    for (const Block& b : blocks) segments.push_back(b.offset + b.width);
  else if (c.norm_over == NormSpan::width)
    segments.push_back(d);
  else
    for (std::size_t l = 1; l <= p; ++l) segments.push_back(l * m);

  std::size_t P = 0, E = 0;
  Builder build(*this, P, E);
  layers.resize(depth);
  for (std::size_t i = 0; i < depth; ++i) {
    const std::string n = "layers." + std::to_string(i) + ".";
    LayerOffsets& at = layers[i];
    build.norm(n + "attention_norm.gain", at.gain[0]);
    build.norm(n + "attention_norm.bias", at.bias[0]);
    build.linear(at.qkv, {n + "query", n + "key", n + "value"}, m, m, c.attention_bias, true, false);
    build.linear(at.output, {n + "output"}, m, m, c.attention_bias, false, true);
    build.norm(n + "feed_forward_norm.gain", at.gain[1]);
    build.norm(n + "feed_forward_norm.bias", at.bias[1]);
    build.linear(at.expand, {n + "expand"}, r * m, m, true, false, false);
    build.linear(at.contract, {n + "contract"}, m, r * m, true, false, false);
  }
  if (!post_norm) build.norm("final_norm.gain", final_gain), build.norm("final_norm.bias", final_bias);
  build.plain("classifier.weight", {C, d}, classifier_weight, true);
  build.plain("classifier.bias", {C}, classifier_bias);
  effective_size = E;

  const auto dense = [&](const char* name, std::vector<std::size_t> shape, std::size_t& at, bool matrix) {
    const std::size_t count =
        std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
    at = P;
    parameters.push_back({name, shape, P, count / shape[0], matrix, -1, {}});
    P += count;
    return count;
  };
  if (c.position.kind == PositionKind::learned)
    dense("position_embedding", {static_cast<std::size_t>(c.max_length), d}, position_embedding, true);
  const FrequencyScalingConfig& f = c.frequency_scaling;
  if (f.kind == ScalingKind::learned)
    scaling_count =
        dense("frequency_scaling.gain",
              {f.at == ScalingPlace::position && c.position.domain == Domain::original ? p : blocks.size()},
              scaling_gain, false);
  if (const std::size_t n = transform->parameter_count(c.p))
    theta_count = dense("transform.skew", {n}, theta, false);
  dense_size = P;
  parameters.push_back({"token_embedding", {V, d}, P, d, true, -1, {}});
}

}  // namespace tubal
