// The three matrix products of a linear map y = u W^T + bias, of one block: in T, or on bfloat16 numbers
// where the pass has its weights rounded (float alone). Rows of u and y are ldu and ldy apart; W [out, in] at
// `weight` in the arena.
#pragma once
#include "layers/encoder.hpp"

namespace tubal {

/// Buffers of a group hold a multiple of this many rows: products on bfloat16 numbers write whole pieces, so
/// that few shapes occur. Rows behind the group's last hold no meaning.
inline constexpr std::size_t row_piece = 64;
inline std::size_t whole_pieces(std::size_t rows) { return (rows + row_piece - 1) / row_piece * row_piece; }

/// y = u W^T + bias [out], no bias: null. y [tokens, out].
template <class T>
void output_product(const Pass<T>& pass, std::size_t tokens, std::size_t out, std::size_t in, const T* u,
                    std::size_t ldu, std::size_t weight, const T* bias, T* y, std::size_t ldy);
/// du = dy W. du [tokens, in].
template <class T>
void input_product(const Pass<T>& pass, std::size_t tokens, std::size_t out, std::size_t in, const T* dy,
                   std::size_t lddy, std::size_t weight, T* du, std::size_t lddu);
/// dW += dy^T u, dW [out, in].
template <class T>
void weight_product(const Pass<T>& pass, std::size_t tokens, std::size_t out, std::size_t in, const T* dy,
                    std::size_t lddy, const T* u, std::size_t ldu, T* dW);

}  // namespace tubal
