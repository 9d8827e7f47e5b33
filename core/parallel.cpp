#include "core/parallel.hpp"

#include <omp.h>
#include <sched.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <fstream>
#include <mutex>
#include <string>

namespace tubal {

namespace {

// Cores that a cgroup quota grants, or a large number. cgroup v2: "max 100000" or "150000 100000" in cpu.max;
// v1: two files.
double cgroup_cores() {
  double least = 1e9;
  std::ifstream self("/proc/self/cgroup");
  for (std::string line; std::getline(self, line);) {
    std::string path = line.substr(std::min(line.size(), line.rfind(':') + 1));
    for (;; path = path.substr(0, path.rfind('/'))) {
      std::string quota;
      double period = 0;
      if (std::ifstream v2("/sys/fs/cgroup" + path + "/cpu.max");
          v2 >> quota >> period && quota != "max" && period > 0)
        least = std::min(least, std::stod(quota) / period);
      double q = 0;
      std::ifstream v1("/sys/fs/cgroup/cpu" + path + "/cpu.cfs_quota_us"),
          v1p("/sys/fs/cgroup/cpu" + path + "/cpu.cfs_period_us");
      if (v1 >> q && v1p >> period && q > 0 && period > 0) least = std::min(least, q / period);
      if (path.empty() || path == "/" || path.find('/') == std::string::npos) break;
    }
  }
  return least;
}

}  // namespace

std::vector<int> affinity() {
  cpu_set_t set;
  std::vector<int> cores;
  if (sched_getaffinity(0, sizeof set, &set) == 0)
    for (int i = 0; i < CPU_SETSIZE; ++i)
      if (CPU_ISSET(i, &set)) cores.push_back(i);
  if (cores.empty()) cores.push_back(0);
  return cores;
}

int allowed_cores() {
  const double cores = std::min(static_cast<double>(affinity().size()), cgroup_cores());
  return std::max(1, static_cast<int>(std::floor(cores + 1e-6)));
}

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
