#include "core/parallel.hpp"

#include <omp.h>

#include <algorithm>
#include <exception>
#include <mutex>

#include "core/cores.hpp"

namespace tubal {

int allowed_cores() { return find_cores().count; }

void parallel_for(std::size_t n, int threads, const std::function<void(std::size_t, int)>& f) {
  threads = static_cast<int>(std::min<std::size_t>(std::max(1, threads), std::max<std::size_t>(1, n)));
  if (threads == 1) {
    for (std::size_t i = 0; i < n; ++i) f(i, 0);
    return;
  }
  std::exception_ptr failure;
  std::mutex failing;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
  for (std::size_t i = 0; i < n; ++i) {
    try {
      f(i, omp_get_thread_num());
    } catch (...) {
      const std::lock_guard lock(failing);
      if (!failure) failure = std::current_exception();
    }
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace tubal
