// The transform `matrix`: HDF5, NPY and CSV say the same; what cannot be a transform is refused.
#include <catch2/catch.hpp>
#include <cstring>
#include <fstream>

#include "core/error.hpp"
#include "core/hdf5.hpp"
#include "tests/temporary.hpp"
#include "transforms/laws.hpp"
#include "transforms/matrix.hpp"

using namespace tubal;

static TransformSpec matrix_of(const std::filesystem::path& file) {
  TransformSpec spec;
  spec.name = "matrix";
  spec.file = file.string();
  return spec;
}
static void write_text(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

static std::string npy(const std::string& type, bool fortran, const std::string& shape,
                       const std::string& data) {
  std::string header = "{'descr': '" + type + "', 'fortran_order': " + (fortran ? "True" : "False") +
                       ", 'shape': " + shape + ", }";
  header += std::string(63 - (10 + header.size()) % 64, ' ') + "\n";
  return std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(header.size() % 256) +
         static_cast<char>(header.size() / 256) + header + data;
}
template <class T>
static std::string bytes(const std::vector<T>& values) {
  return std::string(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
}

TEST_CASE("HDF5, NPY and CSV give one transform that obeys the laws") {
  const TemporaryFolder folder;
  const std::vector<double> A = {2, 1, 0, -1, 3, 0.5, 0, 1, 4}, frequency = {0, 0.25, 1};
  hdf5::Writer writer(folder / "a.h5");
  writer.write<double>("group/L", A, {3, 3});
  writer.write<double>("group/frequency", frequency, {3});
  writer.publish();
  write_text(folder / "a.npy", npy("<f8", false, "(3, 3)", bytes(A)));
  write_text(folder / "t.npy", npy("<f4", true, "(3, 3)", bytes<float>({2, -1, 0, 1, 3, 1, 0, 0.5f, 4})));
  write_text(folder / "a.csv", "# rows of L\n2, 1, 0\n-1,3,0.5\r\n\n0;1;4\n");
  for (const char* name : {"a.h5", "a.npy", "t.npy", "a.csv"}) {
    INFO(name);
    TransformSpec spec = matrix_of(folder / name);
    if (spec.file.ends_with(".h5")) spec.dataset = "group/L";
    const auto transform = make_transform(spec);
    const auto plan = transform->plan(3);
    CHECK(std::equal(A.begin(), A.end(), plan->forward_matrix().data()));
    CHECK(plan->slices()[1].frequency == (spec.dataset.empty() ? 0.5 : 0.25));
    CHECK(plan->scale() == 0);
    CHECK(transform->plan(1)->forward_matrix()(0, 0) == 1);
    CHECK_THAT(transform->refuses(4).value_or(""), Catch::Contains("so p is 3"));
    int checked = 0;
    for (const Law& l : check_laws(*transform, law_lengths())) {
      INFO(l.law << ": " << l.error);
      CHECK(l.holds());
      ++checked;
    }
    CHECK(checked >= 10);
  }
  write_text(folder / "rotation.csv", "0 -2\n2 0\n");
  CHECK(make_transform(matrix_of(folder / "rotation.csv"))->plan(2)->scale() == 4);
}

TEST_CASE("a matrix file that cannot be a transform says why") {
  const TemporaryFolder folder;
  const auto refusal = [&](const std::string& name, const std::string& text) -> std::string {
    write_text(folder / name, text);
    try {
      make_transform(matrix_of(folder / name));
    } catch (const UsageError& e) {
      return e.what();
    }
    return "accepted";
  };
  CHECK_THAT(refusal("s.csv", "1,2\n2,4\n"), Catch::Contains("singular") && Catch::Contains("condition"));
  CHECK_THAT(refusal("z.csv", "0,0\n0,0\n"), Catch::Contains("singular"));
  CHECK_THAT(refusal("w.csv", "1,2\n2,x\n"),
             Catch::Contains("w.csv:2:") && Catch::Contains("`x` is no number"));
  CHECK_THAT(refusal("r.csv", "1,2\n2\n"), Catch::Contains("r.csv:2:") && Catch::Contains("first row has 2"));
  CHECK_THAT(refusal("n.csv", "1,nan\n2,1\n"), Catch::Contains("not finite"));
  CHECK_THAT(refusal("e.csv", ""), Catch::Contains("square"));
  CHECK_THAT(refusal("o.csv", "1,2,3\n4,5,6\n"), Catch::Contains("[2, 3]"));
  CHECK_THAT(refusal("a.npy", "nothing"), Catch::Contains("no NPY"));
  CHECK_THAT(refusal("b.npy", npy("<c16", false, "(1, 1)", std::string(16, 0))), Catch::Contains("<c16"));
  CHECK_THAT(refusal("c.npy", npy("<f8", false, "(2, 2)", std::string(8, 0))),
             Catch::Contains("asks for 32"));
  CHECK_THAT(refusal("d.npy", npy("<f8", false, "(4,)", std::string(32, 0))), Catch::Contains("[4]"));
  CHECK_THAT(refusal("m.mat", "1"), Catch::Contains(".h5, .hdf5, .nc, .npy, .csv, .txt"));
  TransformSpec none = matrix_of(folder / "absent.csv");
  CHECK_THROWS_WITH(make_transform(none), Catch::Contains("no such file"));
  none.file.clear();
  CHECK_THROWS_WITH(make_transform(none), Catch::Contains("needs a file"));
}
