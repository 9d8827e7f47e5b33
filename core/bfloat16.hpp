// Matrix products on bfloat16 numbers (8 bits of significand) with float accumulation, by oneDNN.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/matrix_view.hpp"

namespace tubal {

using Bfloat16 = std::uint16_t;  // the upper half of a float

/// "" where such products run at speed here; else why not: built without oneDNN, or a
/// processor without AVX512_BF16.
std::string why_no_bfloat16();

/// Rounds rows of n floats, ldx apart, to nearest, ties to even (relative error at most 2^-8); they lie ldy
/// apart in y. NaN stays NaN.
void to_bfloat16(const float* x, std::size_t ldx, Bfloat16* y, std::size_t ldy, std::size_t rows,
                 std::size_t n);

/// C = A B, or C += A B. Sums are float's. Each (shape, strides) costs a few milliseconds the first time that
/// a thread sees it. Runs on the calling thread alone. Throws Error where the shapes do not fit or
/// why_no_bfloat16() is not "".
void gemm(Operand<Bfloat16> A, Operand<Bfloat16> B, bool accumulate, MatrixView<float> C);

}  // namespace tubal
