// What the slices do on a batch, by laws and by direct computation; and slices taken away.
#include <catch2/catch.hpp>
#include <cmath>

#include "core/error.hpp"
#include "core/random.hpp"
#include "layers/model.hpp"
#include "layers/model/slice_figures.hpp"
#include "layers/stack/attention_head.hpp"

using namespace tubal;

namespace {

constexpr int V = 40, C = 3;

ModelConfig config(const std::string& transform, int p, Domain domain = Domain::original,
                   NormPlace norm = NormPlace::post) {
  ModelConfig c;
  c.width = 6 * p;
  c.p = p;
  c.transform.name = transform;
  c.depth = 2;
  c.heads = 0;
  c.heads_per_slice = 2;
  c.feed_forward = 2;
  c.max_length = 40;
  c.dropout = 0.1;
  c.norm_domain = domain;
  c.norm = norm;
  return c;
}

Batch sequences(const std::vector<int>& lengths) {
  const RandomStream random(5, Purpose::test);
  Batch batch{{}, {0}, {}};
  for (const int n : lengths) {
    for (int i = 0; i < n; ++i)
      batch.tokens.push_back(static_cast<std::int32_t>(random.below(V, batch.tokens.size())));
    batch.offsets.push_back(static_cast<std::int32_t>(batch.tokens.size()));
    batch.labels.push_back(static_cast<std::int32_t>(batch.labels.size() % C));
  }
  return batch;
}

// Away from the start, where gains are 1.
template <class T>
void stir(Model<T>& model, const std::string& part, double size) {
  const RandomStream random(9, Purpose::test);
  std::uint64_t index = 0;
  for (const NamedTensor<T>& t : model.parameters()) {
    if (t.name.find(part) == std::string::npos) continue;
    const std::size_t inner = t.size() / t.shape[0];
    for (std::size_t i = 0; i < t.size(); ++i)
      t.value[i / inner * t.outer_stride + i % inner] += static_cast<T>(size * random.normal(index++));
  }
}

template <class T>
void no_queries(Model<T>& model) {
  for (const NamedTensor<T>& t : model.parameters()) {
    if (t.name.find("query.") == std::string::npos) continue;
    const std::size_t inner = t.size() / t.shape[0];
    for (std::size_t i = 0; i < t.size(); ++i) t.value[i / inner * t.outer_stride + i % inner] = 0;
  }
}

std::vector<double> all(const SliceFigures& f) {
  std::vector<double> out;
  for (const auto* v : {&f.energy, &f.effective_rank, &f.attention_entropy, &f.off_diagonal_mixing})
    out.insert(out.end(), v->begin(), v->end());
  return out;
}

// M_t,j = L diag_l(gain[l,j] rstd[t,l]) L^-1 written out; squared moduli summed over t and j. Slice of bin k
// of a complex L: k and p - k.
std::vector<double> brute_force(const TransformPlan& plan, const std::vector<double>& gain, std::size_t m,
                                const std::vector<double>& rstd, std::size_t tokens, std::size_t segments) {
  const Tensor<Complex, 2> L = plan.matrix();
  const std::size_t p = L.shape()[0];
  bool complex = false;
  for (const Slice& s : plan.slices()) complex |= s.complex;
  // The inverse, by Gauss-Jordan.
  std::vector<Complex> A(p * 2 * p);
  for (std::size_t i = 0; i < p; ++i)
    for (std::size_t j = 0; j < p; ++j) {
      A[i * 2 * p + j] = L(i, j);
      A[i * 2 * p + p + j] = i == j;
    }
  for (std::size_t c = 0; c < p; ++c) {
    std::size_t pivot = c;
    for (std::size_t r = c; r < p; ++r)
      if (std::abs(A[r * 2 * p + c]) > std::abs(A[pivot * 2 * p + c])) pivot = r;
    for (std::size_t j = 0; j < 2 * p; ++j) std::swap(A[c * 2 * p + j], A[pivot * 2 * p + j]);
    const Complex head = A[c * 2 * p + c];
    for (std::size_t j = 0; j < 2 * p; ++j) A[c * 2 * p + j] /= head;
    for (std::size_t r = 0; r < p; ++r) {
      if (r == c) continue;
      const Complex f = A[r * 2 * p + c];
      for (std::size_t j = 0; j < 2 * p; ++j) A[r * 2 * p + j] -= f * A[c * 2 * p + j];
    }
  }
  std::vector<double> mass(p * p, 0.0);
  for (std::size_t t = 0; t < tokens; ++t)
    for (std::size_t j = 0; j < m; ++j)
      for (std::size_t a = 0; a < p; ++a)
        for (std::size_t b = 0; b < p; ++b) {
          Complex M = 0;
          for (std::size_t l = 0; l < p; ++l)
            M += L(a, l) * gain[l * m + j] * rstd[t * segments + (segments == p ? l : 0)] *
                 A[l * 2 * p + p + b];
          mass[a * p + b] += std::norm(M);
        }
  std::vector<double> shares;
  for (const Slice& s : plan.slices()) {
    const auto k = static_cast<std::size_t>(s.bin);
    const auto own = [&](std::size_t b) { return b == k || (complex && b == (p - k) % p); };
    double off = 0, whole = 0;
    for (std::size_t a = 0; a < p; ++a)
      for (std::size_t b = 0; b < p; ++b)
        if (own(a)) {
          whole += mass[a * p + b];
          off += own(b) ? 0 : mass[a * p + b];
        }
    shares.push_back(off / whole);
  }
  return shares;
}

}  // namespace

