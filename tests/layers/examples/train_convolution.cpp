// The layer that layers/README.md adds, in models: it learns what a stack without it cannot, and goes on
// token by token.
#include <catch2/catch.hpp>
#include <cmath>

#include "core/random.hpp"
#include "layers/model/generation.hpp"

using namespace tubal;

namespace {

constexpr int V = 12;

// Random tokens; the one to predict is the token two places back, which no map of single tokens can know.
Batch echoes(std::uint64_t seed) {
  const RandomStream random(seed, Purpose::test);
  Batch batch{{}, {0}, {}};
  for (int b = 0; b < 16; ++b) {
    for (int i = 0; i < 12; ++i) {
      batch.tokens.push_back(static_cast<std::int32_t>(random.below(V, batch.tokens.size())));
      batch.targets.push_back(i < 2 ? -1 : batch.tokens[batch.tokens.size() - 3]);
    }
    batch.offsets.push_back(static_cast<std::int32_t>(batch.tokens.size()));
  }
  return batch;
}

ModelConfig config(const std::string& transform, int rank) {
  ModelConfig c;
  c.task = Task::language_model;
  c.norm = NormPlace::pre;
  c.stack = {"convolution", "feed_forward"};
  c.transform.name = transform;
  c.rank = rank;
  c.position.kind = PositionKind::none;
  c.width = 32;
  c.p = 4;
  c.depth = 1;
  c.heads = 4;
  c.feed_forward = 2;
  c.max_length = 12;
  c.dropout = 0;
  return c;
}

double trained_loss(const ModelConfig& c) {
  Model<float> model(c, V, 0, 1);
  AdamWSettings adamw;
  adamw.learning_rate = 1e-2;
  double loss = 0;
  for (int step = 1; step <= 150; ++step) {
    loss = model.gradients(echoes(static_cast<std::uint64_t>(step)), 1, step).loss;
    model.update(adamw, step);
  }
  return loss;
}

}  // namespace

TEST_CASE("a convolution learns to look two tokens back, a stack without it does not", "[adding]") {
  for (const char* transform : {"dct", "dft"}) {
    INFO(transform);
    CHECK(trained_loss(config(transform, 0)) <= 0.3);
    CHECK(trained_loss(config(transform, 6)) <= 1.0);
  }
  ModelConfig without = config("dct", 0);
  without.stack = {"feed_forward"};
  CHECK(trained_loss(without) >= 0.9 * std::log(V));
}

TEST_CASE("its parameters are named, and it goes on token by token", "[adding]") {
  Model<double> model(config("dft", 0), V, 0, 1);
  std::size_t found = 0;
  for (const auto& t : model.parameters()) found += t.name.find("convolution.2.weight") != std::string::npos;
  CHECK(found == 2);  // real and complex slices
  const Batch batch = echoes(1);
  Tensor<double, 2> whole;
  model.evaluate(batch, &whole);
  Generation<double> generation(model);
  for (std::size_t t = 0; t < 12; ++t) {
    const auto logits = generation.append({batch.tokens.data() + t, 1});
    for (std::size_t v = 0; v < V; ++v) CHECK(std::abs(logits[v] - whole(t, v)) <= 1e-12);
  }
}
