// n-gram models: sums to one, the definition written out, sources whose entropy is known.
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <set>

#include "core/error.hpp"
#include "core/random.hpp"
#include "experiments/training/baselines.hpp"
#include "experiments/training/ngram.hpp"

using namespace tubal;

namespace {

using Gram = std::vector<std::int32_t>;

struct Stream {
  std::vector<std::int32_t> tokens;
  std::vector<std::int64_t> offsets = {0};
  TokenDocuments view() const { return {tokens, offsets}; }
};

// Documents of these lengths; small numbers are the likelier, so that all counts occur.
Stream drawn(const std::vector<int>& lengths, int vocabulary, std::uint64_t seed) {
  const RandomStream random(seed, Purpose::test);
  Stream s;
  std::uint64_t index = 0;
  for (const int n : lengths) {
    for (int i = 0; i < n; ++i) {
      const double u = random.uniform(index++);
      const std::int32_t before = i ? s.tokens.back() : 0;
      s.tokens.push_back((before + static_cast<std::int32_t>(u * u * u * vocabulary)) % vocabulary);
    }
    s.offsets.push_back(static_cast<std::int64_t>(s.tokens.size()));
  }
  return s;
}

// The definition, by sets of whole n-grams; -1 is a document's start.
struct ByDefinition {
  int orders, vocabulary;
  std::vector<std::map<Gram, double>> count;  // [k]: of k-grams that end in a token
  std::vector<std::map<Gram, std::set<std::int32_t>>> before;

  ByDefinition(const Stream& s, int n, int V) : orders(n), vocabulary(V), count(n + 1), before(n + 1) {
    for (std::size_t i = 0; i + 1 < s.offsets.size(); ++i) {
      Gram text = {-1};
      text.insert(text.end(), s.tokens.begin() + s.offsets[i], s.tokens.begin() + s.offsets[i + 1]);
      for (std::size_t end = 2; end <= text.size(); ++end)
        for (std::size_t k = 1; k <= std::min<std::size_t>(end, n); ++k) {
          const Gram g(text.begin() + end - k, text.begin() + end);
          ++count[k][g];
          if (end > k) before[k][g].insert(text[end - k - 1]);
        }
    }
  }
  double a(int n, const Gram& g) const {
    const std::size_t k = g.size();
    const auto found = count[k].find(g);
    if (found == count[k].end()) return 0;
    return static_cast<int>(k) == n || g[0] == -1 ? found->second
                                                  : static_cast<double>(before[k].at(g).size());
  }
  double discount(int n, std::size_t k, double c) const {
    double N[5] = {};
    for (const auto& entry : count[k])
      for (int j = 1; j <= 4; ++j) N[j] += a(n, entry.first) == j;
    if (c == 0) return 0;
    const double Y = N[1] && N[2] ? N[1] / (N[1] + 2 * N[2]) : 0.5;
    if (!(N[1] && N[2] && N[3] && N[4])) return Y;
    const double two = 2 - 3 * Y * N[3] / N[2], three = 3 - 4 * Y * N[4] / N[3];
    return c == 1 || two <= 0 || three <= 0 ? Y : c == 2 ? two : three;
  }
  double probability(int n, Gram context, std::int32_t w) const {
    if (static_cast<int>(context.size()) > n - 1) context.erase(context.begin(), context.end() - (n - 1));
    double p = 1.0 / vocabulary;
    for (std::size_t k = 1; k <= context.size() + 1; ++k) {
      const Gram c(context.end() - (k - 1), context.end());
      double total = 0, gamma = 0;
      const auto with = [&](std::int32_t v) {
        Gram g = c;
        g.push_back(v);
        return g;
      };
      for (std::int32_t v = 0; v < vocabulary; ++v) {
        const double count = a(n, with(v));
        total += count;
        gamma += discount(n, k, count);
      }
      if (total == 0) break;
      const double own = a(n, with(w));
      p = (own - discount(n, k, own)) / total + gamma / total * p;
    }
    return p;
  }
};

// A source of order 2 over `symbols` letters.
struct Source {
  int symbols;
  RandomStream random{5, Purpose::test, 1};
  double weight(int a, int b, int c) const {
    const auto i = static_cast<std::uint64_t>((a * symbols + b) * symbols + c);
    return std::exp(2 * random.normal(i));
  }
  double probability(int a, int b, int c) const {
    double sum = 0;
    for (int v = 0; v < symbols; ++v) sum += weight(a, b, v);
    return weight(a, b, c) / sum;
  }
  std::vector<std::int32_t> text(std::size_t n, std::uint64_t seed) const {
    const RandomStream draws(seed, Purpose::test, 2);
    std::vector<std::int32_t> out = {0, 0};
    while (out.size() < n) {
      double u = draws.uniform(out.size());
      int c = 0;
      for (; c + 1 < symbols; ++c) {
        u -= probability(out[out.size() - 2], out.back(), c);
        if (u < 0) break;
      }
      out.push_back(c);
    }
    return out;
  }
  // Mean of -log P of the source itself.
  double loss(const std::vector<std::int32_t>& text) const {
    double sum = 0;
    for (std::size_t i = 2; i < text.size(); ++i)
      sum -= std::log(probability(text[i - 2], text[i - 1], text[i]));
    return sum / static_cast<double>(text.size() - 2);
  }
};

}  // namespace