TEST_CASE("effective rank is 1 for a rank-one matrix, m for orthogonal columns, 0 for nothing", "[slices]") {
  const RandomStream random(3, Purpose::test);
  constexpr std::size_t tokens = 50, m = 8;
  std::vector<double> gram(m * m);
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t j = 0; j < m; ++j) {
      gram[i * m + j] = 0;
      for (std::size_t t = 0; t < tokens; ++t)
        gram[i * m + j] +=
            random.normal(t) * random.normal(100 + i) * random.normal(t) * random.normal(100 + j);
    }
  CHECK(std::abs(effective_rank(m, gram.data()) - 1) <= 1e-6);
  std::fill(gram.begin(), gram.end(), 0);
  for (std::size_t i = 0; i < m; ++i) gram[i * m + i] = 2.5;
  CHECK(std::abs(effective_rank(m, gram.data()) - m) <= 1e-12);
  // Singular values 3 and 1: entropy of (3/4, 1/4).
  gram = {9, 0, 0, 1};
  CHECK(std::abs(effective_rank(2, gram.data()) - std::exp(-0.75 * std::log(0.75) - 0.25 * std::log(0.25))) <=
        1e-12);
  gram = {0, 0, 0, 0};
  CHECK(effective_rank(2, gram.data()) == 0);
  gram = {1, NAN, NAN, 1};
  CHECK(std::isnan(effective_rank(2, gram.data())));
}

TEST_CASE("energy is the mean squared modulus of the output's slices", "[slices]") {
  const Batch batch = sequences({7, 1, 30, 12, 40});
  for (const char* transform : {"dct", "dft", "cosine_product"})
    for (const Domain domain : {Domain::original, Domain::spectral})
      for (const int p : {1, 4, 5}) {
        const ModelConfig c = config(transform, p, domain);
        Model<double> model(c, V, C, 3);
        stir(model, "layers.", 0.2);
        const SliceFigures f = model.slice_figures(batch);
        ModelConfig still = c;  // training without dropout is evaluation
        still.dropout = 0;
        Model<double> plain(still, V, C, 3);
        stir(plain, "layers.", 0.2);
        Capture<double> seen;
        plain.gradients(batch, 0, 1, &seen);  // the output in the original domain
        const auto plan = make_transform(c.transform)->plan(p);
        const Tensor<Complex, 2> L = plan->matrix();
        const std::size_t T = batch.tokens.size(), m = static_cast<std::size_t>(c.width / p),
                          S = plan->slices().size();
        for (std::size_t k = 0; k < S; ++k) {
          double sum = 0;
          for (std::size_t t = 0; t < T; ++t)
            for (std::size_t i = 0; i < m; ++i) {
              Complex x = 0;
              for (std::size_t l = 0; l < static_cast<std::size_t>(p); ++l)
                x +=
                    L(static_cast<std::size_t>(plan->slices()[k].bin), l) * seen.encoder_output(t, l * m + i);
              sum += std::norm(x);
            }
          const double direct = sum / static_cast<double>(T * m);
          INFO(transform << " " << domain << " p=" << p << " slice " << k);
          CHECK(std::abs(f.energy[S + k] - direct) <= 1e-10 * direct);
          CHECK(f.effective_rank[S + k] >= 1);
          CHECK(f.effective_rank[S + k] <= static_cast<double>(plan->slices()[k].complex ? 2 * m : m));
        }
      }
}

