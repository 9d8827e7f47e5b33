// Numbers that are not finite are found at the place and slice that made them: put there on purpose, in every
// parameter of every layer, sub-layer and slice.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "core/random.hpp"
#include "layers/model.hpp"
#include "transforms/transform.hpp"

using namespace tubal;
using Catch::Matchers::Contains;

namespace {

constexpr int V = 13, C = 3;
constexpr float nan_number = std::numeric_limits<float>::quiet_NaN(), huge = 3e38f;

struct Case {
  const char* told;
  const char* transform;
  int p;
  NormPlace norm = NormPlace::post;
  Domain domain = Domain::original;
  std::vector<std::string> stack = {"attention", "feed_forward", "mixer"};
  Activation activation = Activation::gelu;
  NormKind kind = NormKind::layer_norm;
  int rank = 0;
  Task task = Task::classification;
  bool tied = true;
};

const std::vector<Case> cases = {
    {"real, post", "dct", 3},
    {"complex, post", "dft", 5},
    {"complex, pre, relu",
     "dft",
     4,
     NormPlace::pre,
     Domain::original,
     {"feed_forward", "attention"},
     Activation::relu},
    {"complex, spectral stream", "dft", 4, NormPlace::post, Domain::spectral, {"feed_forward", "attention"}},
    {"real, spectral stream, rms",
     "haar",
     4,
     NormPlace::pre,
     Domain::spectral,
     {"mixer", "attention", "feed_forward", "attention"},
     Activation::swiglu,
     NormKind::rms_norm},
    {"low rank, gated",
     "dft",
     3,
     NormPlace::post,
     Domain::original,
     {"attention", "feed_forward"},
     Activation::geglu,
     NormKind::layer_norm,
     2},
    {"learned L", "learned_orthogonal", 3, NormPlace::pre},
    {"matrices", "identity", 1, NormPlace::post, Domain::original, {"attention", "feed_forward"}},
    {"language, tied",
     "dft",
     4,
     NormPlace::pre,
     Domain::original,
     {"attention", "feed_forward"},
     Activation::reglu,
     NormKind::rms_norm,
     0,
     Task::language_model},
    {"language, own head",
     "dct",
     2,
     NormPlace::post,
     Domain::original,
     {"attention", "feed_forward"},
     Activation::silu,
     NormKind::layer_norm,
     0,
     Task::language_model,
     false},
};

ModelConfig config(const Case& at) {
  ModelConfig c;
  c.task = at.task;
  c.tied = at.tied;
  c.width = 6 * at.p;
  c.p = at.p;
  c.transform.name = at.transform;
  c.depth = 2;
  c.heads = 0;
  c.heads_per_slice = 1;
  c.feed_forward = 2;
  c.max_length = 8;
  c.dropout = 0.2;
  c.stack = at.stack;
  c.activation = at.activation;
  c.norm = at.norm;
  c.norm_kind = at.kind;
  c.norm_domain = at.domain;
  c.rank = at.rank;
  c.position.kind = PositionKind::learned;
  return c;
}

// Every token of the vocabulary, many texts of one token.
Batch texts() {
  const RandomStream random(3, Purpose::test);
  Batch batch{{}, {0}, {}};
  for (int b = 0; b < 40; ++b) {
    for (int i = 0; i < (b % 4 == 0 ? 8 : 1); ++i) {
      batch.tokens.push_back(static_cast<std::int32_t>(batch.tokens.size() % V));
      batch.targets.push_back(static_cast<std::int32_t>(random.below(V, batch.tokens.size())));
    }
    batch.offsets.push_back(static_cast<std::int32_t>(batch.tokens.size()));
    batch.labels.push_back(b % C);
  }
  return batch;
}

template <class T>
T* row(const NamedTensor<T>& t, std::size_t o) {
  return t.value + o * t.outer_stride;
}

// What a parameter's name says of its place.
std::string place_by_name(const std::string& name) {
  if (name.starts_with("classifier.") || name.starts_with("language_head.")) return "the head";
  if (name.starts_with("token_embedding")) return "the token embedding";
  if (name.starts_with("position_embedding")) return "the positions";
  if (name.starts_with("transform.")) return "the learned L";
  if (name.starts_with("final_norm")) return "the final norm";
  REQUIRE(name.starts_with("layers."));
  const std::string layer = name.substr(7, 1), rest = name.substr(9), first = rest.substr(0, rest.find('.'));
  std::string sublayer = first;
  for (const char* part : {"query", "key", "value", "output"})
    if (first == part) sublayer = "attention";
  for (const char* part : {"expand", "gate", "contract"})
    if (first == part) sublayer = "feed_forward";
  if (const auto at = sublayer.rfind("_norm"); at != std::string::npos) sublayer.replace(at, 5, " norm");
  return "layer " + layer + "'s " + sublayer;
}

// Bins of the stored slices, real ones first, by the transform's own word.
std::vector<int> bins(const ModelConfig& c, bool complex) {
  std::vector<int> out;
  const auto plan = make_transform(c.transform)->plan(c.p);
  for (const Slice& s : plan->slices())
    if (s.complex == complex) out.push_back(s.bin);
  return out;
}

bool seen(Model<float>& model, const Batch& batch) {
  return !(std::isfinite(model.gradients(batch, 7, 4).loss) && std::isfinite(model.update({}, 4)));
}

}  // namespace

