// What one worker keeps while a group of sequences goes through the model, and what one
// lane of sequences adds up.
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/buffer.hpp"
#include "layers/model/maps.hpp"

namespace tubal {

/// The sequences that go through the model together: rows in the batch and here.
struct Group {
  std::vector<Sequence> sequences;
  std::size_t T = 0;        // tokens
  std::size_t longest = 0;  // of a sequence
};

/// What a workspace needs room for: the most tokens of a group, and of a sequence.
struct Extent {
  std::size_t tokens = 0, longest = 0;
  void cover(const std::vector<Group>& groups) {
    for (const Group& g : groups) {
      tokens = std::max(tokens, g.T);
      longest = std::max(longest, g.longest);
    }
  }
};

/// Kept at a junction (before step j, behind step j-1), rows of [T, ...].
template <class T>
struct JunctionState {
  Buffer<T> normalised, rstd;  // of its norm: n [T, d], [T, segments]
  Buffer<T> input;             // u of step j [T, d]
  Buffer<T> branch;            // y of step j-1 [T, d], where maps are learned
  Buffer<std::uint8_t> keep;   // dropout of the branch [T, d]
};

template <class T>
struct Workspace {
  std::vector<JunctionState<T>> junctions;
  std::vector<Buffer<T>> kept;  // of each step
  Buffer<T> x, dx;              // the stream and its gradient [T, d]
  Buffer<T> y, dy;              // a sub-layer's output and its gradient [T, d]
  Buffer<T> du;                 // the gradient of a sub-layer's input [T, d]
  Buffer<T> scratch;            // of the sub-layer, or head, that is running
  Buffer<T> rows;               // a few rows of d, where the encoder works between sub-layers
  Buffer<T> entered;            // the stream at the entry, where maps are learned
  Buffer<std::uint8_t> embedding_keep;
  std::size_t training_capacity = 0, evaluation_capacity = 0;  // tokens of a group that there is room for
  std::size_t longest = 0;                                     // tokens of a sequence
  bool learned = false;

  /// Room for such groups; `training`: states of all steps, else they share the first one's.
  void reserve(const Structure& s, const Extent& extent, bool training, bool learned);
  std::size_t capacity(bool training) const { return training ? training_capacity : evaluation_capacity; }
};

/// Gradients that one lane (a fixed part of the batch) adds up, in order.
template <class T>
struct Lane {
  Buffer<T> gradient;  // effective arena, then [V, d] of a head that shares the token embedding
  MapGradients<T> maps;
};

/// Rows at a time for element-wise work that should stay in the first-level cache.
inline std::size_t row_block(std::size_t d) { return d >= 2048 ? 2 : 4096 / d; }

}  // namespace tubal
