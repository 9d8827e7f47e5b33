#include "core/kernels.hpp"

#include "core/environment.hpp"

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

#if defined(__x86_64__)
static bool has_avx512() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512cd");
}
#endif

#if defined(__AVX512F__)
static const char* const base_name = "native";  // TUBAL_MARCH: the compiler's own AVX-512
#elif defined(__AVX2__)
static const char* const base_name = "avx2";
#elif defined(__aarch64__)
static const char* const base_name = "neon";
#else
static const char* const base_name = "generic";
#endif

static bool use_avx512() {
#if defined(__x86_64__)
  static const bool use = [] {
    return has_avx512() && environment("TUBAL_KERNELS").value_or("avx512") == "avx512";
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

template <>
std::vector<KernelSet<float>> kernel_sets<float>() {
  std::vector<KernelSet<float>> sets = {{base_name, &base::float_kernels()}};
#if defined(__x86_64__)
  if (has_avx512()) sets.push_back({"avx512", &avx512::float_kernels()});
#endif
  return sets;
}
template <>
std::vector<KernelSet<double>> kernel_sets<double>() {
  std::vector<KernelSet<double>> sets = {{base_name, &base::double_kernels()}};
#if defined(__x86_64__)
  if (has_avx512()) sets.push_back({"avx512", &avx512::double_kernels()});
#endif
  return sets;
}

std::string kernel_set() { return use_avx512() ? "avx512" : base_name; }

}  // namespace tubal
