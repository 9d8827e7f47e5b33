// The model with linear maps on bfloat16 numbers: near the float model, not it, and independent of threads.
#include <catch2/catch.hpp>
#include <cmath>

#include "core/bfloat16.hpp"
#include "core/error.hpp"
#include "core/random.hpp"
#include "layers/model.hpp"

using namespace tubal;

namespace {

ModelConfig config(const char* transform, Domain activation_domain) {
  ModelConfig c;
  c.width = 48;
  c.p = 4;
  c.depth = 2;
  c.heads = 0;
  c.heads_per_slice = 1;
  c.max_length = 20;
  c.dropout = 0.1;
  c.transform.name = transform;
  c.activation_domain = activation_domain;
  return c;
}

Batch batch_of(int sequences) {
  const RandomStream random(5, Purpose::test);
  Batch batch{{}, {0}, {}};
  std::uint64_t index = 0;
  for (int b = 0; b < sequences; ++b) {
    const auto n = 1 + random.below(20, index++);
    for (std::uint64_t i = 0; i < n; ++i)
      batch.tokens.push_back(static_cast<std::int32_t>(random.below(60, index++)));
    batch.offsets.push_back(static_cast<std::int32_t>(batch.tokens.size()));
    batch.labels.push_back(static_cast<std::int32_t>(random.below(3, index++)));
  }
  return batch;
}

struct Result {
  double loss;
  std::vector<float> gradient;
};

Result run(const ModelConfig& c, bool bfloat16, int threads) {
  Model<float> model(c, 60, 3, 11, threads);
  if (bfloat16) model.use_bfloat16();
  Result r;
  const Batch batch = batch_of(150);  // several groups and lanes
  for (std::int64_t step = 1; step <= 2; ++step) {
    r.loss = model.gradients(batch, 3, step).loss;
    if (step == 1) model.update({}, step);
  }
  for (const NamedTensor<float>& t : model.parameters())
    for (std::size_t o = 0; o < t.shape[0]; ++o)
      r.gradient.insert(r.gradient.end(), t.gradient + o * t.outer_stride,
                        t.gradient + o * t.outer_stride + t.size() / t.shape[0]);
  return r;
}

}  // namespace

TEST_CASE("bfloat16 products: near the float model, and independent of threads", "[bfloat16]") {
  for (const char* transform : {"dct", "dft", "identity"})
    for (const Domain domain : {Domain::spectral, Domain::original}) {
      const ModelConfig c = config(transform, domain);
      INFO(transform << ", activation in the " << domain << " domain");
      if (!why_no_bfloat16().empty()) {
        Model<float> model(c, 60, 3, 11, 1);
        CHECK_THROWS_AS(model.use_bfloat16(), UsageError);
        continue;
      }
      const Result exact = run(c, false, 1), near = run(c, true, 1);
      CHECK(std::abs(near.loss - exact.loss) <= 0.01 * exact.loss);
      double difference = 0, size = 0;
      for (std::size_t i = 0; i < exact.gradient.size(); ++i) {
        difference += std::pow(near.gradient[i] - exact.gradient[i], 2);
        size += std::pow(exact.gradient[i], 2);
      }
      CHECK(std::sqrt(difference / size) <= 0.05);
      CHECK(std::sqrt(difference / size) >= 1e-4);  // it did run on rounded numbers
      for (const int threads : {2, 3}) {
        const Result other = run(c, true, threads);
        CHECK(other.loss == near.loss);
        CHECK(other.gradient == near.gradient);
      }
    }
  Model<double> model(config("dct", Domain::spectral), 60, 3, 11, 1);
  CHECK_THROWS_AS(model.use_bfloat16(), UsageError);
}
