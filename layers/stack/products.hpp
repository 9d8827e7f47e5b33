// The three matrix products of a linear map y = u W^T + bias: in T, or on bfloat16 numbers where its weights
// are given rounded (float alone).
#pragma once
#include "core/bfloat16.hpp"
#include "core/matrix_view.hpp"

namespace tubal {

/// Buffers of a group hold a multiple of this many rows: products on bfloat16 numbers write whole pieces, so
/// that few shapes occur. Rows behind the group's last hold no meaning.
inline constexpr std::size_t row_piece = 64;
inline std::size_t whole_pieces(std::size_t rows) { return (rows + row_piece - 1) / row_piece * row_piece; }

/// Parameters as the layers multiply by them.
template <class T>
struct Weights {
  const T* values = nullptr;
  const Bfloat16* rounded = nullptr;  // the same numbers in bfloat16, where products are to run on such

  Weights from(std::size_t place) const { return {values + place, rounded ? rounded + place : nullptr}; }
};

/// y = u W^T + bias, W [y.columns, u.columns]; no bias: null.
template <class T>
void output_product(MatrixView<const T> u, Weights<T> W, const T* bias, MatrixView<T> y);
/// du = dy W; `add`: du += dy W.
template <class T>
void input_product(MatrixView<const T> dy, Weights<T> W, MatrixView<T> du, bool add = false);
/// dW += dy^T u, dW [dy.columns, u.columns] contiguous; `rounded`: on bfloat16 numbers.
template <class T>
void weight_product(MatrixView<const T> dy, MatrixView<const T> u, T* dW, bool rounded);

}  // namespace tubal