TEST_CASE("a parameter that is not finite is seen and named with its layer, sub-layer and slice",
          "[nonfinite]") {
  const Batch batch = texts();
  for (const Case& at : cases) {
    const ModelConfig c = config(at);
    Model<float> model(c, V, C, 1, 2);
    std::size_t places = 0;
    for (const NamedTensor<float>& t : model.parameters())
      for (std::size_t o = 0; o < t.shape[0]; ++o)
        for (const float bad : {nan_number, -std::numeric_limits<float>::infinity()}) {
          INFO(at.told << ": " << t.name << "[" << o << "] = " << bad);
          float& x = row(t, o)[t.size() / t.shape[0] - 1];
          const float before = std::exchange(x, bad);
          if (std::isnan(bad)) CHECK(seen(model, batch));
          const NonFinite found = model.find_nonfinite(batch, 7, 4);
          CHECK(found.when == NonFinite::parameters);
          CHECK(found.parameter == t.name);
          CHECK(found.place == place_by_name(t.name));
          CHECK_THAT(found.told(), Contains(t.name) && Contains(found.place));
          if (t.by_slice && c.p > 1) {
            const std::vector<int> of = bins(c, t.name.ends_with("_complex"));
            CHECK(found.slices == std::vector<int>{of.at(o)});
            CHECK(!found.original);
            CHECK_THAT(found.told(), Contains(", slice " + std::to_string(of[o])));
          }
          x = before;
          ++places;
        }
    CHECK(places > 20);
    CHECK(!seen(model, batch));
    CHECK(model.find_nonfinite(batch, 7, 4).when == NonFinite::nowhere);
    CHECK(model.find_nonfinite(batch, 7, 0).when == NonFinite::nowhere);
    CHECK(model.find_nonfinite(batch, 7, 4).told().empty());
  }
}

TEST_CASE("weights that are too large are named with the slice that overflows", "[nonfinite]") {
  const Batch batch = texts();
  for (const Case& at : cases) {
    const ModelConfig c = config(at);
    Model<float> model(c, V, C, 1, 2);
    std::size_t places = 0;
    for (const NamedTensor<float>& t : model.parameters()) {
      const bool mixer = t.name.find("mixer") != std::string::npos;
      if (!(t.by_slice || mixer) || t.name.find("weight") == std::string::npos || c.rank > 0) continue;
      for (std::size_t o = 0; o < t.shape[0]; ++o) {
        INFO(at.told << ": " << t.name << "[" << o << "]");
        const std::size_t inner = t.size() / t.shape[0];
        const std::vector<float> before(row(t, o), row(t, o) + inner);
        // of a mixer from the own slice alone: a sum over layer-normed slices may be small
        for (std::size_t i = 0; i < inner; ++i) row(t, o)[i] = mixer && i != o ? 0 : huge;
        CHECK(seen(model, batch));
        const NonFinite found = model.find_nonfinite(batch, 7, 4);
        CHECK(found.when == NonFinite::forward);
        CHECK(found.place == place_by_name(t.name));
        CHECK(found.size >= 2.9e38);
        CHECK(found.largest == t.name);
        CHECK(found.text >= 0);
        if (c.p > 1 && mixer && at.domain == Domain::original) {
          CHECK(found.slices == std::vector<int>{static_cast<int>(o)});
          CHECK(found.original);
        } else if (c.p > 1 && !mixer) {
          CHECK(found.slices == std::vector<int>{bins(c, t.name.ends_with("_complex")).at(o)});
          CHECK(!found.original);
        }
        std::copy(before.begin(), before.end(), row(t, o));
        ++places;
      }
    }
    CHECK((places > 7 || c.rank > 0));
  }
}

namespace {

void set(Model<float>& model, const std::string& part, float factor, float plus, std::size_t o = SIZE_MAX) {
  for (const NamedTensor<float>& t : model.parameters()) {
    if (t.name.find(part) == std::string::npos) continue;
    const std::size_t inner = t.size() / t.shape[0];
    for (std::size_t i = 0; i < t.size(); ++i)
      if (o == SIZE_MAX || i / inner == o)
        row(t, i / inner)[i % inner] = factor * row(t, i / inner)[i % inner] + plus;
  }
}

Case pre(const char* transform, int p) {
  return {"", transform, p, NormPlace::pre, Domain::original, {"attention", "feed_forward"}};
}

}  // namespace

