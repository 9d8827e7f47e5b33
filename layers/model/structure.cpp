#include "layers/model/structure.hpp"

#include <cmath>
#include <map>

#include "core/error.hpp"
#include "layers/stack/frequency_scaling.hpp"

namespace tubal {

namespace {

// The first sub-layer of a kind in a layer goes by plain names, the n-th one by the kind and n.
struct StepNames {
  std::string prefix, norm, place;
};
StepNames step_names(std::size_t layer, const std::string& kind, int n) {
  const std::string in_layer = "layers." + std::to_string(layer) + ".",
                    numbered = kind + (n > 1 ? "_" + std::to_string(n) : "");
  return {n > 1 ? in_layer + numbered + "." : in_layer, in_layer + numbered + "_norm",
          "layer " + std::to_string(layer) + "'s " + numbered};
}

NormSegments norm_segments(const ModelConfig& c, const Slices& slices) {
  const std::size_t p = slices.p, m = slices.m, nr = slices.real, nc = slices.count() - nr;
  if (c.norm_domain == Domain::original && c.norm_over == NormSpan::width)
    return {{0, p * m}, {1, p * m}, {}};
  NormSegments s{{0}, {p, m}, {}};
  if (c.norm_domain == Domain::original) {
    for (std::size_t l = 1; l <= p; ++l) s.begin.push_back(l * m);
    return s;
  }
  for (const SpectralSlice& k : slices.all) s.begin.push_back((k.row + k.rows) * m);
  s.shape = {nr, m};
  if (nc) s.complex_shape = {nc, 2, m};
  return s;
}

// A language model's tied embedding is also its head. A normed stream has numbers of size 1, so rows of size
// 1 / sqrt(d) make logits of size 1 and a first loss near log V (at d = 768 this is 0.036; nanoGPT starts at
// 0.02). At the other end the first norm of a pre-norm stack takes the embedding's scale away.
double embedding_std(const ModelConfig& c) {
  const bool tied = c.task == Task::language_model && c.tied;
  return tied ? c.embedding_std / std::sqrt(static_cast<double>(c.width)) : c.embedding_std;
}

}  // namespace

std::size_t Structure::heads_per_slice() const {
  return static_cast<std::size_t>(config.heads_per_slice > 0 ? config.heads_per_slice
                                                             : config.heads / config.p);
}

Structure::Structure(const ModelConfig& c, int vocabulary, int classes) : config(c) {
  const std::vector<ModelProblem> problems = model_problems(c);
  if (!problems.empty()) throw UsageError("", 0, problems[0].key, problems[0].message);
  V = static_cast<std::size_t>(vocabulary);
  C = static_cast<std::size_t>(classes);
  d = static_cast<std::size_t>(c.width);
  p = static_cast<std::size_t>(c.p);
  m = d / p;
  depth = static_cast<std::size_t>(c.depth);
  spectral_stream = c.norm_domain == Domain::spectral;
  post_norm = c.norm == NormPlace::post;
  for (const TransformSpec& spec : transform_cycle(c)) {
    StackTransform t{make_transform(spec), nullptr, {}};
    t.plan = t.transform->plan(c.p);
    t.slices = slices_of(*t.plan, m);
    transforms.push_back(std::move(t));
  }
  segments = norm_segments(c, first().slices);

  ParameterList& list = parameters;
  const auto begin = [&](const std::string& place) {
    places.push_back({place, list.entries.size(), list.begin_part()});
    return places.back().part;
  };
  const auto norm = [&](const std::string& name, const std::string& place, std::size_t& part) {
    part = begin(place);
    return make_norm(c.norm_kind, list, name, segments);
  };
  for (std::size_t i = 0; i < depth; ++i) {
    std::map<std::string, int> seen;
    const std::size_t t = i % transforms.size();
    for (const std::string& kind : c.stack) {
      const StepNames names = step_names(i, kind, ++seen[kind]);
      Step step{nullptr, nullptr, i, t, 0, 0};
      step.norm = norm(names.norm, names.place + " norm", step.norm_part);
      step.part = begin(names.place);
      step.sublayer = make_sublayer(
          kind, {c, transforms[t].slices, t, spectral_stream, names.prefix, list, heads_per_slice()});
      steps.push_back(std::move(step));
    }
  }
  if (!post_norm) final_norm = norm("final_norm", "the final norm", final_norm_part);
  list.encoder = false;
  head_part = begin("the head");
  head = make_head(c.task, {c, V, C, p, m, list});
  begin("the positions");
  position = make_position(c.position.kind, {c, first().slices, list});
  list.encoder = true;
  begin("frequency scaling");
  if (c.frequency_scaling.kind == ScalingKind::learned) {
    const bool by_original = scales(c.frequency_scaling, ScalingPlace::position) && position->by_original();
    scaling_count = by_original ? p : first().slices.count();
    scaling_gain = list.outside("frequency_scaling.gain", {scaling_count}, {Initial::constant, 1}, false);
  }
  begin("the learned L");
  for (std::size_t t = 0; t < transforms.size(); ++t) {
    StackTransform& own = transforms[t];
    own.theta_count = own.transform->parameter_count(c.p);
    const std::string name = "transform." + (transforms.size() > 1 ? std::to_string(t) + "." : "") + "skew";
    if (own.theta_count) own.theta = list.outside(name, {own.theta_count}, {}, false);
  }
  dense_size = list.size();
  list.encoder = false;
  begin("the token embedding");
  list.outside("token_embedding", {V, d}, {Initial::normal, embedding_std(c)}, true);
}

std::vector<MatrixProduct> Structure::products() const {
  std::vector<MatrixProduct> all;
  const MatrixProduct change{MatrixProduct::tube, p, m};
  for (const Step& step : steps) {
    for (const MatrixProduct& product : step.sublayer->products()) all.push_back(product);
    if (p > 1 && !spectral_stream && !step.sublayer->on_stream()) all.insert(all.end(), 2, change);
  }
  if (p > 1 && spectral_stream) all.insert(all.end(), 2, change);
  return all;
}

double Structure::forward_flops(double tokens, double squares) const {
  double a_token = head->by_token() ? flops(head->product(), 1) : 0;
  for (const MatrixProduct& product : products()) a_token += flops(product, squares / tokens);
  return tokens * a_token;
}

ParameterCounts count_parameters(const ModelConfig& c, long long vocabulary, long long classes) {
  const Structure s(c, static_cast<int>(vocabulary), static_cast<int>(classes));
  ParameterCounts n;
  for (const ParameterEntry& e : s.parameters.entries) {
    n.total += static_cast<long long>(e.size());
    if (e.encoder) n.encoder += static_cast<long long>(e.size());
  }
  return n;
}

}  // namespace tubal
