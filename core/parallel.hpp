// Worker threads. What a loop computes must not depend on which worker ran which index.
#pragma once
#include <cstddef>
#include <functional>

namespace tubal {

/// How many cores this process may use at once: find_cores() of core/cores.hpp.
int allowed_cores();

/// How many of them may work at once: 1 where OpenBLAS is its serial variant
/// (blas_takes_one_thread()), else all.
int usable_threads(int threads);

/// Calls f(index, worker) for each index in 0..n-1 on up to usable_threads(threads) workers, next free index
/// first. The first exception is thrown again in the caller, after all workers have ended.
void parallel_for(std::size_t n, int threads, const std::function<void(std::size_t index, int worker)>& f);

}  // namespace tubal
