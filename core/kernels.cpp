#include "core/kernels.hpp"

#include <cstdlib>

namespace tubal {

namespace base {
const Kernels<float>& float_kernels();
const Kernels<double>& double_kernels();
}  // namespace base
#if defined(__x86_64__)
namespace avx512 {
const Kernels<float>& float_kernels();
const Kernels<double>& double_kernels();
}  // namespace avx512
#endif

static bool use_avx512() {
#if defined(__x86_64__)
  static const bool use = [] {
    const char* wish = std::getenv("TUBAL_KERNELS");
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512cd") && !(wish && std::string(wish) != "avx512");
  }();
  return use;
#else
  return false;
#endif
}

template <>
const Kernels<float>& kernels<float>() {
#if defined(__x86_64__)
  if (use_avx512()) return avx512::float_kernels();
#endif
  return base::float_kernels();
}
template <>
const Kernels<double>& kernels<double>() {
#if defined(__x86_64__)
  if (use_avx512()) return avx512::double_kernels();
#endif
  return base::double_kernels();
}

std::string kernel_set() {
#if defined(__x86_64__)
  return use_avx512() ? "avx512" : "avx2";
#else
  return "generic";
#endif
}

}  // namespace tubal
