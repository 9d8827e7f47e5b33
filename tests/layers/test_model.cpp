#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>

#include "core/error.hpp"
#include "core/random.hpp"
#include "experiments/measure/golden.hpp"
#include "layers/model.hpp"

using namespace tubal;

namespace {

ModelConfig small() {
  ModelConfig c;
  c.width = 24;
  c.p = 4;
  c.depth = 2;
  c.heads = 0;
  c.heads_per_slice = 2;
  c.feed_forward = 2;
  c.max_length = 9;
  c.dropout = 0;
  return c;
}

Batch random_batch(int sequences, int longest, int vocabulary, int classes, std::uint64_t seed) {
  const RandomStream random(seed, Purpose::test);
  Batch batch{{}, {0}, {}};
  std::uint64_t index = 0;
  for (int b = 0; b < sequences; ++b) {
    const auto n = 1 + random.below(longest, index++);
    for (std::uint64_t i = 0; i < n; ++i)
      batch.tokens.push_back(static_cast<std::int32_t>(random.below(vocabulary, index++)));
    batch.offsets.push_back(static_cast<std::int32_t>(batch.tokens.size()));
    batch.labels.push_back(static_cast<std::int32_t>(random.below(classes, index++)));
  }
  return batch;
}

template <class T>
std::vector<T> all_gradients(Model<T>& model) {
  std::vector<T> out;
  for (const NamedTensor<T>& t : model.parameters()) {
    const std::size_t inner = t.size() / t.shape[0];
    for (std::size_t o = 0; o < t.shape[0]; ++o)
      out.insert(out.end(), t.gradient + o * t.outer_stride, t.gradient + o * t.outer_stride + inner);
  }
  return out;
}

}  // namespace

TEST_CASE("golden cases agree in double to 1e-9 and in float to 1e-4", "[golden]") {
  int cases = 0;
  for (const auto& file : std::filesystem::directory_iterator(TUBAL_SOURCE "/tests/golden")) {
    if (file.path().extension() != ".h5") continue;
    ++cases;
    for (const GoldenResult& result : verify_golden(file.path())) {
      REQUIRE(result.groups.size() == 3);
      for (const GoldenGroup& g : result.groups) {
        INFO(file.path().filename() << " " << result.precision << " " << g.name << " at " << g.tensor);
        CHECK(g.error <= result.bound);
      }
    }
  }
  CHECK(cases >= 73);
}

TEST_CASE("parameter counts are those of the design", "[model]") {
  struct Row {
    int width, p;
    long long encoder;
  };
  ModelConfig c;
  for (const Row row : {Row{128, 1, 793088},
                        {128, 4, 203264},
                        {256, 1, 3159040},
                        {256, 4, 799744},
                        {768, 1, 28351488},
                        {768, 4, 7117824}}) {
    c.width = row.width;
    c.p = row.p;
    c.heads = 4;
    CHECK(count_parameters(c, 30000, 4).encoder == row.encoder);
  }
  c.width = 768;
  c.p = 1;
  CHECK(std::lround(static_cast<double>(count_parameters(c, 30000, 4).total) / 1e3) == 51395);
  c.p = 4;
  CHECK(std::lround(static_cast<double>(count_parameters(c, 30000, 4).total) / 1e3) == 30161);
}

TEST_CASE("the parameters that a model holds are those that are counted", "[model]") {
  for (const char* transform : {"dct", "dft", "learned_orthogonal"})
    for (const NormPlace norm : {NormPlace::post, NormPlace::pre})
      for (const int p : {1, 3, 4}) {
        ModelConfig c = small();
        c.p = p;
        c.transform.name = transform;
        c.norm = norm;
        c.frequency_scaling.kind = ScalingKind::learned;
        c.heads_per_slice = 1;
        Model<float> model(c, 11, 3, 0);
        long long n = 0;
        for (const auto& t : model.parameters()) n += static_cast<long long>(t.size());
        CHECK(n == model.counts().total);
        CHECK(model.values().size() == static_cast<std::size_t>(n));
      }
}

