// What a Model consists of; for the files model*.cpp alone.
#pragma once
#include <algorithm>
#include <numeric>
#include <vector>

#include "core/parallel.hpp"
#include "layers/complex_weights.hpp"
#include "layers/encoder.hpp"
#include "layers/groups.hpp"
#include "layers/initialisation.hpp"
#include "layers/model.hpp"

namespace tubal {

template <class T>
struct Model<T>::Impl {
  Structure s;
  int threads;
  Zeros<T> values, first, second;  // parameter arena: dense parameters, token embedding
  std::vector<T> chained;          // gradient of the dense parameters, only with complex slices
  Mixing<T> mixing;
  bool bfloat16 = false;
  std::vector<Bfloat16> rounded;  // effective weights, where linear maps run on such numbers
  std::vector<T> effective;       // only with complex slices; else the arena's head serves
  std::vector<Lane<T>> lanes;
  std::vector<Workspace<T>> workers;
  Buffer<T> token_gradient;              // [T, d]
  std::vector<T> row_gradient;           // [distinct tokens, d]
  std::vector<std::int32_t> rows, slot;  // distinct tokens; slot of each vocabulary entry or -1
  std::vector<T> embedding_gradient;     // [V, d], made when asked for
  std::vector<double> losses;
  std::vector<std::int32_t> predictions;

  Impl(const ModelConfig& config, int vocabulary, int classes, std::uint64_t seed, int n)
      : s(config, vocabulary, classes),
        threads(std::max(1, n)),
        values(s.arena_size()),
        first(s.arena_size()),
        second(s.arena_size()),
        chained(s.has_complex ? s.dense_size : 0, T(0)),
        lanes(1),
        slot(s.V, -1) {
    initialise(s, seed, values.data(), threads);
  }

  T* embedding() { return values.data() + s.dense_size; }
  /// Of the dense parameters: what the first lane has added up, unless complex weights stand between.
  T* gradient() { return s.has_complex ? chained.data() : lanes[0].gradient.data(); }

  /// Everything that the parameters determine: maps along tubes, position table, effective weights.
  const T* prepare(const SliceFactors* factors = nullptr) {
    build_mixing(s, values.data(), mixing, factors);
    if (workers.size() < static_cast<std::size_t>(threads)) workers.resize(threads);
    const T* weights = values.data();
    if (s.has_complex) {
      effective.resize(s.effective_size);
      to_effective(s, values.data(), effective.data());
      weights = effective.data();
    }
    if constexpr (std::is_same_v<T, float>)
      if (bfloat16) {
        rounded.resize(s.effective_size);
        constexpr std::size_t piece = 1 << 16;
        parallel_for((s.effective_size + piece - 1) / piece, threads, [&](std::size_t i, int) {
          const std::size_t begin = i * piece, n = std::min(piece, s.effective_size - begin);
          to_bfloat16(weights + begin, n, rounded.data() + begin, n, 1, n);
        });
      }
    return weights;
  }

  Pass<T> make_pass(const Batch& batch, const T* weights) {
    check_batch(s, batch);
    losses.assign(batch.size(), 0);
    predictions.assign(batch.size(), 0);
    Pass<T> pass{s, mixing, weights, embedding(), batch};
    pass.losses = losses.data(), pass.predictions = predictions.data();
    if (bfloat16) pass.rounded = rounded.data();
    return pass;
  }

  // Every group through the model, without what training needs.
  void look(const Pass<T>& pass) {
    const std::vector<Group> groups = cut_into_groups(s, pass.batch);
    std::size_t most = 0;
    for (const Group& g : groups) most = std::max(most, g.T);
    parallel_for(groups.size(), threads, [&](std::size_t i, int worker) {
      workers[worker].reserve(s, most, false, false);
      forward(pass, groups[i], workers[worker]);
    });
  }

  BatchResult result(const Batch& batch) const {
    BatchResult r;
    r.loss = std::accumulate(losses.begin(), losses.end(), 0.0) / static_cast<double>(batch.size());
    for (std::size_t b = 0; b < batch.size(); ++b) r.correct += predictions[b] == batch.labels[b];
    return r;
  }

  // model_gradient.cpp
  void reset(Lane<T>& lane);
  void reduce(std::size_t used);
  void reduce_embedding(const Batch& batch);
  std::size_t dense_head() const;

  // model_update.cpp
  double gradient_norm();
  void adamw(const AdamWSettings& a, std::int64_t t, T clip);
};

}  // namespace tubal
