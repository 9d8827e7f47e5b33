#include "experiments/training/ngram.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"

namespace tubal {

KneserNey::KneserNey(const TokenDocuments& train, std::int32_t vocabulary, int orders)
    : vocabulary_(vocabulary), levels_(static_cast<std::size_t>(orders)) {
  if (orders < 1) throw UsageError("n-grams: found order " + std::to_string(orders) + ", needs 1 or more");
  if (train.tokens.empty()) throw UsageError("n-grams: there is no token to learn from");
  for (const std::int32_t w : train.tokens) check(w);
  count(train);
  weigh();
}

void KneserNey::check(std::int32_t w) const {
  if (w < 0 || w >= vocabulary_)
    throw UsageError("token " + std::to_string(w) + " is not in 0.." + std::to_string(vocabulary_ - 1));
}

// Order by order, with the number of the k-gram that ends at each place of the stream (a start and its
// tokens, document by document). A k-gram's number comes from its first k-1 tokens' and its last one, so each
// order costs one look-up a token.
void KneserNey::count(const TokenDocuments& train) {
  const std::size_t documents = train.offsets.size() - 1, places = train.tokens.size() + documents;
  std::vector<std::int32_t> before(places, 0), here(places);
  std::vector<bool> start_before, start;  // of the grams of an order: whether they begin with the start
  for (std::size_t k = 1; k <= levels_.size(); ++k) {
    Level& level = levels_[k - 1];
    std::vector<std::uint32_t>& count = level.count[highest];
    std::vector<std::int32_t> shorter;  // of each gram: what its last k-1 tokens are
    if (k == 1) {
      count.assign(static_cast<std::size_t>(vocabulary_) + 1, 0);
      start.assign(count.size(), false);
    }
    if (k == 1) start.back() = true;
    std::size_t at = 0;
    for (std::size_t i = 0; i < documents; ++i) {
      here[at++] = k == 1 ? vocabulary_ : -1;
      for (std::int64_t t = train.offsets[i]; t < train.offsets[i + 1]; ++t, ++at) {
        const std::int32_t w = train.tokens[static_cast<std::size_t>(t)], context = before[at - 1];
        here[at] = k == 1 ? w : context < 0 ? -1 : level.grams.intern(context, w);
        if (here[at] < 0) continue;
        if (static_cast<std::size_t>(here[at]) == count.size()) {
          count.push_back(0);
          shorter.push_back(before[at]);
          start.push_back(start_before[static_cast<std::size_t>(context)]);
        }
        ++count[static_cast<std::size_t>(here[at])];
      }
    }
    if (k > 1) {
      // The order below: different tokens before a gram, except before the start.
      Level& below = levels_[k - 2];
      std::vector<std::uint32_t>& different = below.count[lower];
      different.assign(below.count[highest].size(), 0);
      for (const std::int32_t g : shorter) ++different[static_cast<std::size_t>(g)];
      for (std::size_t g = 0; g < different.size(); ++g)
        if (start_before[g]) different[g] = below.count[highest][g];
    }
    before.swap(here);
    start_before.swap(start);
    start.clear();
  }
}

// D1, D2, D3+ from how many grams have counts 1 to 4. Where these do not serve, one discount n1 / (n1 + 2 n2)
// for all (small streams; few different grams, whose D3 may come out below 0: what was not seen would then
// have no probability), and 1/2 where even that is not there.
static std::array<double, 4> discounts(const std::vector<std::uint32_t>& counts) {
  double n[5] = {};
  for (const std::uint32_t c : counts)
    if (c <= 4) ++n[c];
  const double Y = n[1] > 0 && n[2] > 0 ? n[1] / (n[1] + 2 * n[2]) : 0.5;
  std::array<double, 4> D = {0, Y, Y, Y};
  bool serves = n[1] > 0 && n[2] > 0 && n[3] > 0 && n[4] > 0;
  for (int c = 2; serves && c <= 3; ++c) {
    D[c] = c - (c + 1) * Y * n[c + 1] / n[c];
    serves = D[c] > 0;
  }
  return serves ? D : std::array<double, 4>{0, Y, Y, Y};
}

void KneserNey::weigh() {
  for (std::size_t k = 1; k <= levels_.size(); ++k) {
    Level& level = levels_[k - 1];
    for (const Use use : {highest, lower}) {
      const std::vector<std::uint32_t>& count = level.count[use];
      if (use == lower && k == levels_.size()) continue;  // nothing is above the highest order
      std::vector<Context>& contexts = level.contexts[use];
      contexts.resize(k == 1 ? 1 : levels_[k - 2].count[highest].size());
      level.discount[use] = discounts(count);
      for (std::size_t g = 0; g < count.size(); ++g) {
        Context& c = contexts[k == 1 ? 0 : static_cast<std::size_t>(level.grams.first(g))];
        if (k == 1 && g == static_cast<std::size_t>(vocabulary_)) continue;  // the start is no token
        c.total += count[g];
        c.discounted += level.discount[use][std::min<std::uint32_t>(3, count[g])];
      }
    }
  }
}

std::int32_t KneserNey::gram(std::size_t k, std::int32_t context, std::int32_t w) const {
  return k == 1 ? w : levels_[k - 1].grams.number(context, w);
}

double KneserNey::mixed(std::size_t k, Use use, std::int32_t context, std::int32_t gram, double below) const {
  const Level& level = levels_[k - 1];
  const Context& c = level.contexts[use][static_cast<std::size_t>(context)];
  if (c.total == 0) return below;  // nothing ever followed
  const std::uint32_t a = gram < 0 ? 0 : level.count[use][static_cast<std::size_t>(gram)];
  return (a - level.discount[use][std::min<std::uint32_t>(3, a)] + c.discounted * below) / c.total;
}

KneserNey::Reading KneserNey::beginning(bool start) const {
  Reading r(levels_.size() + 1, -1);
  r[0] = 0;
  if (start) r[1] = vocabulary_;
  return r;
}

void KneserNey::read(Reading& reading, std::int32_t w, double* p) const {
  const std::size_t n = levels_.size();
  double below = 1.0 / vocabulary_;
  std::int32_t context = reading[0];
  for (std::size_t k = 1; k <= n; ++k) {
    const std::int32_t next_context = reading[k];
    if (context < 0) {  // nor is any longer one known
      std::fill(p + k - 1, p + n, below);
      std::fill(reading.begin() + static_cast<std::ptrdiff_t>(k), reading.end(), -1);
      return;
    }
    reading[k] = gram(k, context, w);
    p[k - 1] = mixed(k, highest, context, reading[k], below);
    if (k < n) below = mixed(k, lower, context, reading[k], below);
    context = next_context;
  }
}

double KneserNey::probability(int n, std::span<const std::int32_t> context, bool start,
                              std::int32_t w) const {
  if (n < 1 || n > orders()) throw UsageError("n-grams: there is no order " + std::to_string(n));
  Reading reading = beginning(start);
  std::vector<double> p(levels_.size());
  for (const std::int32_t c : context) {
    check(c);
    read(reading, c, p.data());
  }
  check(w);
  read(reading, w, p.data());
  return p[static_cast<std::size_t>(n) - 1];
}

KneserNey::Losses KneserNey::losses(const TokenDocuments& text, bool first) const {
  Losses out{std::vector<double>(levels_.size(), 0), 0};
  std::vector<double> p(levels_.size());
  for (std::size_t i = 0; i + 1 < text.offsets.size(); ++i) {
    Reading reading = beginning(true);
    for (std::int64_t t = text.offsets[i]; t < text.offsets[i + 1]; ++t) {
      const std::int32_t w = text.tokens[static_cast<std::size_t>(t)];
      check(w);
      read(reading, w, p.data());
      if (t == text.offsets[i] && !first) continue;
      ++out.tokens;
      for (std::size_t n = 0; n < p.size(); ++n) out.sum[n] -= std::log(p[n]);
    }
  }
  return out;
}

std::size_t KneserNey::bytes() const {
  std::size_t all = 0;
  for (const Level& level : levels_) {
    all += level.grams.bytes();
    for (const Use use : {highest, lower})
      all += level.count[use].capacity() * 4 + level.contexts[use].capacity() * sizeof(Context);
  }
  return all;
}

}  // namespace tubal
