// Small dense matrices [p, p] in float64: what plans and gradients are made of.
#pragma once
#include "core/tensor.hpp"

namespace tubal {

using Matrix = Tensor<double, 2>;

Matrix identity_matrix(std::size_t p);
Matrix transposed(const Matrix& A);
/// A B.
Matrix product(const Matrix& A, const Matrix& B);
/// a A + b B.
Matrix combination(double a, const Matrix& A, double b, const Matrix& B);
/// LU with partial pivoting; throws std::runtime_error where A is exactly singular. As the next three, NaN
/// throughout where A is not finite.
Matrix inverse_matrix(const Matrix& A);
/// A^-1 B; std::runtime_error as above.
Matrix solve(const Matrix& A, const Matrix& B);
/// Descending singular values.
Tensor<double, 1> singular_values(const Matrix& A);
/// Q of A = Q R, Q orthogonal, R's diagonal positive.
Matrix orthogonal_factor(const Matrix& A);
/// exp(A) by scaling, a Taylor polynomial and squaring; relative error about 2^s eps, s =
/// log2 of A's largest row sum.
Matrix matrix_exponential(const Matrix& A);
/// The derivative of exp at A in direction E: the upper right block of exp [[A, E], [0, A]].
Matrix matrix_exponential_derivative(const Matrix& A, const Matrix& E);
/// max |A - B|; NaN where either holds one.
double largest_difference(const Matrix& A, const Matrix& B);

}  // namespace tubal
