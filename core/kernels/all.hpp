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
constexpr Kernels<T> table = {
    .tube = tube<T>,
    .tube_gradient = tube_gradient<T>,
    .rotate_tree = rotate_tree<T>,
    .butterflies = butterflies<T>,
    .fill_rows = fill_rows<T>,
    .column_sum = column_sum<T>,
    .add = add<T>,
    .sum_of_squares = sum_of_squares<T>,
    .gelu = activate<Gelu, T>,
    .gelu_backward = activate_backward<Gelu, T>,
    .relu = activate<Relu, T>,
    .relu_backward = activate_backward<Relu, T>,
    .silu = activate<Silu, T>,
    .silu_backward = activate_backward<Silu, T>,
    .geglu = gate<Gelu, T>,
    .geglu_backward = gate_backward<Gelu, T>,
    .reglu = gate<Relu, T>,
    .reglu_backward = gate_backward<Relu, T>,
    .swiglu = gate<Silu, T>,
    .swiglu_backward = gate_backward<Silu, T>,
    .norm = norm<T>,
    .norm_backward = norm_backward<T>,
    .rms_norm = rms_norm<T>,
    .rms_norm_backward = rms_norm_backward<T>,
    .affine = affine<T>,
    .rotate = rotate<T>,
    .dropout = dropout<T>,
    .dropout_backward = dropout_backward<T>,
    .softmax = softmax<T>,
    .softmax_backward = softmax_backward<T>,
    .scale_rows = scale_rows<T>,
    .row_dots = row_dots<T>,
    .transpose = transpose<T>,
    .row_stride = row_stride<T>,
    .product = product<T>,
    .row_products = row_products<T>,
    .adamw = adamw<T>,
    .adamw_no_gradient = adamw_no_gradient<T>,
    .normals = normals<T>,
};

}  // namespace

const Kernels<float>& float_kernels() { return table<float>; }
const Kernels<double>& double_kernels() { return table<double>; }

}  // namespace tubal::TUBAL_KERNELS_NAMESPACE
