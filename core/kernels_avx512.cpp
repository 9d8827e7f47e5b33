// The kernels for AVX-512 (x86-64-v4); chosen at run time, see kernels.cpp.
#ifdef __AVX512F__
#define TUBAL_KERNELS_NAMESPACE avx512
#include "core/kernels/all.hpp"
#endif