TEST_CASE("gradients and updates have the same bits for any number of threads", "[model]") {
  ModelConfig c = small();
  c.width = 64;
  c.heads_per_slice = 1;
  c.max_length = 90;
  c.dropout = 0.3;
  for (const char* transform : {"dct", "dft", "learned_orthogonal"}) {
    c.transform.name = transform;
    const Batch batch = random_batch(60, 90, 50, 3, 7);
    std::vector<std::vector<float>> values, gradients;
    for (const int threads : {1, 2, 3, 4}) {
      Model<float> model(c, 50, 3, 5, threads);
      for (int step = 1; step <= 3; ++step) {
        model.gradients(batch, 11, step);
        AdamWSettings a;
        a.gradient_clip = 0.5;
        model.update(a, step);
      }
      values.emplace_back(model.values().begin(), model.values().end());
      gradients.push_back(all_gradients(model));
    }
    for (int i = 1; i < 4; ++i) {
      CHECK(values[i] == values[0]);
      CHECK(gradients[i] == gradients[0]);
    }
  }
}

TEST_CASE("gradients agree with central differences where no golden case reaches", "[model]") {
  struct Setting {
    const char *transform, *parametrization;
    Domain norm_domain, position_domain;
    ScalingKind scaling;
    ScalingPlace at;
    Domain activation_domain;
    int p;
  };
  for (const Setting& q : {Setting{"learned_orthogonal", "householder", Domain::original, Domain::original,
                                   ScalingKind::none, ScalingPlace::position, Domain::spectral, 4},
                           {"learned_orthogonal", "cayley", Domain::spectral, Domain::spectral,
                            ScalingKind::learned, ScalingPlace::position, Domain::original, 3},
                           {"learned_orthogonal", "exponential", Domain::original, Domain::spectral,
                            ScalingKind::learned, ScalingPlace::output, Domain::original, 4},
                           {"learned_orthogonal", "cayley", Domain::original, Domain::original,
                            ScalingKind::learned, ScalingPlace::input, Domain::spectral, 2},
                           {"cosine_product", "cayley", Domain::spectral, Domain::original,
                            ScalingKind::learned, ScalingPlace::input, Domain::original, 4},
                           {"dft", "cayley", Domain::spectral, Domain::spectral, ScalingKind::learned,
                            ScalingPlace::residual, Domain::original, 6}}) {
    ModelConfig c = small();
    c.transform.name = q.transform;
    c.transform.parametrization = q.parametrization;
    c.norm_domain = q.norm_domain;
    c.p = q.p;
    c.position.domain = q.position_domain;
    c.frequency_scaling.kind = q.scaling;
    c.frequency_scaling.at = q.at;
    c.activation_domain = q.activation_domain;
    c.heads_per_slice = 1;
    INFO(q.transform << " " << q.parametrization << " " << q.norm_domain << " " << q.at);
    Model<double> model(c, 11, 3, 3);
    for (const auto& t : model.parameters())  // away from the start, where some gradients vanish
      if (t.name == "transform.skew" || t.name == "frequency_scaling.gain")
        for (std::size_t i = 0; i < t.size(); ++i)
          t.value[i] += 0.3 * RandomStream(1, Purpose::test).normal(i);
    const Batch batch = random_batch(5, 9, 11, 3, 2);
    model.gradients(batch, 0, 1);
    const std::vector<NamedTensor<double>> parameters = model.parameters();
    const std::vector<double> gradient = all_gradients(model);
    std::size_t at = 0;
    for (const auto& t : parameters) {
      const std::size_t inner = t.size() / t.shape[0];
      for (std::size_t i = 0; i < t.size(); i += 1 + t.size() / 3) {
        double& x = t.value[i / inner * t.outer_stride + i % inner];
        const double start = x, step = 1e-5;
        x = start + step;
        const double above = model.evaluate(batch).loss;
        x = start - step;
        const double below = model.evaluate(batch).loss;
        x = start;
        INFO(t.name << " " << i);
        CHECK(std::abs(gradient[at + i] - (above - below) / (2 * step)) <= 1e-7);
      }
      at += t.size();
    }
  }
}

