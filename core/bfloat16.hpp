// Matrix products on bfloat16 numbers (8 bits of significand) with float accumulation, by oneDNN.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

namespace tubal {

using Bfloat16 = std::uint16_t;  // the upper half of a float

/// "" where such products run at speed here; else why not: built without oneDNN, or a processor without
/// AVX512_BF16.
std::string why_no_bfloat16();

/// Rounds rows of n floats, ldx apart, to nearest, ties to even (relative error at most 2^-8); they lie ldy
/// apart in y. NaN stays NaN.
void to_bfloat16(const float* x, std::size_t ldx, Bfloat16* y, std::size_t ldy, std::size_t rows,
                 std::size_t n);

/// C = op(A) op(B), or C += op(A) op(B); row-major, op(A) [M, K], op(B) [K, N], C [M, N] float. Sums are
/// float's. Each (shape, strides) costs a few milliseconds the first time that a thread sees it. Runs on the
/// calling thread alone. Throws Error where why_no_bfloat16() is not "".
void gemm(bool transpose_a, bool transpose_b, std::size_t M, std::size_t N, std::size_t K, const Bfloat16* A,
          std::size_t lda, const Bfloat16* B, std::size_t ldb, bool accumulate, float* C, std::size_t ldc);

}  // namespace tubal
