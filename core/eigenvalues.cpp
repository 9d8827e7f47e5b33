#include "core/eigenvalues.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/error.hpp"

extern "C" void dsyev_(const char* jobz, const char* uplo, const int* n, double* a, const int* lda, double* w,
                       double* work, const int* lwork, int* info);

namespace tubal {

void symmetric_eigenvalues(std::size_t n, double* A, double* values) {
  if (!std::all_of(A, A + n * n, [](double x) { return std::isfinite(x); }))
    throw Error("eigenvalues were asked of a matrix that holds NaN or infinity");
  const int order = static_cast<int>(n), size = 66 * order;  // room for blocks of 64
  std::vector<double> work(static_cast<std::size_t>(std::max(1, size)));
  int info = 0;
  if (n > 0) dsyev_("N", "U", &order, A, &order, values, work.data(), &size, &info);
  if (info != 0) throw Error("LAPACK found no eigenvalues (dsyev: info " + std::to_string(info) + ")");
}

}  // namespace tubal