TEST_CASE("tokens that are all alike make outputs of effective rank 1", "[slices]") {
  ModelConfig c = config("dct", 4);
  c.position.kind = PositionKind::learned;
  Model<double> model(c, V, C, 3);
  for (const NamedTensor<double>& t : model.parameters())
    if (t.name == "position_embedding") std::fill(t.value, t.value + t.size(), 0.0);
  Batch batch = sequences({9, 20});
  std::fill(batch.tokens.begin(), batch.tokens.end(), 4);
  const SliceFigures f = model.slice_figures(batch);
  for (const double rank : f.effective_rank) CHECK(std::abs(rank - 1) <= 1e-5);
  // ... and attention that is spread evenly.
  const double even = (9 * std::log(9.) + 20 * std::log(20.)) / 29;
  for (const double H : f.attention_entropy) CHECK(std::abs(H - even) <= 1e-12);
}

TEST_CASE("attention entropy lies between 0 and log n, is log n without queries and 0 for certain ones",
          "[slices]") {
  const Batch batch = sequences({1, 40, 40, 40});
  const double most = 120 * std::log(40.) / 121;
  for (const char* transform : {"dct", "dft"}) {
    Model<double> model(config(transform, 4), V, C, 3);
    stir(model, "query", 0.4);
    const std::vector<double> some = model.slice_figures(batch).attention_entropy;
    for (const double H : some) {
      CHECK(H > 0);
      CHECK(H < most);
    }
    Model<double> zero(config(transform, 4), V, C, 3);
    no_queries(zero);
    for (const double H : zero.slice_figures(batch).attention_entropy) CHECK(std::abs(H - most) <= 1e-12);
    Model<float> coarse(config(transform, 4), V, C, 3);
    no_queries(coarse);
    for (const double H : coarse.slice_figures(batch).attention_entropy) CHECK(std::abs(H - most) <= 1e-6);
  }
  // One sequence, direct: P from q and k.
  const RandomStream random(8, Purpose::test);
  constexpr std::size_t n = 70, e = 6;  // more rows than are worked on at a time
  std::vector<double> q(n * e), k(n * e);
  for (std::size_t i = 0; i < n * e; ++i) {
    q[i] = random.normal(i);
    k[i] = random.normal(1000 + i);
  }
  double direct = 0;
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<double> P(n);
    double sum = 0;
    for (std::size_t j = 0; j < n; ++j) {
      double score = 0;
      for (std::size_t c = 0; c < e; ++c) score += q[i * e + c] * k[j * e + c];
      sum += P[j] = std::exp(score / std::sqrt(double(e)));
    }
    for (const double x : P) direct -= x / sum * std::log(x / sum);
  }
  const auto entropy = [&] {
    return attention_entropy<double>(false, {q.data(), n, e, e}, {k.data(), n, e, e});
  };
  CHECK(std::abs(entropy() - direct) <= 1e-10 * n);
  for (double& x : q) x *= 1e6;  // certain: one score far above the others
  CHECK(entropy() <= 1e-6);
  q[3] = NAN;
  CHECK(std::isnan(entropy()));
}

