// A matrix inside wider rows: how products take their operands.
#pragma once
#include <cstddef>

namespace tubal {

template <class T>
struct MatrixView {
  T* data = nullptr;
  std::size_t rows = 0, columns = 0,
              stride = 0;  // stride: elements from row to row; 0: one row, again and again

  operator MatrixView<const T>() const { return {data, rows, columns, stride}; }
};

/// Columns begin .. begin + columns - 1 of row-major data whose rows are `stride` long.
template <class T>
MatrixView<T> columns_of(T* data, std::size_t rows, std::size_t stride, std::size_t begin,
                         std::size_t columns) {
  return {data + begin, rows, columns, stride};
}

}  // namespace tubal
