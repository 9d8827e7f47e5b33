#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/hdf5.hpp"
#include "core/layout_entries.hpp"
#include "core/sha256.hpp"
#include "tests/temporary.hpp"

using namespace tubal;
using Catch::Matchers::Contains;

namespace {

const std::vector<std::int64_t> epochs = {1, 2, 3};
const std::vector<std::string> names = {"däta", "", "a longer text"};

void write_sample(const fs::path& path) {
  hdf5::Writer file(path);
  file.axis<std::int64_t>("/metrics/epoch", epochs);
  file.axis("/metrics/name", names);
  std::vector<double> x = {1.5, -2, NAN, 4, 5e-300, INFINITY, 7, 8, 9};
  file.write<double>("/metrics/x", x, {3, 3}, {"/metrics/epoch", "/metrics/name"});
  file.write<float>("/metrics/deep/y", std::vector<float>{1, 2, 3}, {3}, {"/metrics/epoch"});
  file.write<std::int32_t>("/scalar", std::vector<std::int32_t>{7}, {});
  file.write<std::uint8_t>("/empty", {}, {0});
  file.attribute("/", "text", std::string("grün"));
  file.attribute("/", "none", std::string());
  file.attribute("/metrics", "number", 0.1);
  file.attribute("/metrics/x", "count", std::int64_t{1} << 60);
  file.attribute("/metrics", "list", names);
  file.publish();
}

}  // namespace

TEST_CASE("what an HDF5 file is given comes back") {
  const TemporaryFolder folder;
  write_sample(folder / "x.h5");
  CHECK(folder.count() == 1);
  const hdf5::Reader file(folder / "x.h5");
  CHECK(file.read<std::int64_t>("/metrics/epoch") == epochs);
  CHECK(file.read<double>("/metrics/epoch") == std::vector<double>{1, 2, 3});
  CHECK(file.read_strings("/metrics/name") == names);
  CHECK(file.shape("/metrics/x") == hdf5::Shape{3, 3});
  const std::vector<double> x = file.read<double>("/metrics/x");
  CHECK(std::isnan(x[2]));
  CHECK(x[4] == 5e-300);
  CHECK(x[5] == INFINITY);
  CHECK(file.axes("/metrics/x") == std::vector<std::string>{"/metrics/epoch", "/metrics/name"});
  CHECK(file.axes("/metrics/deep/y") == std::vector<std::string>{"/metrics/epoch"});
  CHECK(file.axes("/metrics/epoch") == std::vector<std::string>{"/metrics/epoch"});
  CHECK(file.shape("/scalar").empty());
  CHECK(file.read<std::int32_t>("/scalar").at(0) == 7);
  CHECK(file.read<std::uint8_t>("/empty").empty());
  CHECK(file.attribute("/", "text") == "grün");
  CHECK(file.attribute("/", "none").empty());
  CHECK(file.attribute_number("/metrics", "number") == 0.1);
  CHECK(file.attribute_number("/metrics/x", "count") == std::ldexp(1., 60));
  CHECK(file.attribute_strings("/metrics", "list") == names);
  CHECK(file.list("/metrics") == std::vector<std::string>{"deep", "epoch", "name", "x"});
  CHECK(file.attributes("/") == std::vector<std::string>{"none", "text"});
  CHECK(file.type("/metrics/x") == 'f');
  CHECK(file.type("/metrics/name") == 's');
  CHECK(file.is_group("/metrics"));
  CHECK_FALSE(file.is_group("/metrics/x"));
  CHECK(file.has("/metrics/deep/y"));
  CHECK_FALSE(file.has("/metrics/none/y"));
}

TEST_CASE("a large data set is compressed and comes back") {
  const TemporaryFolder folder;
  std::vector<std::int64_t> big(300000);
  for (std::size_t i = 0; i < big.size(); ++i) big[i] = static_cast<std::int64_t>(i % 10);
  hdf5::Writer file(folder / "big.h5");
  file.write<std::int64_t>("/big", big, {3, 100000});
  const std::string digest = file.publish();
  CHECK(digest == sha256_file(folder / "big.h5"));
  CHECK(fs::file_size(folder / "big.h5") < 300000);
  CHECK(hdf5::Reader(folder / "big.h5").read<std::int64_t>("/big") == big);
}

TEST_CASE("files of h5py with libver=latest are read") {  // the golden cases are such files
  const hdf5::Reader file(TUBAL_SOURCE "/tests/golden/paper_dct_p4.h5");
  REQUIRE_FALSE(file.list("/").empty());
  std::size_t read = 0;
  const auto walk = [&](const auto& self, const std::string& group) -> void {
    for (const std::string& name : file.list(group)) {
      const std::string path = (group == "/" ? "" : group) + "/" + name;
      if (file.is_group(path))
        self(self, path);
      else if (file.type(path) == 's')
        read += file.read_strings(path).size();
      else
        read += file.read<double>(path).size();
    }
  };
  walk(walk, "/");
  CHECK(read > 1000);
}

TEST_CASE("equal content gives equal bytes") {
  const TemporaryFolder folder;
  write_sample(folder / "a.h5");
  write_sample(folder / "b.h5");
  CHECK(read_file(folder / "a.h5") == read_file(folder / "b.h5"));
}

TEST_CASE("HDF5 failures name the file and the object") {
  const TemporaryFolder folder;
  write_sample(folder / "x.h5");
  {
    const hdf5::Reader file(folder / "x.h5");
    CHECK_THROWS_WITH(file.read<double>("/metrics/z"), Contains("x.h5: /metrics/z: no such data set"));
    CHECK_THROWS_WITH(file.read<double>("/metrics/name"), Contains("holds no numbers"));
    CHECK_THROWS_WITH(file.read_strings("/metrics/x"), Contains("holds no text"));
    CHECK_THROWS_WITH(file.attribute("/", "nothing"), Contains("nothing"));
  }
  CHECK_THROWS_WITH(hdf5::Reader(folder / "none.h5"), Contains("none.h5") && Contains("no such file"));
  std::string bytes = read_file(folder / "x.h5");
  write_file(folder / "cut.h5", bytes.substr(0, bytes.size() / 2));
  CHECK_THROWS_WITH(
      hdf5::Reader(folder / "cut.h5"),
      Contains("cut.h5") && (Contains("not a readable HDF5 file") || Contains("is a damaged HDF5 file")));
  hdf5::Writer file(folder / "y.h5");
  file.axis<std::int64_t>("/g/axis", epochs);
  const std::vector<double> two = {1, 2};
  CHECK_THROWS_WITH(file.write<double>("/g/x", two, {2}, {"/g/axis"}), Contains("/g/x") && Contains("3"));
  CHECK_THROWS_WITH(file.write<double>("/g/y", two, {3}), Contains("do not fill"));
  CHECK_THROWS_WITH(file.write<double>("/h/x", std::vector<double>{1, 2, 3}, {3}, {"/g/axis"}),
                    Contains("neither in its group"));
  const FileSizeLimit limit(1024);
  CHECK_THROWS_WITH(file.publish(), Contains("cannot write") && Contains("y.h5"));
  CHECK(folder.count() == 2);
}

TEST_CASE("every axis of the layout is a data set of its group") {
  for (const layout::Entry& e : layout::trial_entries)
    for (const std::string& axis : layout::axis_paths(e))
      CHECK(std::string(layout::entry(axis).path) == axis);
  for (const layout::Entry& e : layout::study_entries)
    for (const std::string& axis : layout::axis_paths(e))
      CHECK(std::string(layout::entry(axis).path) == axis);
  CHECK_THROWS_WITH(layout::entry("/no/such"), Contains("/no/such"));
}
