// Cores and memory as the system grants them.
#include <catch2/catch.hpp>

#include <atomic>
#include <chrono>

#include "core/blas.hpp"
#include "core/cores.hpp"
#include "core/files.hpp"
#include "core/parallel.hpp"
#include "tests/temporary.hpp"

using namespace tubal;

static void write(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::create_directories(file.parent_path());
  write_file(file, text);
}

TEST_CASE("allowed cores follow the cgroup's quota, versions 1 and 2, own and parent groups") {
  const AllowedCores here = find_cores();
  REQUIRE(here.count >= 1);
  CHECK(here.count <= static_cast<int>(here.cores.size()));
  const TemporaryFolder root;
  CHECK(find_cores(root.path).count == static_cast<int>(here.cores.size()));  // no cgroup at all
  write(root.path / "proc/self/cgroup", "0::/job/step\n");
  write(root.path / "sys/fs/cgroup/job/step/cpu.max", "max 100000\n");
  write(root.path / "sys/fs/cgroup/job/cpu.max", "50000 100000\n");
  CHECK(find_cores(root.path).count == 1);
  CHECK_THAT(find_cores(root.path).reason, Catch::Contains("0.5"));
  write(root.path / "sys/fs/cgroup/job/cpu.max", "150000 100000\n");
  CHECK(find_cores(root.path).count == 1);
  write(root.path / "sys/fs/cgroup/job/cpu.max", "max 100000\n");
  CHECK(find_cores(root.path).count == static_cast<int>(here.cores.size()));
  write(root.path / "proc/self/cgroup", "4:cpu,cpuacct:/job\n7:memory:/job\n");
  write(root.path / "sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us", "100000\n");
  write(root.path / "sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_period_us", "100000\n");
  CHECK(find_cores(root.path).count == 1);
  write(root.path / "sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us", "-1\n");
  CHECK(find_cores(root.path).count == static_cast<int>(here.cores.size()));
  CHECK(memory_kills(root.path) == -1);
  write(root.path / "sys/fs/cgroup/memory/job/memory.oom_control",
        "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n");
  CHECK(memory_kills(root.path) == 3);
  CHECK(allowed_cores() == find_cores().count);  // one count for all
}

TEST_CASE("threads: all that were asked for, and one where OpenBLAS is its serial variant") {
  const bool serial = blas_takes_one_thread();
  CHECK(usable_threads(4) == (serial ? 1 : 4));
  CHECK(usable_threads(1) == 1);
  std::atomic<int> inside{0}, together{0};
  parallel_for(4, 4, [&](std::size_t, int) {
    const int now = ++inside;
    if (now > together) together = now;
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(50);
    while (std::chrono::steady_clock::now() < end) {
    }
    --inside;
  });
  if (serial) CHECK(together == 1);
}
