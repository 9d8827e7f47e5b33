// A matrix inside wider rows: how products and kernels on rows take their operands.
#pragma once
#include <cstddef>
#include <type_traits>

namespace tubal {

template <class T>
struct MatrixView {
  T* data = nullptr;
  std::size_t rows = 0, columns = 0;
  std::size_t stride = 0;  // elements from row to row; 0: one row, again and again

  operator MatrixView<const T>() const { return {data, rows, columns, stride}; }
};

/// Rows side by side.
template <class T>
MatrixView<T> contiguous(T* data, std::size_t rows, std::size_t columns) {
  return {data, rows, columns, columns};
}
template <class T>
MatrixView<T> rows_of(MatrixView<T> x, std::size_t begin, std::size_t count) {
  return {x.data + begin * x.stride, count, x.columns, x.stride};
}
template <class T>
MatrixView<T> columns_of(MatrixView<T> x, std::size_t begin, std::size_t count) {
  return {x.data + begin, x.rows, count, x.stride};
}

/// What a product reads: a matrix, or the transpose of one where it lies.
template <class T>
struct Operand {
  MatrixView<const T> matrix;
  bool turned = false;

  Operand(MatrixView<const T> x, bool turned_ = false) : matrix(x), turned(turned_) {}
  Operand(MatrixView<T> x) : matrix(x) {}
  std::size_t rows() const { return turned ? matrix.columns : matrix.rows; }
  std::size_t columns() const { return turned ? matrix.rows : matrix.columns; }
};
template <class T>
Operand<std::remove_const_t<T>> transposed(MatrixView<T> x) {
  return {x, true};
}

[[noreturn]] void shapes_do_not_fit(std::size_t a_rows, std::size_t a_columns, std::size_t b_rows,
                                    std::size_t b_columns, std::size_t c_rows, std::size_t c_columns);
/// Throws Error where A B has not C's shape.
template <class T, class U>
void check_product(const Operand<T>& A, const Operand<T>& B, const MatrixView<U>& C) {
  if (A.columns() != B.rows() || A.rows() != C.rows || B.columns() != C.columns)
    shapes_do_not_fit(A.rows(), A.columns(), B.rows(), B.columns(), C.rows, C.columns);
}

}  // namespace tubal
