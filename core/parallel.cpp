#include "core/parallel.hpp"

#include <omp.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "core/blas.hpp"
#include "core/cores.hpp"

namespace tubal {

int allowed_cores() { return find_cores().count; }

int usable_threads(int threads) { return blas_takes_one_thread() ? std::min(1, threads) : threads; }

namespace {

using Piece = std::function<void(std::size_t, int)>;

// Pieces to whichever thread is free. ThreadSanitizer does not see GCC's OpenMP begin and join threads, and
// would take every region for a race: under it the threads are those of the language.
#ifdef __SANITIZE_THREAD__
void share(std::size_t n, int threads, const Piece& piece) {
  std::atomic<std::size_t> next{0};
  std::vector<std::jthread> team;
  for (int t = 0; t < threads; ++t)
    team.emplace_back([&, t] {
      for (std::size_t i; (i = next++) < n;) piece(i, t);
    });
}
#else
void share(std::size_t n, int threads, const Piece& piece) {
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
  for (std::size_t i = 0; i < n; ++i) piece(i, omp_get_thread_num());
}
#endif

}  // namespace

void parallel_for(std::size_t n, int threads, const std::function<void(std::size_t, int)>& f) {
  threads = usable_threads(threads);
  threads = static_cast<int>(std::min<std::size_t>(std::max(1, threads), std::max<std::size_t>(1, n)));
  if (threads == 1) {
    for (std::size_t i = 0; i < n; ++i) f(i, 0);
    return;
  }
  std::exception_ptr failure;
  std::mutex failing;
  share(n, threads, [&](std::size_t i, int thread) {
    try {
      f(i, thread);
    } catch (...) {
      const std::lock_guard lock(failing);
      if (!failure) failure = std::current_exception();
    }
  });
  if (failure) std::rethrow_exception(failure);
}

}  // namespace tubal