TEST_CASE("off-diagonal mixing is the matrix's, written out", "[slices]") {
  const RandomStream random(8, Purpose::test);
  constexpr std::size_t tokens = 7, m = 3;
  for (const char* name :
       {"identity", "permutation", "dct", "haar", "dft", "hartley", "cosine_product", "random_orthogonal"})
    for (const std::size_t p : {2u, 3u, 4u, 6u})
      for (const std::size_t segments : {p, std::size_t{1}}) {
        TransformSpec spec;
        spec.name = name;
        const auto plan = make_transform(spec)->plan(static_cast<int>(p));
        std::vector<double> gain(p * m), rstd(tokens * segments);
        for (std::size_t i = 0; i < gain.size(); ++i) gain[i] = 1 + 0.3 * random.normal(i);
        for (std::size_t i = 0; i < rstd.size(); ++i) rstd[i] = 0.5 + random.uniform(100 + i);
        const auto shares = [&](const std::vector<double>& g, const std::vector<double>& r) {
          return off_diagonal_shares(slices_of(*plan, m), plan->forward_matrix(), plan->inverse_matrix(),
                                     g.data(), m, r.data(), tokens, segments);
        };
        const std::vector<double> fast = shares(gain, rstd),
                                  direct = brute_force(*plan, gain, m, rstd, tokens, segments),
                                  equal = shares(std::vector<double>(p * m, 1.5),
                                                 std::vector<double>(rstd.size(), 0.7));
        REQUIRE(fast.size() == plan->slices().size());
        const bool mixes = std::string(name) != "identity" && std::string(name) != "permutation";
        for (std::size_t k = 0; k < fast.size(); ++k) {
          INFO(name << " p=" << p << " segments=" << segments << " slice " << k);
          CHECK(std::abs(fast[k] - direct[k]) <= 1e-13);
          CHECK(equal[k] <= 1e-14);
          if (std::string(name) != "cosine_product" || p > 2) CHECK((fast[k] > 1e-4) == mixes);
          CHECK(fast[k] <= 1);
        }
        std::vector<double> broken = rstd;
        broken[0] = NAN;
        bool seen = false;
        for (const double x : shares(gain, broken)) seen |= std::isnan(x);
        CHECK(seen);
      }
}

TEST_CASE("a model mixes its slices through original-domain norms alone", "[slices]") {
  const Batch batch = sequences({7, 1, 30, 12});
  const auto mixing = [&](ModelConfig c, double gains) {
    Model<double> model(c, V, C, 3);
    if (gains > 0) stir(model, "norm.gain", gains);
    return model.slice_figures(batch).off_diagonal_mixing;
  };
  for (const NormPlace norm : {NormPlace::post, NormPlace::pre}) {
    for (const double x : mixing(config("dct", 4, Domain::original, norm), 0.3)) CHECK(x > 1e-3);
    for (const double x : mixing(config("dft", 5, Domain::original, norm), 0.3)) CHECK(x > 1e-3);
    for (const double x : mixing(config("identity", 4, Domain::original, norm), 0.3)) CHECK(x == 0);
    for (const double x : mixing(config("dct", 4, Domain::spectral, norm), 0.3)) CHECK(x == 0);
    for (const double x : mixing(config("dct", 1, Domain::original, norm), 0.3)) CHECK(x == 0);
    ModelConfig width = config("haar", 4, Domain::original, norm);
    width.norm_over = NormSpan::width;
    for (const double x : mixing(width, 0.3)) CHECK(x > 1e-3);
    for (const double x : mixing(width, 0)) CHECK(x <= 1e-14);  // gains of 1 and one sigma
  }
}

TEST_CASE("figures depend neither on threads nor on what went before, and leave training alone", "[slices]") {
  std::vector<int> lengths;
  for (int i = 0; i < 60; ++i) lengths.push_back(1 + i * 7 % 40);
  const Batch batch = sequences(lengths);
  for (const char* transform : {"dct", "dft", "learned_orthogonal"}) {
    std::vector<double> first;
    for (const int threads : {1, 2, 3}) {
      Model<float> model(config(transform, 4), V, C, 3, threads),
          other(config(transform, 4), V, C, 3, threads);
      const std::vector<double> now = all(model.slice_figures(batch));
      if (first.empty()) first = now;
      CHECK(now == first);
      CHECK(all(model.slice_figures(batch)) == first);
      for (int step = 1; step <= 2; ++step)
        for (Model<float>* m : {&model, &other}) {
          m->gradients(batch, 7, step);
          if (m == &model) {  // gradients stand, moments too
            std::vector<float> before;
            for (const auto& t : model.parameters())
              if (t.name == "layers.0.query.weight") before.assign(t.gradient, t.gradient + 36);
            model.slice_figures(batch);
            for (const auto& t : model.parameters())
              if (t.name == "layers.0.query.weight")
                CHECK(std::vector<float>(t.gradient, t.gradient + 36) == before);
          }
          m->update({}, step);
        }
      CHECK(std::equal(model.values().begin(), model.values().end(), other.values().begin()));
      CHECK(std::equal(model.second_moment().begin(), model.second_moment().end(),
                       other.second_moment().begin()));
    }
  }
}

