// Whatever the configuration can say is refused with a reason, or it works: gradients agree with central
// differences, and a language model sees nothing that comes later.
// Configurations are drawn at random over all choices.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "core/random.hpp"
#include "layers/model.hpp"
#include "layers/stack/table.hpp"

using namespace tubal;

namespace {

constexpr int V = 11, C = 3, longest = 7;

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : random_(seed, Purpose::test) {}
  int below(int n) { return static_cast<int>(random_.below(static_cast<std::uint64_t>(n), index_++)); }
  double normal() { return random_.normal(index_++ << 20); }
  template <class T>
  T of(const std::vector<T>& values) {
    return values[static_cast<std::size_t>(below(static_cast<int>(values.size())))];
  }
  template <Choice E>
  void choose(E& value) {
    value = static_cast<E>(below(static_cast<int>(names<E>().size())));
  }

 private:
  RandomStream random_;
  std::uint64_t index_ = 0;
};

TransformSpec draw_transform(Draw& draw) {
  TransformSpec t;
  t.name = draw.of<std::string>({"dct", "dft", "hartley", "haar", "cosine_product", "identity", "permutation",
                                 "learned_orthogonal", "learned_orthogonal"});
  t.parametrization = draw.of<std::string>({"cayley", "exponential", "householder"});
  t.init = draw.of<std::string>({"dct", "haar"});
  return t;
}

ModelConfig draw_config(std::uint64_t seed) {
  Draw draw(seed);
  ModelConfig c;
  draw.choose(c.task);
  c.p = 1 + draw.below(6);
  c.heads_per_slice = 1 + draw.below(2);
  c.width = c.p * c.heads_per_slice * (2 + draw.below(3));
  c.transform = draw_transform(draw);
  for (int n = draw.below(4); n > 1; --n) c.transforms.push_back(draw_transform(draw));
  c.depth = 1 + draw.below(3);
  c.stack.clear();
  std::vector<std::string> kinds = {"attention", "feed_forward"};
  for (const SublayerEntry& e : sublayer_table()) kinds.push_back(e.name);
  for (int n = 1 + draw.below(3); n > 0; --n) c.stack.push_back(draw.of(kinds));
  c.feed_forward = 1 + draw.below(3);
  c.attention_bias = draw.below(2) > 0;
  draw.choose(c.activation);
  draw.choose(c.activation_domain);
  c.rank = draw.below(3) == 0 ? 1 + draw.below(3) : 0;
  draw.choose(c.norm);
  draw.choose(c.norm_kind);
  draw.choose(c.norm_domain);
  draw.choose(c.norm_over);
  draw.choose(c.position.kind);
  draw.choose(c.position.domain);
  draw.choose(c.pooling);
  c.tied = draw.below(2) > 0;
  if (draw.below(2)) draw.choose(c.frequency_scaling.kind);
  draw.choose(c.frequency_scaling.at);
  c.frequency_scaling.alpha = 0.4;
  for (int k = 1 + draw.below(6); k > 0; --k) c.frequency_scaling.values.push_back(0.5 + 0.3 * k);
  c.dropout = 0;
  c.max_length = longest;
  return c;
}

std::string told(const ModelConfig& c) {
  std::string text = name(c.task) + " width " + std::to_string(c.width) + " p " + std::to_string(c.p) +
                     " depth " + std::to_string(c.depth) + " rank " + std::to_string(c.rank);
  for (const TransformSpec& t : transform_cycle(c)) text += " " + t.name + "/" + t.parametrization;
  for (const std::string& kind : c.stack) text += " " + kind;
  return text + " " + name(c.activation) + " " + name(c.activation_domain) + " " + name(c.norm) + " " +
         name(c.norm_kind) + " " + name(c.norm_domain) + " " + name(c.norm_over) + " position " +
         name(c.position.kind) + " " + name(c.position.domain) + " scaling " +
         name(c.frequency_scaling.kind) + " " + name(c.frequency_scaling.at) +
         (c.attention_bias ? " bias" : "") + (c.tied ? " tied" : "");
}

Batch draw_batch(Draw& draw) {
  Batch batch{{}, {0}, {}};
  for (int b = 0; b < 3; ++b) {
    for (int i = 2 + draw.below(longest - 1); i > 0; --i) batch.tokens.push_back(draw.below(V));
    batch.offsets.push_back(static_cast<std::int32_t>(batch.tokens.size()));
    batch.labels.push_back(draw.below(C));
  }
  for (std::size_t i = 0; i < batch.tokens.size(); ++i) batch.targets.push_back(draw.below(V));
  return batch;
}

