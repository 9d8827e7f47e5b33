#include "core/blas.hpp"

#include <cblas.h>
#include <unistd.h>

#include <cstdlib>
#include <initializer_list>

extern "C" char* openblas_get_corename();

namespace tubal {

namespace {

// One BLAS thread a caller: the parallelism is ours (over sequences), and nested pools would fight for the
// cores.
const bool single_threaded = [] {
  openblas_set_num_threads(1);
  return true;
}();

bool processor_has_avx512() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#else
  return false;
#endif
}

}  // namespace

std::string blas_kernels() { return openblas_get_corename(); }

void choose_blas_kernels(char** argv) {
  if (std::getenv("OPENBLAS_CORETYPE") || !processor_has_avx512()) return;
  for (const char* good : {"SkylakeX", "Cooperlake", "Sapphirerapids", "SapphireRapids"})
    if (blas_kernels() == good) return;
  setenv("OPENBLAS_CORETYPE", "SKYLAKEX", 1);
  execv("/proc/self/exe", argv);
  unsetenv("OPENBLAS_CORETYPE");
}

static CBLAS_TRANSPOSE op(bool transpose) { return transpose ? CblasTrans : CblasNoTrans; }

void gemm(bool ta, bool tb, std::size_t M, std::size_t N, std::size_t K, float alpha, const float* A,
          std::size_t lda, const float* B, std::size_t ldb, float beta, float* C, std::size_t ldc) {
  cblas_sgemm(CblasRowMajor, op(ta), op(tb), M, N, K, alpha, A, lda, B, ldb, beta, C, ldc);
}

void gemm(bool ta, bool tb, std::size_t M, std::size_t N, std::size_t K, double alpha, const double* A,
          std::size_t lda, const double* B, std::size_t ldb, double beta, double* C, std::size_t ldc) {
  cblas_dgemm(CblasRowMajor, op(ta), op(tb), M, N, K, alpha, A, lda, B, ldb, beta, C, ldc);
}

}  // namespace tubal
