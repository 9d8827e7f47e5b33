// The paper's separability theorem: with norms in the spectral domain the encoder is p
// standard Transformers of width m.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "core/random.hpp"
#include "layers/model.hpp"

using namespace tubal;

namespace {

constexpr int V = 13, C = 3;

ModelConfig config(const std::string& transform, int p, NormPlace norm, Domain domain) {
  ModelConfig c;
  c.width = 6 * p;
  c.p = p;
  c.transform.name = transform;
  c.depth = 2;
  c.heads = 0;
  c.heads_per_slice = 2;
  c.feed_forward = 2;
  c.norm = norm;
  c.norm_domain = domain;
  c.position.kind = PositionKind::learned;
  c.max_length = 8;
  c.dropout = 0;
  return c;
}

Batch one_sequence(int n, std::uint64_t seed) {
  const RandomStream random(seed, Purpose::test);
  Batch batch{{}, {0, n}, {static_cast<std::int32_t>(random.below(C, 100))}};
  for (int i = 0; i < n; ++i) batch.tokens.push_back(static_cast<std::int32_t>(random.below(V, i)));
  return batch;
}

NamedTensor<double> get(Model<double>& model, const std::string& name) {
  for (auto& t : model.parameters())
    if (t.name == name) return t;
  throw std::runtime_error("no parameter " + name);
}

// y[r] [p, m] = M x[r]: rows of p slices along the tubes; `transposed` uses M^T.
std::vector<double> along_tubes(const Tensor<double, 2>& M, const double* x, std::size_t rows, std::size_t p,
                                std::size_t m, bool transposed = false) {
  std::vector<double> y(rows * p * m, 0.0);
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t k = 0; k < p; ++k)
      for (std::size_t l = 0; l < p; ++l)
        for (std::size_t i = 0; i < m; ++i)
          y[(r * p + k) * m + i] += (transposed ? M(l, k) : M(k, l)) * x[(r * p + l) * m + i];
  return y;
}

struct Differences {
  double forward = 0, gradients = 0;
  std::size_t compared = 0;  // gradients
};

// The largest difference, absolute, between the L-model and its p towers on one sequence.
Differences compare(const ModelConfig& c, int n, std::uint64_t seed) {
  const std::size_t p = c.p, d = c.width, m = d / p;
  const auto plan = make_transform(c.transform)->plan(c.p);
  Model<double> whole(c, V, C, seed);
  const RandomStream random(seed, Purpose::sample);
  std::uint64_t index = 0;
  for (double& x : whole.values()) x += 0.1 * random.normal(index++);
  Capture<double> seen;
  const Batch batch = one_sequence(n, seed);
  whole.gradients(batch, 0, 1, &seen);

  ModelConfig tower_config = c;
  tower_config.p = 1;
  tower_config.width = static_cast<int>(m);
  std::vector<Model<double>> towers;
  const auto E = along_tubes(plan->forward_matrix(), get(whole, "token_embedding").value, V, p, m);
  const auto positions =
      along_tubes(plan->forward_matrix(), get(whole, "position_embedding").value, c.max_length, p, m);
  // logits = W F^-1 xhat + b: each tower's classifier is its block of W F^-1.
  const auto W = along_tubes(plan->inverse_matrix(), get(whole, "classifier.weight").value, C, p, m, true);
  const auto bias = get(whole, "classifier.bias");
  for (std::size_t k = 0; k < p; ++k) {
    towers.emplace_back(tower_config, V, C, 0);
    for (auto& t : towers[k].parameters()) {
      const std::size_t inner = t.size() / t.shape[0];
      if (t.name == "token_embedding" || t.name == "position_embedding" || t.name == "classifier.weight") {
        const auto& from = t.name == "token_embedding" ? E : t.name == "position_embedding" ? positions : W;
        for (std::size_t r = 0; r < t.shape[0]; ++r)
          for (std::size_t i = 0; i < m; ++i) t.value[r * m + i] = from[(r * p + k) * m + i];
      } else if (t.name != "classifier.bias") {
        const auto from = get(whole, t.name);
        for (std::size_t i = 0; i < inner; ++i) t.value[i] = from.value[k * from.outer_stride + i];
      }
    }
  }
  // Each tower is given the others' logits as its bias, so that all see the whole model's loss.
  std::vector<Tensor<double, 2>> logits(p);
  for (std::size_t k = 0; k < p; ++k) {
    std::fill_n(get(towers[k], "classifier.bias").value, C, 0.0);
    towers[k].evaluate(batch, &logits[k]);
  }
  Differences worst;
  for (int c1 = 0; c1 < C; ++c1) {
    double sum = bias.value[c1];
    for (std::size_t k = 0; k < p; ++k) sum += logits[k](0, c1);
    worst.forward = std::max(worst.forward, std::abs(sum - seen.logits(0, c1)));
    for (std::size_t k = 0; k < p; ++k) get(towers[k], "classifier.bias").value[c1] = sum - logits[k](0, c1);
  }
  const auto stream = along_tubes(plan->forward_matrix(), seen.encoder_output.data(), n, p, m);
  // What the towers share is gathered [rows, p, m] and taken back to the whole model's parameters.
  struct Shared {
    std::string name;
    const Tensor<double, 2>& matrix;
    bool transposed;
    std::vector<double> gradient;
  };
  Shared shared[] = {
      {"token_embedding", plan->forward_matrix(), true, std::vector<double>(V * d)},
      {"position_embedding", plan->forward_matrix(), true, std::vector<double>(c.max_length * d)},
      {"classifier.weight", plan->inverse_matrix(), false, std::vector<double>(C * d)}};
  const auto note = [&](double ours, double theirs) {
    worst.gradients = std::max(worst.gradients, std::abs(ours - theirs));
    ++worst.compared;
  };
  for (std::size_t k = 0; k < p; ++k) {
    Capture<double> tower;
    towers[k].gradients(batch, 0, 1, &tower);
    for (int t = 0; t < n; ++t)
      for (std::size_t i = 0; i < m; ++i)
        worst.forward =
            std::max(worst.forward, std::abs(tower.encoder_output(t, i) - stream[(t * p + k) * m + i]));
    for (auto& t : towers[k].parameters()) {
      const auto ours = get(whole, t.name);
      const auto place = std::find_if(std::begin(shared), std::end(shared),
                                      [&](const Shared& s) { return s.name == t.name; });
      if (place != std::end(shared)) {
        for (std::size_t r = 0; r < t.shape[0]; ++r)
          for (std::size_t i = 0; i < m; ++i) place->gradient[(r * p + k) * m + i] = t.gradient[r * m + i];
      } else if (t.name == "classifier.bias") {
        for (std::size_t i = 0; i < t.size(); ++i) note(ours.gradient[i], t.gradient[i]);
      } else {
        for (std::size_t i = 0; i < t.size(); ++i)
          note(ours.gradient[k * ours.outer_stride + i], t.gradient[i]);
      }
    }
  }
  for (const Shared& s : shared) {
    const auto back = along_tubes(s.matrix, s.gradient.data(), s.gradient.size() / d, p, m, s.transposed);
    const auto ours = get(whole, s.name);
    for (std::size_t i = 0; i < back.size(); ++i) note(ours.gradient[i], back[i]);
  }
  // Every parameter once; the classifier's bias, which each tower has, p times.
  if (worst.compared != whole.values().size() + (p - 1) * C) worst.gradients = INFINITY;
  return worst;
}

}  // namespace