TEST_CASE("n-grams: probabilities over the vocabulary sum to 1, whatever the context", "[ngram]") {
  constexpr int V = 13;
  for (const std::vector<int>& lengths :
       {std::vector<int>{400}, std::vector<int>{1}, std::vector<int>{1, 1, 3}, std::vector<int>(60, 7),
        std::vector<int>{30000}}) {
    const Stream s = drawn(lengths, V - 2, 3);  // two tokens are never seen
    const KneserNey models(s.view(), V, 5);
    const RandomStream random(4, Purpose::test);
    std::uint64_t index = 0;
    for (int n = 1; n <= 5; ++n)
      for (int trial = 0; trial < 40; ++trial) {
        Gram context(random.below(7, index++));
        for (auto& c : context) c = static_cast<std::int32_t>(random.below(V, index++));
        if (trial % 2 && s.tokens.size() > 10)  // one that was seen
          context.assign(s.tokens.begin() + trial / 8, s.tokens.begin() + trial / 8 + 5);
        double sum = 0, least = 1;
        for (std::int32_t w = 0; w < V; ++w) {
          const double p = models.probability(n, context, trial % 3 == 0, w);
          sum += p;
          least = p < least ? p : least;
        }
        CAPTURE(lengths.size(), n, trial);
        CHECK(std::abs(sum - 1) <= 1e-12);
        CHECK(least > 0);
      }
  }
}

TEST_CASE("n-grams: counts, discounts and mixtures are the definition's", "[ngram]") {
  constexpr int V = 6;
  for (const std::vector<int>& lengths : {std::vector<int>{300}, std::vector<int>{5, 1, 40, 2, 2, 90}}) {
    const Stream s = drawn(lengths, V - 1, 11);
    const KneserNey models(s.view(), V, 4);
    const ByDefinition definition(s, 4, V);
    const RandomStream random(8, Purpose::test);
    std::uint64_t index = 0;
    for (int n = 1; n <= 4; ++n)
      for (int trial = 0; trial < 60; ++trial) {
        const bool start = trial % 3 == 0;
        Gram context(random.below(5, index++)), whole;
        for (auto& c : context) c = static_cast<std::int32_t>(random.below(V, index++));
        if (start) whole.push_back(-1);
        whole.insert(whole.end(), context.begin(), context.end());
        const auto w = static_cast<std::int32_t>(random.below(V, index++));
        CAPTURE(n, start, context, w);
        CHECK(models.probability(n, context, start, w) ==
              Approx(definition.probability(n, whole, w)).epsilon(1e-12));
      }
    // Whole documents, every order at once.
    const KneserNey::Losses all = models.losses(s.view()), later = models.losses(s.view(), false);
    CHECK(all.tokens == static_cast<std::int64_t>(s.tokens.size()));
    CHECK(later.tokens == all.tokens - static_cast<std::int64_t>(lengths.size()));
    for (int n = 1; n <= 4; ++n) {
      double sum = 0, first = 0;
      for (std::size_t i = 0; i + 1 < s.offsets.size(); ++i) {
        Gram before = {-1};
        for (std::int64_t t = s.offsets[i]; t < s.offsets[i + 1]; ++t) {
          const double loss = -std::log(definition.probability(n, before, s.tokens[t]));
          sum += loss;
          first += t == s.offsets[i] ? loss : 0;
          before.push_back(s.tokens[t]);
        }
      }
      CHECK(all.sum[n - 1] == Approx(sum).epsilon(1e-11));
      CHECK(later.sum[n - 1] == Approx(sum - first).epsilon(1e-11));
    }
  }
}

