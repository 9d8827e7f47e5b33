// What one worker keeps while a group of sequences goes through the model, and what one lane of sequences
// adds up.
#pragma once
#include <cstdint>
#include <vector>

#include "core/buffer.hpp"
#include "layers/attention.hpp"
#include "layers/mixing.hpp"

namespace tubal {

/// The sequences that go through the model together: rows in the batch and here.
struct Group {
  struct Sequence {
    std::size_t index, batch_row, row, length;  // in the batch; first token in the batch and in the group
  };
  std::vector<Sequence> sequences;
  std::size_t T = 0;  // tokens
};

/// Kept at a junction (before sub-layer j, after sub-layer j-1), all [T, ...].
template <class T>
struct JunctionState {
  Buffer<T> normalised, rstd, input,
      branch;                 // n [T,d], [T,segments], u [T,d]; y [T,d] where maps are learned
  Buffer<std::uint8_t> keep;  // [T,d]
};

template <class T>
struct LayerState {
  Buffer<T> qkv, attended, log_sum_exp, hidden;  // [T,3d], [T,d], [heads, T], [T,rd]
};

template <class T>
struct Workspace {
  std::vector<JunctionState<T>> junctions;
  std::vector<LayerState<T>> layers;
  Buffer<T> x, dx, y, dy, du, wide, dwide, middle,
      rows;           // stream, its gradient, sub-layer outputs, FFN temporaries
  Buffer<T> entered;  // the stream at the entry, where maps are learned
  Buffer<std::uint8_t> embedding_keep;
  std::vector<T> pooled, mapped, logits, dlogits, dpooled;
  AttentionScratch<T> attention;
  std::size_t capacity = 0, training_capacity = 0;  // tokens that there is room for; in a training step

  /// Room for T tokens; `training`: states of all layers, else they share one.
  void reserve(const Structure& s, std::size_t tokens, bool training, bool learned);
};

/// Gradients that one lane (a fixed part of the batch) adds up, in order.
template <class T>
struct Lane {
  Buffer<T> gradient;        // effective arena
  std::vector<T> positions;  // [max_length, d] where wanted
  MapGradients maps;
};

}  // namespace tubal
