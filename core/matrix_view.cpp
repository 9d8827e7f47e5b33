#include "core/matrix_view.hpp"

#include <string>

#include "core/error.hpp"

namespace tubal {

void shapes_do_not_fit(std::size_t a_rows, std::size_t a_columns, std::size_t b_rows, std::size_t b_columns,
                       std::size_t c_rows, std::size_t c_columns) {
  const auto shape = [](std::size_t rows, std::size_t columns) {
    return "[" + std::to_string(rows) + ", " + std::to_string(columns) + "]";
  };
  throw Error("the product of " + shape(a_rows, a_columns) + " and " + shape(b_rows, b_columns) +
              " was to be " + shape(c_rows, c_columns));
}

}  // namespace tubal
