// libFuzzer on one line of the table: FUZZ_TARGET=journal libfuzzer CORPUS... (long.sh drives it). Built by
// clang with TUBAL_SANITIZE=fuzzer-no-link,address (CMakeLists.txt, preset `fuzz`).
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "core/blas.hpp"
#include "targets.hpp"
#include "tests/temporary.hpp"

namespace {

const tubal::fuzz::Target* target;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char*** argv) {
  tubal::choose_blas_kernels(*argv);
  const char* asked = std::getenv("FUZZ_TARGET");
  const std::string name = asked ? asked : "";
  for (const auto& t : tubal::fuzz::targets())
    if (t.name == name) target = &t;
  if (target) return 0;
  std::fprintf(stderr, "FUZZ_TARGET=%s: no such target; there are", name.c_str());
  for (const auto& t : tubal::fuzz::targets()) std::fprintf(stderr, " %s", t.name.c_str());
  std::fprintf(stderr, "\n");
  std::exit(2);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const tubal::TemporaryFolder room{std::filesystem::path("/dev/shm")};
  tubal::fuzz::try_bytes(*target, room.path.string(), std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
