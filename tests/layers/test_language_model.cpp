// Language models: what no position may see, what goes on token by token, and what their losses are.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "core/error.hpp"
#include "core/random.hpp"
#include "layers/model/generation.hpp"

using namespace tubal;

namespace {

constexpr int V = 23;

ModelConfig config(const std::string& transform, int p) {
  ModelConfig c;
  c.task = Task::language_model;
  c.norm = NormPlace::pre;
  c.width = 8 * p;
  c.p = p;
  c.transform.name = transform;
  c.depth = 2;
  c.heads = 0;
  c.heads_per_slice = 2;
  c.feed_forward = 2;
  c.max_length = 100;
  c.dropout = 0;
  return c;
}

Batch text(const std::vector<int>& lengths, std::uint64_t seed = 3) {
  const RandomStream random(seed, Purpose::test);
  Batch batch{{}, {0}, {}};
  std::uint64_t index = 0;
  for (const int n : lengths) {
    for (int i = 0; i < n; ++i) {
      batch.tokens.push_back(static_cast<std::int32_t>(random.below(V, index++)));
      batch.targets.push_back(static_cast<std::int32_t>(random.below(V, index++)));
    }
    batch.offsets.push_back(static_cast<std::int32_t>(batch.tokens.size()));
  }
  return batch;
}

// Away from the start, where mixers are 0.
template <class T>
void stir(Model<T>& model) {
  const RandomStream random(9, Purpose::test);
  std::uint64_t index = 0;
  for (T& x : model.values()) x += static_cast<T>(0.2 * random.normal(index++));
}

// The same parameters in double.
Model<double> exact(Model<float>& model) {
  Model<double> y(model.config(), V, 0, 3);
  const auto from = model.parameters(false);
  const auto to = y.parameters(false);
  for (std::size_t k = 0; k < from.size(); ++k) {
    const std::size_t inner = from[k].size() / from[k].shape[0];
    for (std::size_t i = 0; i < from[k].size(); ++i)
      to[k].value[i / inner * to[k].outer_stride + i % inner] =
          from[k].value[i / inner * from[k].outer_stride + i % inner];
  }
  return y;
}

// Settings that a language model may have, each for one transform.
std::vector<ModelConfig> variants(const std::string& transform, int p) {
  std::vector<ModelConfig> all(6, config(transform, p));
  all[1].position.kind = PositionKind::rotary;
  all[1].norm_kind = NormKind::rms_norm;
  all[1].activation = Activation::swiglu;
  all[2].norm_domain = Domain::spectral;
  all[2].position.kind = PositionKind::none;
  all[2].tied = false;
  all[3].activation_domain = Domain::original;
  all[3].activation = Activation::geglu;
  all[3].rank = 2;
  all[4].stack = {"attention", "mixer", "feed_forward", "attention"};
  all[4].position.kind = PositionKind::learned;
  all[5].transforms = {all[5].transform, TransformSpec{}};
  all[5].transforms[1].name = "haar";
  all[5].norm = NormPlace::post;
  return all;
}

}  // namespace

TEST_CASE("no position sees a later one, whatever the transform", "[language_model]") {
  for (const TransformEntry& entry : transform_table()) {
    if (entry.name == "matrix") continue;  // reads a file; the engine sees its matrix alone
    for (const int p : {1, 4, 5}) {
      if (make_transform(config(entry.name, p).transform)->refuses(p)) continue;
      for (const ModelConfig& c : variants(entry.name, p)) {
        INFO(entry.name << " p = " << p << ", " << name(c.position.kind) << " " << name(c.norm_domain));
        Model<double> model(c, V, 0, 3);
        stir(model);
        Batch batch = text({70, 9});
        Tensor<double, 2> before, after;
        model.evaluate(batch, &before);
        for (const std::size_t changed : {0u, 30u, 69u}) {
          Batch other = batch;
          other.tokens[changed] = (other.tokens[changed] + 1) % V;
          model.evaluate(other, &after);
          double earlier = 0, others = 0, own = 0;
          for (std::size_t t = 0; t < 79; ++t)
            for (std::size_t v = 0; v < V; ++v) {
              const double difference = std::abs(after(t, v) - before(t, v));
              double& worst = t >= 70 ? others : t < changed ? earlier : own;
              worst = difference <= worst ? worst : difference;
            }
          CHECK(earlier == 0);
          CHECK(others == 0);  // nor does another sequence
          CHECK(own > 1e-6);
        }
      }
    }
  }
}