TEST_CASE(
    "with norms in the spectral domain the encoder is p standard Transformers, forward and every gradient",
    "[theorem]") {
  for (const char* transform : {"dct", "haar", "hadamard", "hartley", "random_orthogonal", "permutation",
                                "cosine_product", "identity"})
    for (const NormPlace norm : {NormPlace::post, NormPlace::pre})
      for (const int p : {2, 3, 4, 6}) {
        ModelConfig c = config(transform, p, norm, Domain::spectral);
        if (make_transform(c.transform)->refuses(p)) continue;  // hadamard takes powers of two
        INFO(transform << " " << norm << " p = " << p);
        const Differences worst = compare(c, 7, 3);
        CHECK(worst.forward <= 1e-12);
        CHECK(worst.gradients <= 1e-12);
      }
}

TEST_CASE("with the paper's norms in the original domain it is not, except for the identity", "[theorem]") {
  for (const NormPlace norm : {NormPlace::post, NormPlace::pre}) {
    const Differences same = compare(config("identity", 4, norm, Domain::original), 7, 3);
    CHECK(same.forward <= 1e-12);
    CHECK(same.gradients <= 1e-12);
    for (const char* transform : {"dct", "haar", "random_orthogonal"}) {
      INFO(transform << " " << norm);
      CHECK(compare(config(transform, 4, norm, Domain::original), 7, 3).forward >= 1e-3);
    }
  }
}

TEST_CASE("for p = 2 the runs of dct, dft, haar, hadamard and hartley agree", "[theorem]") {
  std::vector<double> first;
  for (const char* transform : {"dct", "dft", "haar", "hadamard", "hartley"}) {
    ModelConfig c = config(transform, 2, NormPlace::post, Domain::original);
    c.dropout = 0.2;
    Model<double> model(c, V, C, 5);
    std::vector<double> losses;
    for (int step = 1; step <= 20; ++step) {
      losses.push_back(model.gradients(one_sequence(7, step % 4), 1, step).loss);
      model.update({}, step);
    }
    if (first.empty()) first = losses;
    for (std::size_t i = 0; i < losses.size(); ++i) {
      INFO(transform << " step " << i);
      CHECK(std::abs(losses[i] - first[i]) <= 1e-9);
    }
  }
}