TEST_CASE("embedding, norm, head and evaluation are named where they overflow", "[nonfinite]") {
  const Batch batch = texts();
  for (const Case& at : cases) {
    INFO(at.told);
    const ModelConfig c = config(at);
    const std::string first = "layer 0's " + at.stack.front();
    {
      Model<float> model(c, V, C, 1);
      set(model, "token_embedding", 0, 0);
      set(model, "token_embedding", 0, 3.3e38f, 5);
      const NonFinite found = model.find_nonfinite(batch, 7, 4);  // dropout scales by 1.25
      CHECK(found.when == NonFinite::forward);
      CHECK(found.place == "the token embedding");
    }
    for (const std::int64_t step : {0, 4}) {
      Model<float> model(c, V, C, 1);
      set(model, "token_embedding", 1e30f, 0);
      CHECK(!std::isfinite(model.evaluate(batch).loss));
      const NonFinite found = model.find_nonfinite(batch, 7, step);
      CHECK(found.when == NonFinite::forward);
      CHECK_THAT(found.told(), Contains("on the way forward") && Contains(" went in"));
      CHECK(found.input > 1e29);
      // in a post-norm stack attention's scores, of 1e60, come before the norm
      if (at.norm == NormPlace::post && at.stack.front() == "attention") {
        CHECK(found.place == first);
        continue;
      }
      CHECK(found.place == first + " norm");
      CHECK(found.cause == "its variance is too large");
    }
    {
      Model<float> model(c, V, C, 1);
      const std::string last =
          "layers.1." + at.stack.back() + (at.stack[1] == at.stack.back() && at.stack.size() > 2 ? "_2" : "");
      set(model, at.norm == NormPlace::pre ? "final_norm.gain" : last + "_norm.gain", 0, huge);
      const NonFinite found = model.find_nonfinite(batch, 7, 0);
      CHECK(found.when == NonFinite::forward);
      CHECK(found.place ==
            place_by_name(at.norm == NormPlace::pre ? "final_norm.gain" : last + "_norm.gain"));
      CHECK(found.largest.find("norm.gain") != std::string::npos);
    }
    if (at.task == Task::classification || !at.tied) {
      Model<float> model(c, V, C, 1);
      set(model, at.task == Task::classification ? "classifier.weight" : "language_head.weight", 1e39, 0);
      set(model, at.task == Task::classification ? "classifier.weight" : "language_head.weight", 0, huge, 1);
      CHECK(model.find_nonfinite(batch, 7, 0).when != NonFinite::nowhere);
    }
  }
}

TEST_CASE("the way back is gone through too", "[nonfinite]") {
  const Batch batch = texts();
  for (const Case& at : {pre("dct", 3), pre("dft", 5), pre("dft", 4)}) {
    ModelConfig c = config(at);
    c.depth = 1;
    c.dropout = 0;
    INFO(at.transform << " " << at.p);
    {  // gradients of 1e30: finite, their squares are not
      Model<float> model(c, V, C, 1);
      set(model, "classifier.weight", 1e15f, 0);
      set(model, "final_norm.gain", 0, 1e15f);
      CHECK(std::isfinite(model.gradients(batch, 7, 4).loss));
      CHECK(!std::isfinite(model.update({}, 4)));
      const NonFinite found = model.find_nonfinite(batch, 7, 4);
      CHECK(found.when == NonFinite::norm);
      CHECK(found.size > 1e20);
      CHECK_THAT(found.told(), Contains("sum of squares"));
    }
    {  // 1 / sqrt(variance) = 316 takes 1e37 beyond float
      Model<float> model(c, V, C, 1);
      set(model, "output.", 0, 0);
      set(model, "contract.", 0, 0);
      set(model, "embedding", 1e-6f, 0);
      set(model, "classifier.weight", 1e13f, 0);
      set(model, "final_norm.gain", 0, 1e26f);
      CHECK(std::isfinite(model.gradients(batch, 7, 4).loss));
      CHECK(!std::isfinite(model.update({}, 4)));
      const NonFinite found = model.find_nonfinite(batch, 7, 4);
      CHECK(found.when == NonFinite::backward);
      CHECK(found.place == "the final norm");
      CHECK_THAT(found.told(), Contains("on the way back"));
    }
    for (std::size_t k = 0; k < bins(c, false).size(); ++k) {  // a slice's contraction takes 1e36 beyond
      Model<float> model(c, V, C, 1);
      set(model, "expand.weight", 1e-7f, 0, k);
      set(model, "contract.weight", 1e7f, 0, k);
      if (!bins(c, true).empty())  // names of both kinds begin alike
        for (std::size_t o = 0; o < bins(c, true).size(); ++o)
          if (o == k) {
            set(model, "expand.weight_complex", 1e7f, 0, o);
            set(model, "contract.weight_complex", 1e-7f, 0, o);
          }
      set(model, "classifier.weight", 1e10f, 0);
      set(model, "final_norm.gain", 0, 1e27f);
      CHECK(std::isfinite(model.gradients(batch, 7, 4).loss));
      const NonFinite found = model.find_nonfinite(batch, 7, 4);
      CHECK(found.when == NonFinite::backward);
      CHECK(found.place == "layer 0's feed_forward");
      CHECK(found.slices == std::vector<int>{bins(c, false)[k]});
      CHECK(found.text >= 0);
    }
  }
}

