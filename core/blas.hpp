// Matrix products by OpenBLAS, one BLAS thread a caller.
#pragma once
#include <cstddef>
#include <string>

namespace tubal {

/// Debian's OpenBLAS picks its Haswell kernels on processors newer than itself and loses half the speed on
/// those with AVX-512. Where OPENBLAS_CORETYPE is unset, a program with this file in it answers SKYLAKEX for
/// it on AMD's processors with AVX-512 (the choice is made while the library loads). Call first in main():
/// where slower kernels were picked all the same, the program starts itself again with SKYLAKEX set. Never
/// returns an error: when it cannot start again it goes on with what there is.
void choose_blas_kernels(char** argv);
/// Call before BLAS or LAPACK is called other than by gemm(). Under a limit on address space it makes the
/// calling thread's buffer in OpenBLAS, or throws OutOfMemory where the library would wait for ever.
void reserve_blas();
/// The kernels in use, as OpenBLAS names them, such as "SkylakeX".
std::string blas_kernels();

/// C [M, N] = alpha op(A) op(B) + beta C, row-major with row strides lda, ldb, ldc. op transposes where
/// asked; op(A) is [M, K], op(B) is [K, N].
void gemm(bool transpose_a, bool transpose_b, std::size_t M, std::size_t N, std::size_t K, float alpha,
          const float* A, std::size_t lda, const float* B, std::size_t ldb, float beta, float* C,
          std::size_t ldc);
void gemm(bool transpose_a, bool transpose_b, std::size_t M, std::size_t N, std::size_t K, double alpha,
          const double* A, std::size_t lda, const double* B, std::size_t ldb, double beta, double* C,
          std::size_t ldc);

}  // namespace tubal