TEST_CASE("a NaN parameter shows in the figures", "[slices]") {
  Model<float> model(config("dct", 4), V, C, 3);
  for (const auto& t : model.parameters())
    if (t.name == "layers.0.attention_norm.gain") t.value[0] = NAN;
  const SliceFigures f = model.slice_figures(sequences({5, 9}));
  for (const auto* v : {&f.energy, &f.effective_rank, &f.off_diagonal_mixing}) CHECK(std::isnan((*v)[0]));
  CHECK(std::isnan(f.attention_entropy[4]));  // of layer 1; layer 0's attention comes before the norm
}

TEST_CASE("factors take slices away where frequency scaling would act", "[slices]") {
  const Batch batch = sequences({7, 1, 30, 12});
  for (const char* transform : {"dct", "dft", "identity"})
    for (const Domain domain : {Domain::original, Domain::spectral})
      for (const ScalingPlace at : {ScalingPlace::input, ScalingPlace::residual, ScalingPlace::output}) {
        ModelConfig c = config(transform, 4, domain);
        Model<double> model(c, V, C, 3);
        const std::size_t S = make_transform(c.transform)->plan(4)->slices().size();
        const SliceFactors half{at, std::vector<double>(S, 0.5)}, one{at, std::vector<double>(S, 1.0)};
        SliceFactors without = one;
        without.factor[1] = 0;
        Tensor<double, 2> plain, same, less, scaled, halved;
        model.evaluate(batch, &plain);
        model.evaluate(batch, &same, &one);
        model.evaluate(batch, &less, &without);
        // The same as the model whose frequency scaling says so.
        c.frequency_scaling.kind = ScalingKind::values;
        c.frequency_scaling.at = at;
        const auto plan = make_transform(c.transform)->plan(4);
        c.frequency_scaling.values.assign(S, 1.0);
        c.frequency_scaling.values[static_cast<std::size_t>(plan->slices()[1].bin)] = 0;  // by bin
        Model<double>(c, V, C, 3).evaluate(batch, &scaled);
        // ... and on top of one.
        c.frequency_scaling.values.assign(S, 2.0);
        Model<double>(c, V, C, 3).evaluate(batch, &halved, &half);
        double rounding = 0, taken = 0, agreed = 0, undone = 0;
        for (std::size_t i = 0; i < plain.size(); ++i) {
          const double x = plain.data()[i];
          rounding = std::max(rounding, std::abs(same.data()[i] - x));
          taken = std::max(taken, std::abs(less.data()[i] - x));
          agreed = std::max(agreed, std::abs(less.data()[i] - scaled.data()[i]));
          undone = std::max(undone, std::abs(halved.data()[i] - x));
        }
        INFO(transform << " " << domain << " " << at);
        CHECK(rounding <= 1e-12);
        CHECK(taken > 1e-4);
        CHECK(agreed <= 1e-12);
        CHECK(undone <= 1e-12);
        Tensor<double, 2> after;
        model.evaluate(batch, &after);
        CHECK(std::equal(after.begin(), after.end(), plain.begin()));  // factors are gone with their call
      }
  Model<double> model(config("dct", 4), V, C, 3);
  const SliceFactors few{ScalingPlace::output, {1, 0}}, nowhere{ScalingPlace::position, {1, 1, 1, 1}};
  CHECK_THROWS_AS(model.evaluate(batch, nullptr, &few), UsageError);
  CHECK_THROWS_AS(model.evaluate(batch, nullptr, &nowhere), UsageError);
}