TEST_CASE("token by token the logits are those of the whole text", "[language_model]") {
  for (const char* transform : {"dct", "dft", "learned_orthogonal"})
    for (const ModelConfig& c : variants(transform, 5)) {
      INFO(transform << " " << name(c.position.kind) << " " << name(c.norm_domain));
      Model<double> model(c, V, 0, 3);
      stir(model);
      const Batch batch = text({100});
      Tensor<double, 2> whole;
      model.evaluate(batch, &whole);
      Generation<double> generation(model);
      for (int round = 0; round < 2; ++round) {
        std::size_t at = 0;
        for (const std::size_t n : {1u, 70u, 1u, 1u, 20u, 7u}) {
          const std::span<const double> logits = generation.append({batch.tokens.data() + at, n});
          at += n;
          REQUIRE(generation.length() == at);
          double worst = 0;
          for (std::size_t v = 0; v < V; ++v) {
            const double difference = std::abs(logits[v] - whole(at - 1, v));
            worst = difference <= worst ? worst : difference;
          }
          CHECK(worst <= 1e-11);
        }
        const std::vector<std::int32_t> one = {0};
        CHECK_THROWS_AS(generation.append(one), UsageError);  // max_length
        generation.restart();
        CHECK_THROWS_AS(generation.append(std::vector<std::int32_t>{V}), UsageError);
        CHECK_THROWS_AS(generation.append({}), UsageError);
      }
    }
  ModelConfig c = config("dct", 4);
  c.task = Task::classification;
  Model<float> classifier(c, V, 2, 1);
  CHECK_THROWS_AS(Generation<float>(classifier), UsageError);
}

// Norms over two numbers magnify float's rounding in both passes: there neither may be much farther from the
// exact logits than the other.
TEST_CASE("in float the kept logits are the whole text's to 1e-5, whatever the transform and the heads",
          "[language_model]") {
  const auto agrees = [](const ModelConfig& c) {
    Model<float> model(c, V, 0, 3);
    stir(model);
    const Batch batch = text({100});
    Tensor<float, 2> whole;
    model.evaluate(batch, &whole);
    Tensor<double, 2> true_logits;
    exact(model).evaluate(batch, &true_logits);
    Generation<float> generation(model);
    double worst = 0, largest = 0, rounding = 0;
    for (std::size_t t = 0; t < 100; ++t) {
      const std::span<const float> logits = generation.append({batch.tokens.data() + t, 1});
      for (std::size_t v = 0; v < V; ++v) {
        const double there = whole(t, v), difference = std::abs(static_cast<double>(logits[v]) - there);
        rounding = std::max(rounding, std::abs(there - true_logits(t, v)));
        largest = std::abs(there) > largest ? std::abs(there) : largest;
        worst = difference <= worst ? worst : difference;
      }
    }
    INFO(c.transform.name << " p = " << c.p << ", " << name(c.position.kind) << ", " << c.stack.size());
    CHECK(worst <= std::max(1e-5 * std::max(1.0, largest), 4 * rounding));
    CHECK(rounding <= 1e-3);
  };
  for (const TransformEntry& entry : transform_table()) {
    if (entry.name == "matrix") continue;
    const int p = make_transform(config(entry.name, 5).transform)->refuses(5) ? 4 : 5;
    for (const ModelConfig& c : variants(entry.name, p)) agrees(c);
  }
  for (const int e : {1, 2, 4, 8, 12, 16, 32, 40}) {  // widths of heads around whole packs
    ModelConfig c = config("dct", 2);
    c.width = 4 * e;
    agrees(c);
  }
}

TEST_CASE("losses of tokens, with and without targets, and a first loss near log V", "[language_model]") {
  for (const bool tied : {true, false}) {
    ModelConfig c = config("dct", 4);
    c.tied = tied;
    Model<double> model(c, V, 0, 3);
    Batch batch = text({40, 7, 100});
    const BatchResult all = model.evaluate(batch);
    CHECK(std::abs(all.loss - std::log(V)) <= 1);
    CHECK(all.counted == 147);
    const std::vector<double> each = model.losses(batch);
    REQUIRE(each.size() == 147);
    double sum = 0;
    for (const double x : each) sum += x;
    CHECK(std::abs(sum / 147 - all.loss) <= 1e-12);
    for (int i = 0; i < 40; ++i) batch.targets[i] = -1;
    const BatchResult some = model.gradients(batch, 0, 1);
    CHECK(some.counted == 107);
    sum = 0;
    for (int i = 40; i < 147; ++i) sum += each[i];
    CHECK(std::abs(sum / 107 - some.loss) <= 1e-12);
    batch.targets.clear();
    CHECK_THROWS_AS(model.gradients(batch, 0, 1), UsageError);
    batch.targets.assign(147, V);
    CHECK_THROWS_AS(model.evaluate(batch), UsageError);
  }
}

TEST_CASE("a language model's updates have the same bits for any number of threads", "[language_model]") {
  for (const ModelConfig& c : variants("dft", 5)) {
    std::vector<float> first;
    for (const int threads : {1, 2, 3}) {
      Model<float> model(c, V, 0, 5, threads);
      double loss = 0;
      for (int step = 1; step <= 3; ++step) {
        loss = model.gradients(text(std::vector<int>(30, 60), 7), 11, step).loss;
        model.update({}, step);
      }
      CHECK(loss < 4);
      const std::vector<float> now(model.values().begin(), model.values().end());
      if (first.empty()) first = now;
      CHECK(now == first);
    }
  }
}
