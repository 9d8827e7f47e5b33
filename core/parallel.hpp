// Worker threads. What a loop computes must not depend on which worker ran which index.
#pragma once
#include <cstddef>
#include <functional>
#include <vector>

namespace tubal {

/// Processors that this process may use: its affinity mask, capped by the cgroup's CPU quota (at least 1).
int allowed_cores();
/// The processors in the affinity mask, by number.
std::vector<int> affinity();

/// Calls f(index, worker) for each index in 0..n-1 on up to `threads` workers, next free index first. The
/// first exception is thrown again in the caller, after all workers have ended.
void parallel_for(std::size_t n, int threads, const std::function<void(std::size_t index, int worker)>& f);

}  // namespace tubal
