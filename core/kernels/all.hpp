// The kernels' table, made once for each instruction set (kernels_base.cpp, kernels_avx512.cpp).
#pragma once
#include "core/kernels/activations.hpp"
#include "core/kernels/adamw.hpp"
#include "core/kernels/lanes.hpp"
#include "core/kernels/norm.hpp"
#include "core/kernels/products.hpp"
#include "core/kernels/random.hpp"
#include "core/kernels/rotation.hpp"
#include "core/kernels/rows.hpp"
#include "core/kernels/schemes.hpp"
#include "core/kernels/softmax.hpp"
#include "core/kernels/tubes.hpp"

namespace tubal::TUBAL_KERNELS_NAMESPACE {
namespace {

template <class T>
constexpr Kernels<T> table = {tube<T>,
                              tube_gradient<T>,
                              rotate_tree<T>,
                              butterflies<T>,

                              fill_rows<T>,
                              column_sum<T>,
                              add<T>,
                              sum_of_squares<T>,
                              activate<Gelu, T>,
                              activate_backward<Gelu, T>,
                              activate<Relu, T>,
                              activate_backward<Relu, T>,
                              activate<Silu, T>,
                              activate_backward<Silu, T>,
                              gate<Gelu, T>,
                              gate_backward<Gelu, T>,
                              gate<Relu, T>,
                              gate_backward<Relu, T>,
                              gate<Silu, T>,
                              gate_backward<Silu, T>,
                              norm<T>,
                              norm_backward<T>,
                              rms_norm<T>,
                              rms_norm_backward<T>,
                              affine<T>,
                              rotate<T>,
                              dropout<T>,
                              dropout_backward<T>,
                              softmax<T>,
                              softmax_backward<T>,
                              scale_rows<T>,
                              row_dots<T>,
                              transpose<T>,
                              row_stride<T>,
                              product<T>,
                              row_products<T>,
                              adamw<T>,
                              adamw_no_gradient<T>,
                              normals<T>};

}  // namespace

const Kernels<float>& float_kernels() { return table<float>; }
const Kernels<double>& double_kernels() { return table<double>; }

}  // namespace tubal::TUBAL_KERNELS_NAMESPACE
