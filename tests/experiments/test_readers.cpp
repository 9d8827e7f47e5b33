// Writes the made-up study where the environment says, for readers in other languages (read_study.py).
#include <catch2/catch.hpp>
#include <cstdlib>

#include "core/hdf5.hpp"
#include "tests/sample_study.hpp"

TEST_CASE("write the sample study", "[.]") {
  const char* folder = std::getenv("TUBAL_SAMPLE");
  REQUIRE(folder != nullptr);
  CHECK(std::filesystem::exists(tubal::write_sample_study(folder) / "study.h5"));
}