double& element(const NamedTensor<double>& t, std::size_t i) {
  const std::size_t inner = t.size() / t.shape[0];
  return t.value[i / inner * t.outer_stride + i % inner];
}

// The derivative along a random direction, by the gradient and by central differences.
void check_gradient(Model<double>& model, const Batch& batch, Draw& draw) {
  for (const auto& t : model.parameters())  // away from the start, where some gradients vanish
    for (std::size_t i = 0; i < t.size(); ++i) element(t, i) += 0.2 * draw.normal();
  model.gradients(batch, 0, 1);
  const std::vector<NamedTensor<double>> parameters = model.parameters();
  std::vector<std::vector<double>> start, way;
  double slope = 0, length = 0;
  for (const auto& t : parameters) {
    start.emplace_back();
    way.emplace_back();
    const std::size_t inner = t.size() / t.shape[0];
    for (std::size_t i = 0; i < t.size(); ++i) {
      start.back().push_back(element(t, i));
      way.back().push_back(draw.normal());
      const double g = t.gradient[i / inner * t.outer_stride + i % inner];
      slope += g * way.back()[i];
      length += g * g;
    }
  }
  const auto loss = [&](double step) {
    for (std::size_t n = 0; n < parameters.size(); ++n)
      for (std::size_t i = 0; i < start[n].size(); ++i)
        element(parameters[n], i) = start[n][i] + step * way[n][i];
    return model.evaluate(batch).loss;
  };
  // Norms of two or three numbers bend sharply: the best of a few steps, between curvature and rounding.
  double error = INFINITY;
  for (const double step : {1e-5, 1e-6, 1e-7}) {
    const double measured = (loss(step) - loss(-step)) / (2 * step);
    REQUIRE(std::isfinite(measured));
    error = std::min(error, std::abs(slope - measured));
  }
  loss(0);
  INFO("slope " << slope);
  CHECK(error <= 1e-6 * (1 + std::sqrt(length)));
}

// No logit of a token depends on what comes after it.
void check_causality(Model<double>& model, const Batch& batch, Draw& draw) {
  Tensor<double, 2> before, after;
  model.evaluate(batch, &before);
  Batch changed = batch;
  for (std::size_t b = 0; b < batch.size(); ++b) {
    const int first = batch.offsets[b], n = batch.offsets[b + 1] - first,
              from = first + 1 + draw.below(n - 1);
    for (int t = from; t < first + n; ++t)
      changed.tokens[static_cast<std::size_t>(t)] = (batch.tokens[static_cast<std::size_t>(t)] + 1) % V;
    model.evaluate(changed, &after);
    for (int t = first; t < from; ++t)
      for (int v = 0; v < V; ++v) {
        const auto row = static_cast<std::size_t>(t), column = static_cast<std::size_t>(v);
        CHECK(std::abs(after(row, column) - before(row, column)) <= 1e-12);
      }
  }
}

}  // namespace

TEST_CASE("every combination of choices works, or is refused with a reason", "[model]") {
  std::map<std::string, int> refused;
  int built = 0;
  for (std::uint64_t seed = 0; seed < 1500; ++seed) {
    const ModelConfig c = draw_config(seed);
    INFO("seed " << seed << ": " << told(c));
    const std::vector<ModelProblem> problems = model_problems(c);
    for (const ModelProblem& p : problems) {
      ++refused[p.key];
      CHECK(p.message.size() > 20);
    }
    if (!problems.empty()) {
      CHECK_THROWS(Model<double>(c, V, C, 1));
      continue;
    }
    ++built;
    Model<double> model(c, V, C, seed);
    Draw draw(seed + 1000000);
    const Batch batch = draw_batch(draw);
    long long n = 0;
    for (const auto& t : model.parameters()) n += static_cast<long long>(t.size());
    CHECK(n == count_parameters(c, V, C).total);
    check_gradient(model, batch, draw);
    if (c.task == Task::language_model) check_causality(model, batch, draw);
  }
  INFO(built << " built");
  CHECK(built >= 500);
  for (const char* key : {"model.transform", "model.stack", "model.norm_over", "model.rank",
                          "model.position.kind", "model.position.domain", "model.frequency_scaling.at",
                          "model.frequency_scaling.kind", "model.frequency_scaling.values"})
    CHECK(refused[key] > 0);
}
