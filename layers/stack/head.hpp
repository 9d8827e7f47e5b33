// Heads: the stream behind the last layer to logits and losses, and in training back to the stream at once,
// so that no logits outlive their block of rows.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "layers/stack/sublayer.hpp"

namespace tubal {

/// What a head is called with: a group of sequences. Rows of losses, hits and logits are those of the whole
/// batch, one a sequence or one a token.
template <class T>
struct HeadFrame {
  std::span<const Sequence> sequences;
  std::size_t tokens = 0;
  Weights<T> weights;
  T* gradient = nullptr;                                     // null: evaluation
  Weights<T> embedding;                                      // [V, d], which a tied head shares
  T* d_embedding = nullptr;                                  // [V, d], to be added to
  const TubeMap<T>* exit = nullptr;                          // from the stream to the original domain
  double* d_exit = nullptr;                                  // [p, p]; null: nobody asks
  const std::int32_t *labels = nullptr, *targets = nullptr;  // [B], [T]; a target below 0: none
  double share = 0;                                          // of one loss in the mean
  const T* x = nullptr;                                      // [tokens, d]
  T* dx = nullptr;                                           // d (mean loss) / dx; null: evaluation
  double* losses = nullptr;      // cross-entropy, natural log; 0 where there is no target
  std::uint8_t* hits = nullptr;  // whether the largest logit is the right one
  T* logits = nullptr;           // null: nobody asks
  T* scratch = nullptr;
};

class Head {
 public:
  virtual ~Head() = default;
  /// Losses are those of tokens, not of sequences.
  virtual bool by_token() const { return false; }
  /// Logits a row.
  virtual std::size_t outputs() const = 0;
  /// The gradient of the token embedding is dense.
  virtual bool shares_embedding() const { return false; }
  virtual std::size_t scratch() const = 0;
  /// A row's linear map.
  virtual MatrixProduct product() const = 0;
  virtual void run(const HeadFrame<float>& frame) const = 0;
  virtual void run(const HeadFrame<double>& frame) const = 0;
};

struct HeadSite {
  const ModelConfig& config;
  std::size_t vocabulary, classes, p, m;
  ParameterList& parameters;
};

std::unique_ptr<Head> make_classifier(const HeadSite& site);
std::unique_ptr<Head> make_language_head(const HeadSite& site);

}  // namespace tubal
