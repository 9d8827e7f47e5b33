// The kernels for the processor that the whole program needs (x86-64-v3: AVX2 and FMA).
#define TUBAL_KERNELS_NAMESPACE base
#include "core/kernels/all.hpp"
