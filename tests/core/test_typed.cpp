// Studies and trials as they are typed.
#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/typed.hpp"
#include "tests/temporary.hpp"

using namespace tubal;
using Catch::Contains;
using Words = std::vector<std::string>;
namespace fs = std::filesystem;

static void make_study(const fs::path& folder, const char* file) {
  fs::create_directories(folder);
  write_file(folder / file, "");
}

TEST_CASE("a study is found by name and by folder, planned or run, and said where it is not") {
  const TemporaryFolder folder;
  const fs::path studies = folder.path / "studies";
  make_study(studies / "planned", "plan.yaml");
  make_study(studies / "run", "study.h5");
  make_study(folder.path / "else where", "plan.yaml");
  fs::create_directories(studies / "empty");
  for (const char* name : {"planned", "run", "planned/"}) {
    CHECK(fs::equivalent(find_study(name, studies).root, studies / name));
    CHECK(find_study(name, studies).name() == std::string(name).substr(0, std::string(name).find('/')));
    CHECK(fs::equivalent(find_study((studies / name).string(), "nowhere").root, studies / name));
  }
  CHECK(whole(find_study((folder.path / "else where").string(), studies).root).root ==
        fs::canonical(folder.path / "else where"));
  CHECK_THROWS_WITH(find_study("plannd", studies),
                    Contains("did you mean `planned`?") && Contains("planned, run."));
  CHECK_THROWS_WITH(find_study("empty", studies), Contains("holds a plan.yaml or study.h5"));
  CHECK_THROWS_WITH(find_study("x", folder.path / "none"), Contains("tubal run GRID.yaml"));
  CHECK_THROWS_AS(find_study("", studies), UsageError);
}

TEST_CASE("a trial goes by its id, or by a beginning that no other shares") {
  const layout::StudyFolder study{"studies/s"};
  const Words ids = {"3fa9c1d2e4f5", "3fa9c1d2e4f5-12345678", "3fb000000000", "40aaaaaaaaaa"};
  for (const std::string& id : ids) CHECK(find_id(id, study, ids) == id);  // also one that begins another
  CHECK(find_id("4", study, ids) == ids[3]);
  CHECK(find_id("3fa9c1d2e4f5-1", study, ids) == ids[1]);
  CHECK(ids_meant("3f", ids).size() == 3);
  CHECK(ids_meant("", ids).size() == 4);
  CHECK(ids_meant("5", ids).empty());
  CHECK_THROWS_WITH(find_id("3f", study, ids), Contains("3 trials") && Contains("Write more of it"));
  CHECK_THROWS_WITH(find_id("3fc000000000", study, ids),
                    Contains("has no trial") && Contains("tubal status"));
}
