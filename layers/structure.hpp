// Where everything of a model lies: blocks of a spectral row, segments of a norm, and the offsets of
// parameters.
//
// A spectral row [d] is cut into blocks, one a spectral slice: real slices (width m), then complex ones (re,
// im: 2m). A complex map W = Wr + i Wi acts on a block as the real matrix [[Wr, -Wi], [Wi, Wr]], so that the
// layers see real blocks only ("effective" weights). Inside q, k, v the rows of a complex block are ordered
// head by head (re, im), which makes Re(q k^H) the plain dot product of a head of width 2e.
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "layers/model_config.hpp"

namespace tubal {

struct Block {
  std::size_t offset = 0, width = 0;      // in the spectral row
  std::size_t heads = 1, head_width = 0;  // head_width = width / heads
  bool complex = false;
  int bin = 0;
};

/// One linear map of one layer: offsets of each block's effective weight [ratio_out w, ratio_in w] and bias.
struct LinearOffsets {
  std::vector<std::size_t> weight, bias;
};

struct LayerOffsets {
  LinearOffsets qkv, output, expand, contract;  // qkv: [3w, w], rows q then k then v
  std::size_t gain[2], bias[2];                 // attention norm, feed-forward norm: [d] each
};

/// A parameter as files name it.
struct ParameterEntry {
  std::string name;
  std::vector<std::size_t> shape;
  std::size_t offset = 0, outer_stride = 0;  // in the parameter arena
  bool matrix = false;                       // takes weight decay by default
  int bin = -1;                              // the first slice's bin for per-slice learning rates; -1: none
  std::vector<int> bins;                     // bin of each index of axis 0 (encoder maps only)
  std::size_t size() const;
};

/// A complex map: parameters [2, out, in] at `parameter`, effective [2 out, 2 in] at `effective`; in = 0: a
/// bias.
struct ComplexEntry {
  std::size_t parameter, effective, out, in;
  std::size_t out_head, in_head;  // complex head width where that side is ordered head by head, else 0
};
struct CopyEntry {
  std::size_t parameter, effective, count;
};

struct Structure {
  Structure(const ModelConfig& config, int vocabulary, int classes);

  ModelConfig config;
  std::size_t V, C, d, p, m, r, depth, heads;  // heads: over all blocks
  bool spectral_stream, post_norm;
  std::unique_ptr<Transform> transform;
  std::unique_ptr<TransformPlan> initial_plan;
  std::vector<Block> blocks;
  std::vector<std::size_t> segments;  // norm segments' begins, and d
  std::vector<double> frequencies;    // f of bin 0..n-1

  // Effective arena: layers, final norm, classifier. Equal to the head of the parameter arena without complex
  // slices.
  std::vector<LayerOffsets> layers;
  std::size_t final_gain = 0, final_bias = 0, classifier_weight = 0, classifier_bias = 0, effective_size = 0;
  bool has_complex = false;
  std::vector<ComplexEntry> complex_entries;
  std::vector<CopyEntry> copy_entries;

  // Parameter arena: dense parameters, then the token embedding [V, d].
  std::vector<ParameterEntry> parameters;
  std::size_t position_embedding = 0, scaling_gain = 0, scaling_count = 0, theta = 0, theta_count = 0,
              dense_size = 0;
  std::size_t arena_size() const { return dense_size + V * d; }
};

}  // namespace tubal