TEST_CASE("looking for what is not finite leaves gradients and parameters as they were", "[nonfinite]") {
  const Batch batch = texts();
  for (const Case& at : cases) {
    INFO(at.told);
    Model<float> model(config(at), V, C, 1, 2), other(config(at), V, C, 1, 2);
    for (int step = 1; step <= 3; ++step) {
      model.gradients(batch, 7, step);
      other.gradients(batch, 7, step);
      other.find_nonfinite(batch, 7, step);
      CHECK(model.update({}, step) == other.update({}, step));
    }
    CHECK(std::equal(model.values().begin(), model.values().end(), other.values().begin()));
  }
}

TEST_CASE("a learned L that is not finite, or is huge, is no crash", "[nonfinite]") {
  const Batch batch = texts();
  for (const char* parametrization : {"cayley", "exponential", "householder"})
    for (const float bad : {nan_number, std::numeric_limits<float>::infinity(), huge, -1e30f, 1e-42f}) {
      INFO(parametrization << " " << bad);
      Case at{"", "learned_orthogonal", 4};
      ModelConfig c = config(at);
      c.transform.parametrization = parametrization;
      c.transform.init = "dct";
      Model<float> model(c, V, C, 1);
      set(model, "skew", 0, bad, 2);
      const bool finite =
          std::isfinite(model.gradients(batch, 7, 4).loss) && std::isfinite(model.update({}, 4));
      const NonFinite found = model.find_nonfinite(batch, 7, 4);
      CHECK((found.when == NonFinite::nowhere) == finite);
      if (!std::isfinite(bad)) CHECK(found.place == "the learned L");
    }
}

TEST_CASE("one token, 8,192 tokens, denormal and huge numbers", "[nonfinite]") {
  for (const char* transform : {"dct", "dft"})
    for (const int length : {1, 8192}) {
      INFO(transform << " " << length);
      Case at{"", transform, 4};
      ModelConfig c = config(at);
      c.width = 16;
      c.depth = 1;
      c.dropout = 0;
      c.max_length = 8192;
      c.heads_per_slice = 1;
      c.position.kind = PositionKind::sinusoidal;
      Model<float> model(c, 1, 2, 1, 2);  // a vocabulary of one
      Batch batch{std::vector<std::int32_t>(static_cast<std::size_t>(length), 0), {0, length}, {1}};
      double loss = model.gradients(batch, 1, 1).loss;
      CHECK(loss > 0);
      CHECK(std::isfinite(loss));
      AdamWSettings a;
      a.learning_rate = 1e-3;
      CHECK(model.update(a, 1) > 0);
      CHECK(model.evaluate(batch).loss < loss);
      // a rate below float's least number moves nothing but what it must
      const std::vector<float> before(model.values().begin(), model.values().end());
      a.learning_rate = 1e-310;
      model.gradients(batch, 1, 2);
      CHECK(std::isfinite(model.update(a, 2)));
      CHECK(std::equal(before.begin(), before.end(), model.values().begin()));
      set(model, "", 1e-42f, 0);  // denormal everywhere, gains too
      loss = model.gradients(batch, 1, 3).loss;
      CHECK(loss == Approx(std::log(2.)));
      CHECK(std::isfinite(model.update(a, 3)));
      CHECK(model.find_nonfinite(batch, 1, 3).when == NonFinite::nowhere);
      set(model, "", 0, 1e30f);
      CHECK(!(std::isfinite(model.gradients(batch, 1, 4).loss) && std::isfinite(model.update(a, 4))));
      CHECK(model.find_nonfinite(batch, 1, 4).when != NonFinite::nowhere);
      CHECK(std::all_of(model.values().begin(), model.values().end(), [](float x) { return x == 1e30f; }));
    }
}