TEST_CASE("n-grams: a source of order 2 is known from its 3-grams on", "[ngram]") {
  const Source source{6};
  const std::vector<std::int32_t> train = source.text(200000, 1), test = source.text(50000, 2);
  const Baselines b = ngram_baselines(train, 6, {test, 25000}, {{}, 0}, 5);
  const double entropy = source.loss(test);
  REQUIRE(b.names == std::vector<std::string>{"unigram", "2-gram", "3-gram", "4-gram", "5-gram"});
  CAPTURE(entropy, b.validation_loss);
  CHECK(b.validation_loss[0] > b.validation_loss[1] + 0.01);
  CHECK(b.validation_loss[1] > b.validation_loss[2] + 0.01);
  CHECK(std::abs(b.validation_loss[2] - entropy) <= 0.005 * entropy);
  for (const int n : {3, 4}) {  // what is learnt beyond that is chance, and little of it
    CHECK(b.validation_loss[n] >= b.validation_loss[2] - 1e-3);
    CHECK(b.validation_loss[n] <= 1.05 * entropy);
  }
  for (int n = 0; n < 5; ++n) {
    CHECK(b.validation_bits_per_byte[n] ==
          Approx(b.validation_loss[n] * 49999 / std::log(2.0) / 25000).epsilon(1e-12));
    CHECK((std::isnan(b.test_loss[n]) && std::isnan(b.test_bits_per_byte[n])));
  }
}

TEST_CASE("n-grams: documents are apart, tokens are checked", "[ngram]") {
  // 0 1 | 2: that 2 follows 1 is not learnt across the bound.
  const Stream apart{{0, 1, 2, 0, 1, 2}, {0, 2, 3, 5, 6}}, one{{0, 1, 2, 0, 1, 2}, {0, 6}};
  const std::vector<std::int32_t> after = {1};
  CHECK(KneserNey(one.view(), 3, 2).probability(2, after, false, 2) >
        KneserNey(apart.view(), 3, 2).probability(2, after, false, 2) + 0.2);
  CHECK(KneserNey(apart.view(), 3, 2).probability(2, {}, true, 1) <
        KneserNey(apart.view(), 3, 2).probability(2, {}, true, 0));
  const Stream bad{{0, 3}, {0, 2}}, none{{}, {0}};
  CHECK_THROWS_AS(KneserNey(bad.view(), 3, 2), UsageError);
  CHECK_THROWS_AS(KneserNey(none.view(), 3, 2), UsageError);
  CHECK_THROWS_AS(KneserNey(one.view(), 3, 0), UsageError);
  CHECK_THROWS_AS(KneserNey(one.view(), 3, 2).losses(bad.view()), UsageError);
  CHECK_THROWS_AS(KneserNey(one.view(), 3, 2).probability(3, after, false, 2), UsageError);
  CHECK_THROWS_AS(KneserNey(one.view(), 3, 2).probability(2, after, false, -1), UsageError);
}
