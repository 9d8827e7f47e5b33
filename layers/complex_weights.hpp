// Complex maps as real ones: effective weights from parameters, and parameters' gradients from effective
// ones.
#pragma once
#include "layers/structure.hpp"

namespace tubal {

/// [Wr, Wi] to [[Wr, -Wi], [Wi, Wr]], rows and columns head by head where the entry says so; copies the rest.
template <class T>
void to_effective(const Structure& s, const T* parameters, T* effective);
/// The adjoint: dWr = g_rr + g_ii, dWi = g_ir - g_ri. Writes every dense encoder and classifier gradient.
template <class T>
void from_effective(const Structure& s, const T* effective_gradient, T* gradient);

}  // namespace tubal
