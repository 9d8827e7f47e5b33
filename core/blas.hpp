// Matrix products by OpenBLAS, one BLAS thread a caller.
#pragma once
#include <complex>
#include <string>

#include "core/matrix_view.hpp"

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
/// Whether OpenBLAS is its serial variant: it hands out its buffers without a lock, so that two threads that
/// call it at once get wrong products, and no error.
bool blas_takes_one_thread();
/// Version, variant and kernels in use: "OpenBLAS 0.3.21 (pthread, SkylakeX)".
std::string blas_name();
/// The kernels in use, as OpenBLAS names them, such as "SkylakeX".
std::string blas_kernels();

/// C = alpha A B + beta C. Throws Error where the shapes do not fit.
void gemm(float alpha, Operand<float> A, Operand<float> B, float beta, MatrixView<float> C);
void gemm(double alpha, Operand<double> A, Operand<double> B, double beta, MatrixView<double> C);
void gemm(std::complex<float> alpha, Operand<std::complex<float>> A, Operand<std::complex<float>> B,
          std::complex<float> beta, MatrixView<std::complex<float>> C);
void gemm(std::complex<double> alpha, Operand<std::complex<double>> A, Operand<std::complex<double>> B,
          std::complex<double> beta, MatrixView<std::complex<double>> C);

/// y += A x; x has A's columns, y its rows. For one row this reads A once, where gemm() copies it first.
void gemv(Operand<float> A, const float* x, float* y);
void gemv(Operand<double> A, const double* x, double* y);

}  // namespace tubal
