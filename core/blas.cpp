#include "core/blas.hpp"

#include <cblas.h>
#include <dlfcn.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <mutex>
#include <set>
#include <sstream>
#include <vector>

#include "core/memory.hpp"

extern "C" char* openblas_get_corename();
extern "C" char* openblas_get_config();

namespace tubal {

namespace {

// One BLAS thread a caller: the parallelism is ours (over sequences), and nested pools would fight for the
// cores. Said again to a library that was not asked at load time (see getenv below).
const bool single_threaded = [] {
  openblas_set_num_threads(1);
  return true;
}();

bool processor_has_avx512() {
#if defined(__x86_64__)
  __builtin_cpu_init();  // also before this program's constructors have run
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#else
  return false;
#endif
}

bool is_intel() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_is("intel");
#else
  return false;
#endif
}

// Bytes of one of its buffers on x86-64, and what it needs to enter it.
constexpr std::size_t buffer_room = (128 << 20) + (8 << 20);
constexpr const char* buffer_purpose = " by OpenBLAS for the buffer of a thread";

bool room_for_buffer() {
  void* const tried = ::mmap(nullptr, buffer_room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (tried == MAP_FAILED) return false;
  ::munmap(tried, buffer_room);
  return true;
}

// The variant on OpenMP makes its buffer as it loads: where there is no room the program ends here, in words.
void end_without_room() {
  constexpr int openmp = 2;
  if (openblas_get_parallel() != openmp || !address_space_limit() || room_for_buffer()) return;
  const OutOfMemory error(buffer_room, buffer_purpose);
  for (const char* words : {"tubal: ", error.what(), "\n"})
    if (::write(STDERR_FILENO, words, std::strlen(words)) < 0) break;
  ::_exit(1);
}

}  // namespace

// What OpenBLAS asks while it loads, long before main(): its calls of getenv come here, because a program's
// own function goes before the C library's. Threads of its own it never starts: besides fighting for cores,
// under a limit on address space it waits for ever for those that could not be made. Kernels for AVX-512 it
// picks by itself on Intel's processors alone.
static const char* answer_to_blas(const char* name, const char* value) {
  if (!std::strcmp(name, "OPENBLAS_NUM_THREADS")) {
    end_without_room();
    return "1";
  }
  if (!std::strcmp(name, "OPENBLAS_CORETYPE") && !(value && *value))
    return !is_intel() && processor_has_avx512() ? "SKYLAKEX" : nullptr;
  return value;
}

bool blas_takes_one_thread() {
  static const bool serial = openblas_get_parallel() == 0;
  return serial;
}

std::string blas_kernels() { return openblas_get_corename(); }

std::string blas_name() {
  std::istringstream config(openblas_get_config());  // "OpenBLAS 0.3.21 NO_AFFINITY ..."
  std::string name, version;
  config >> name >> version;
  const int parallel = openblas_get_parallel();
  const char* variant = parallel == 0 ? "serial" : parallel == 1 ? "pthread" : "OpenMP";
  return name + " " + version + " (" + variant + ", " + blas_kernels() + ")";
}

void choose_blas_kernels(char** argv) {
  if (std::getenv("OPENBLAS_CORETYPE") || !processor_has_avx512()) return;
  for (const char* good : {"SkylakeX", "Cooperlake", "Sapphirerapids", "SapphireRapids"})
    if (blas_kernels() == good) return;
  setenv("OPENBLAS_CORETYPE", "SKYLAKEX", 1);
  execv("/proc/self/exe", argv);
  unsetenv("OPENBLAS_CORETYPE");
}

// OpenBLAS works in one buffer a caller, kept once it is made, and where the system has no room for a new one
// it asks again for ever. So, under a limit, each thread has its buffer made before its first call: a mapping
// of that size is tried, and the library is asked for buffers until it gives one that was not seen before.
static void make_blas_buffer() {
  if (!address_space_limit()) return;
  using Allocate = void* (*)(int);
  using Free = void (*)(void*);
  const auto allocate = reinterpret_cast<Allocate>(dlsym(RTLD_DEFAULT, "blas_memory_alloc"));
  const auto give_back = reinterpret_cast<Free>(dlsym(RTLD_DEFAULT, "blas_memory_free"));
  if (!allocate || !give_back) return;
  static std::mutex one_at_a_time;
  static std::set<void*> seen;
  const std::lock_guard lock(one_at_a_time);
  std::vector<void*> held;
  bool made = false, possible = true;
  while (!made && possible) {
    possible = room_for_buffer();
    if (!possible) break;
    held.push_back(allocate(0));
    made = seen.insert(held.back()).second;
  }
  for (void* buffer : held) give_back(buffer);
  if (!possible) throw OutOfMemory(buffer_room, buffer_purpose);
}

void reserve_blas() {
  thread_local bool reserved = false;
  if (reserved) return;
  make_blas_buffer();
  reserved = true;
}

// BLAS's own argument list: orders, sizes, then each matrix with its stride.
template <class T, class Routine>
static void call(Routine routine, T alpha, const Operand<T>& A, const Operand<T>& B, T beta,
                 const MatrixView<T>& C) {
  check_product(A, B, C);
  reserve_blas();
  const auto order = [](const Operand<T>& x) { return x.turned ? CblasTrans : CblasNoTrans; };
  routine(CblasRowMajor, order(A), order(B), C.rows, C.columns, A.columns(), alpha, A.matrix.data,
          A.matrix.stride, B.matrix.data, B.matrix.stride, beta, C.data, C.stride);
}

void gemm(float alpha, Operand<float> A, Operand<float> B, float beta, MatrixView<float> C) {
  call(cblas_sgemm, alpha, A, B, beta, C);
}
void gemm(double alpha, Operand<double> A, Operand<double> B, double beta, MatrixView<double> C) {
  call(cblas_dgemm, alpha, A, B, beta, C);
}

// BLAS takes complex factors by their address.
template <class T, class Routine>
static void call_complex(Routine routine, T alpha, const Operand<T>& A, const Operand<T>& B, T beta,
                         const MatrixView<T>& C) {
  const auto by_address = [&](auto major, auto a, auto b, auto M, auto N, auto K, T x, auto A_, auto lda,
                              auto B_, auto ldb, T y, auto C_,
                              auto ldc) { routine(major, a, b, M, N, K, &x, A_, lda, B_, ldb, &y, C_, ldc); };
  call(by_address, alpha, A, B, beta, C);
}

void gemm(std::complex<float> alpha, Operand<std::complex<float>> A, Operand<std::complex<float>> B,
          std::complex<float> beta, MatrixView<std::complex<float>> C) {
  call_complex(cblas_cgemm, alpha, A, B, beta, C);
}
void gemm(std::complex<double> alpha, Operand<std::complex<double>> A, Operand<std::complex<double>> B,
          std::complex<double> beta, MatrixView<std::complex<double>> C) {
  call_complex(cblas_zgemm, alpha, A, B, beta, C);
}

void gemv(Operand<float> A, const float* x, float* y) {
  reserve_blas();
  const MatrixView<const float>& a = A.matrix;
  cblas_sgemv(CblasRowMajor, A.turned ? CblasTrans : CblasNoTrans, a.rows, a.columns, 1, a.data, a.stride, x,
              1, 1, y, 1);
}
void gemv(Operand<double> A, const double* x, double* y) {
  reserve_blas();
  const MatrixView<const double>& a = A.matrix;
  cblas_dgemv(CblasRowMajor, A.turned ? CblasTrans : CblasNoTrans, a.rows, a.columns, 1, a.data, a.stride, x,
              1, 1, y, 1);
}

}  // namespace tubal

extern "C" char* getenv(const char* name) noexcept {
  const std::size_t n = std::strlen(name);
  const char* value = nullptr;
  for (char** entry = environ; entry && *entry && !value; ++entry)
    if (!std::strncmp(*entry, name, n) && (*entry)[n] == '=') value = *entry + n + 1;
  return const_cast<char*>(tubal::answer_to_blas(name, value));
}