TEST_CASE("dropout is inverted, depends on the step, and training without it equals evaluation", "[model]") {
  ModelConfig c = small();
  const Batch batch = random_batch(8, 9, 11, 3, 2);
  Model<double> plain(c, 11, 3, 3);
  const double clean = plain.evaluate(batch).loss;
  CHECK(plain.gradients(batch, 0, 1).loss == Approx(clean).epsilon(1e-12));
  c.dropout = 0.2;
  Model<double> dropped(c, 11, 3, 3);
  CHECK(dropped.evaluate(batch).loss == Approx(clean).epsilon(1e-12));
  const double one = dropped.gradients(batch, 0, 1).loss, two = dropped.gradients(batch, 0, 2).loss;
  CHECK(one != two);
  CHECK(one == dropped.gradients(batch, 0, 1).loss);
}

TEST_CASE("a NaN parameter is seen and nothing is updated", "[model]") {
  Model<float> model(small(), 11, 3, 3);
  const Batch batch = random_batch(8, 9, 11, 3, 2);
  model.parameters()[2].value[0] = NAN;
  CHECK(std::isnan(model.gradients(batch, 0, 1).loss));
  const std::vector<float> before(model.values().begin() + 100, model.values().end());
  CHECK_FALSE(std::isfinite(model.update({}, 1)));
  CHECK(std::vector<float>(model.values().begin() + 100, model.values().end()) == before);
}

TEST_CASE("before any gradient, parameters and their gradients can be read, and an update is decay alone",
          "[model]") {
  for (const char* transform : {"dct", "dft"}) {
    ModelConfig c = small();
    c.transform.name = transform;
    Model<double> model(c, 11, 3, 3);
    for (const double g : all_gradients(model)) REQUIRE(g == 0);
    for (const auto& t : model.parameters(false))
      CHECK((t.gradient == nullptr) == (t.name == "token_embedding"));
    const std::vector<double> before(model.values().begin(), model.values().end());
    AdamWSettings a;
    a.learning_rate = 0.1;
    a.weight_decay = 0.5;
    a.decay_everything = true;
    Model<double> fresh(c, 11, 3, 3);  // nobody has asked for its parameters
    CHECK(fresh.update(a, 1) == 0);
    double worst = 0;
    for (std::size_t i = 0; i < before.size(); ++i)
      worst = std::max(worst, std::abs(fresh.values()[i] - 0.95 * before[i]));
    CHECK(worst <= 1e-15);
  }
}

TEST_CASE("impossible models and batches are refused by key", "[model]") {
  const auto problem = [](auto change) {
    ModelConfig c = small();
    change(c);
    const auto problems = model_problems(c);
    return problems.empty() ? std::string() : problems[0].key;
  };
  CHECK(problem([](ModelConfig& c) { c.p = 5; }) == "model.p");
  CHECK(problem([](ModelConfig& c) {
          c.p = 3;
          c.transform.name = "hadamard";
        }) == "model.transform");
  CHECK(problem([](ModelConfig& c) { c.heads_per_slice = 4; }) == "model.heads_per_slice");
  CHECK(problem([](ModelConfig& c) {
          c.heads_per_slice = 0;
          c.heads = 2;
        }) == "model.heads");
  CHECK(problem([](ModelConfig& c) {
          c.norm_domain = Domain::spectral;
          c.norm_over = NormSpan::width;
        }) == "model.norm_over");
  CHECK(problem([](ModelConfig&) {}).empty());
  Model<float> model(small(), 11, 3, 3);
  Batch batch = random_batch(3, 9, 11, 3, 2);
  batch.tokens[0] = 11;
  CHECK_THROWS_AS(model.evaluate(batch), UsageError);
}
