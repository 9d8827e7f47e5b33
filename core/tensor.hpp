// The one header through which the project sees xtensor. Row-major, owning, concrete: a boundary takes and
// returns Tensor<T, N>, never a lazy expression (those dangle when the operands leave scope).
//
// Letters, everywhere in the project:
//   B  sequences in a batch        T  tokens, packed (no padding)     V  vocabulary     C  classes
//   d  width, d = p*m              p  tube length (original slices)   m  slice width
//   l  original slice, 0..p-1      k  spectral slice, 0..S-1          r  feed-forward ratio
//   h  head                        e  head width                      n  tokens of one sequence
#pragma once
#include <xtensor/xadapt.hpp>
#include <xtensor/xtensor.hpp>

#include <complex>
#include <cstddef>

namespace tubal {

template <class T, std::size_t N>
using Tensor = xt::xtensor<T, N>;

using Complex = std::complex<double>;

}  // namespace tubal
