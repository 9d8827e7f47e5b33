// What a Model consists of; for the files of this folder alone.
#pragma once
#include <algorithm>
#include <numeric>
#include <vector>

#include "core/error.hpp"
#include "core/parallel.hpp"
#include "layers/model.hpp"
#include "layers/model/encoder.hpp"
#include "layers/model/groups.hpp"
#include "layers/model/initialisation.hpp"

namespace tubal {

template <class T>
struct Model<T>::Impl {
  Structure s;
  int threads;
  Zeros<T> values, first, second;  // parameter arena: dense parameters, token embedding
  std::vector<T> chained;          // gradient of the dense parameters, only with complex slices
  Maps<T> maps;
  bool bfloat16 = false;          // linear maps run on such numbers:
  std::vector<Bfloat16> rounded;  // effective weights, and an embedding that the head shares
  std::vector<T> effective;       // only with complex slices; else the arena's head serves
  std::vector<Lane<T>> lanes;
  std::vector<Workspace<T>> workers;
  Buffer<T> token_gradient;              // [T, d]
  std::vector<T> row_gradient;           // [distinct tokens, d]
  std::vector<std::int32_t> rows, slot;  // distinct tokens; slot of each vocabulary entry or -1
  std::vector<T> embedding_gradient;     // [V, d], made when asked for
  std::vector<double> losses;
  std::vector<std::uint8_t> hits;
  Observer<T>* observer = nullptr;  // of the passes to come

  Impl(const ModelConfig& config, int vocabulary, int classes, std::uint64_t seed, int n)
      : s(config, vocabulary, classes),
        threads(std::max(1, n)),
        values(s.arena_size()),
        first(s.arena_size()),
        second(s.arena_size()),
        chained(s.parameters.has_complex() ? s.dense_size : 0, T(0)),
        lanes(1),
        slot(s.V, -1) {
    initialise(s, seed, values.data(), threads);
  }

  /// The token embedding, also rounded where the head multiplies by it on such numbers.
  Weights<T> embedding() const {
    const T* own = values.data() + s.dense_size;
    return {own, bfloat16 && s.head->shares_embedding() ? rounded.data() + s.effective_size() : nullptr};
  }
  /// Of the dense parameters: what the first lane has added up, unless complex weights stand between.
  T* gradient() { return s.parameters.has_complex() ? chained.data() : lanes[0].gradient.data(); }
  /// Of the token embedding [V, d], where the head shares it; else null: only the batch's rows have one.
  T* shared_gradient() {
    return s.head->shares_embedding() ? lanes[0].gradient.data() + s.shared_gradient() : nullptr;
  }
  std::size_t lane_size() const { return s.shared_gradient() + (s.head->shares_embedding() ? s.V * s.d : 0); }

  /// Everything that the parameters determine: maps along tubes, positions, effective weights.
  Weights<T> prepare(const SliceFactors* factors = nullptr) {
    maps.build(s, values.data(), factors);
    if (workers.size() < static_cast<std::size_t>(threads)) workers.resize(threads);
    Weights<T> weights{values.data(), nullptr};
    const std::size_t size = s.effective_size();
    if (s.parameters.has_complex()) {
      effective.resize(size);
      s.parameters.to_effective(values.data(), effective.data());
      weights.values = effective.data();
    }
    if constexpr (std::is_same_v<T, float>)
      if (bfloat16) {
        rounded.resize(size + (s.head->shares_embedding() ? s.V * s.d : 0));
        const auto round = [&](const T* from, std::size_t count, Bfloat16* to) {
          constexpr std::size_t piece = 1 << 16;
          parallel_for((count + piece - 1) / piece, threads, [&](std::size_t i, int) {
            const std::size_t begin = i * piece, n = std::min(piece, count - begin);
            to_bfloat16(from + begin, n, to + begin, n, 1, n);
          });
        };
        round(weights.values, size, rounded.data());
        if (s.head->shares_embedding()) round(values.data() + s.dense_size, s.V * s.d, rounded.data() + size);
        weights.rounded = rounded.data();
      }
    return weights;
  }

  /// Losses of the batch: one a sequence, or one a token.
  std::size_t loss_count(const Batch& batch) const {
    return s.head->by_token() ? batch.tokens.size() : batch.size();
  }
  /// Those that count: tokens without a target do not.
  std::size_t counted(const Batch& batch) const {
    if (!s.head->by_token()) return batch.size();
    return static_cast<std::size_t>(
        std::count_if(batch.targets.begin(), batch.targets.end(), [](std::int32_t t) { return t >= 0; }));
  }

  Pass<T> make_pass(const Batch& batch, Weights<T> weights) {
    check_batch(s, batch);
    losses.assign(loss_count(batch), 0);
    hits.assign(loss_count(batch), 0);
    Pass<T> pass{s, maps, weights, embedding(), batch};
    pass.losses = losses.data();
    pass.hits = hits.data();
    pass.observer = observer;
    pass.share = 1.0 / static_cast<double>(std::max<std::size_t>(1, counted(batch)));
    return pass;
  }

  // Every group through the model, without what training needs.
  void look(const Pass<T>& pass) {
    const std::vector<Group> groups = cut_into_groups(s, pass.batch);
    Extent extent;
    extent.cover(groups);
    parallel_for(groups.size(), threads, [&](std::size_t i, int worker) {
      workers[worker].reserve(s, extent, false, false);
      tubal::evaluate(pass, groups[i], workers[worker]);
    });
  }

  BatchResult result(const Batch& batch) const {
    BatchResult r;
    r.counted = static_cast<long long>(counted(batch));
    r.loss = std::accumulate(losses.begin(), losses.end(), 0.0) /
             static_cast<double>(std::max<long long>(1, r.counted));
    r.correct = std::accumulate(hits.begin(), hits.end(), 0LL);
    return r;
  }

  /// One factor a slice of every L that they act on.
  void check_count(const SliceFactors& factors) const {
    for (std::size_t t = 0; t < s.transforms.size(); ++t) {
      const bool acts = factors.at == ScalingPlace::residual ||
                        t == (factors.at == ScalingPlace::input ? 0 : (s.depth - 1) % s.transforms.size());
      const std::size_t slices = s.transforms[t].slices.count();
      if (acts && factors.factor.size() != slices)
        throw UsageError("found " + std::to_string(factors.factor.size()) + " factors for " +
                         std::to_string(slices) + " slices");
    }
  }

  // gradient.cpp
  void reset(Lane<T>& lane);
  void reduce(std::size_t used);
  void reduce_embedding(const Batch& batch);

  // update.cpp
  double gradient_norm();
  void adamw(const AdamWSettings& a, std::int64_t t, T clip);
};

}  // namespace tubal
