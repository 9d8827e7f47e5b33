// Interpolated Kneser-Ney n-gram models over token streams: what a language model has to beat.
//
// Chen and Goodman, "An empirical study of smoothing techniques for language modeling", Computer Speech and
// Language 13 (1999), with their three discounts an order:
//   P_n(w | c) = max(0, a(cw) - D(a(cw))) / A(c) + gamma(c) P_{n-1}(w | c'),   c' = c without its first
//   token,
// A(c) = sum_w a(cw), gamma(c) = sum_w D(a(cw)) / A(c), P_0 = 1 / vocabulary: no token has probability 0.
// In the highest order a(g) is how often g occurs, below it how many different tokens stand before g.
// A document's start counts as a token before its first one, so what begins with it keeps its count.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "experiments/training/pair_table.hpp"

namespace tubal {

/// Packed texts: document i is tokens[offsets[i] .. offsets[i+1]). Nothing is counted across their bounds.
struct TokenDocuments {
  std::span<const std::int32_t> tokens;   // 0 .. vocabulary-1
  std::span<const std::int64_t> offsets;  // documents + 1
};

/// The models of orders 1 .. orders, which share all but their highest order's counts.
class KneserNey {
 public:
  /// Throws UsageError for a token outside the vocabulary, or none at all.
  KneserNey(const TokenDocuments& train, std::int32_t vocabulary, int orders);
  int orders() const { return static_cast<int>(levels_.size()); }

  /// P(w | context) by the model of order n = 1 .. orders(). `start`: a document begins with the context.
  double probability(int n, std::span<const std::int32_t> context, bool start, std::int32_t w) const;

  /// -log P of all tokens, each given those before it in its document, one sum an order, nats.
  /// `first`: the tokens that begin documents count, too, given the start alone.
  struct Losses {
    std::vector<double> sum;  // [orders]
    std::int64_t tokens = 0;
  };
  Losses losses(const TokenDocuments& text, bool first = true) const;

  std::size_t bytes() const;  // of memory

 private:
  // a(g) and its discounts in the highest order of a model, and below it.
  enum Use { highest, lower };
  struct Context {
    double total = 0, discounted = 0;  // A(c), A(c) gamma(c)
  };
  // k-grams: context (a (k-1)-gram's number) and token. 1-grams are their tokens, the start is `vocabulary`.
  struct Level {
    PairTable grams;  // k > 1
    std::array<std::vector<std::uint32_t>, 2> count;
    std::array<std::array<double, 4>, 2> discount{};  // of counts 0, 1, 2, 3 and more
    std::array<std::vector<Context>, 2> contexts;
  };
  // How a document goes on: [k] is the number of the k-gram read last, -1: unseen or too near the start.
  using Reading = std::vector<std::int32_t>;

  void count(const TokenDocuments& train);
  void weigh();
  Reading beginning(bool start) const;
  std::int32_t gram(std::size_t k, std::int32_t context, std::int32_t w) const;
  double mixed(std::size_t k, Use use, std::int32_t context, std::int32_t gram, double below) const;
  /// P(w | what was read) of every order into `p`; the reading goes on by w.
  void read(Reading& reading, std::int32_t w, double* p) const;
  void check(std::int32_t w) const;

  std::int32_t vocabulary_;
  std::vector<Level> levels_;  // [k-1]
};

}  // namespace tubal
