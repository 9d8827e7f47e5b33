// Activations by name, as functions of rows: plain ones y = act(x), rows [n];
// gated ones y = act(a) b, rows [a, b] [2, n].
#pragma once
#include <cstddef>

#include "layers/choices.hpp"

namespace tubal {

bool gated(Activation activation);

/// y [rows, n].
template <class T>
void activate(Activation activation, const T* x, T* y, std::size_t rows, std::size_t n);
/// y again, and dx from dy. In place: of plain ones y may be x and dx dy, of gated ones y may be dy and dx x.
template <class T>
void activate_backward(Activation activation, const T* x, const T* dy, T* y, T* dx, std::size_t rows,
                       std::size_t n);

}  // namespace tubal
