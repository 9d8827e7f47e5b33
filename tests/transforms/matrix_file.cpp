// The transform `matrix`: HDF5, NPY and CSV say the same; what cannot be a transform is refused.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>
#include <fstream>

#include "core/error.hpp"
#include "core/hdf5.hpp"
#include "tests/temporary.hpp"
#include "transforms/laws.hpp"
#include "transforms/matrix.hpp"
#include "transforms/matrix_file.hpp"

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
static std::string bytes(const std::vector<T>& values, bool big_endian = false) {
  std::string out(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  if (big_endian)
    for (std::size_t i = 0; i < out.size(); i += sizeof(T)) std::reverse(&out[i], &out[i] + sizeof(T));
  return out;
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

TEST_CASE(
    "NPY of every number type, either byte order and either order of axes, CSV as spreadsheets write it") {
  const TemporaryFolder folder;
  const std::vector<double> A = {2, 1, 0, 3};
  const auto read = [&](const std::string& name, const std::string& text) {
    INFO(name);
    write_text(folder / name, text);
    const Matrix found = read_matrix_file(folder / name, "").matrix;
    CHECK(std::equal(A.begin(), A.end(), found.begin(), found.end()));
  };
  const std::string shape = "(2, 2)";
  read("f8.npy", npy("<f8", false, shape, bytes(A)));
  read("big.npy", npy(">f8", false, shape, bytes(A, true)));
  read("f4.npy", npy("<f4", false, shape, bytes<float>({2, 1, 0, 3})));
  read("big4.npy", npy(">f4", true, shape, bytes<float>({2, 0, 1, 3}, true)));
  read("i8.npy", npy("<i8", false, shape, bytes<std::int64_t>({2, 1, 0, 3})));
  read("big2.npy", npy(">i2", false, shape, bytes<std::int16_t>({2, 1, 0, 3}, true)));
  read("i1.npy", npy("|i1", true, shape, bytes<std::int8_t>({2, 0, 1, 3})));
  read("u4.npy", npy("<u4", false, shape, bytes<std::uint32_t>({2, 1, 0, 3})));
  read("NAME.NPY", npy("<f8", true, shape, bytes<double>({2, 0, 1, 3})));
  read("bom.csv",
       "\xEF\xBB\xBF"
       "2,1\r\n0,3\r\n");
  read("tabs.txt", "2\t1\n0\t3\n");
  read("semicolons.csv", "2;1\n0;3");
  read("blanks.txt", "  2   1 \n 0 +3 # and a remark\n");
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
  CHECK_THAT(refusal("i.csv", "1,1\n1,1.0000000000001\n"),
             Catch::Contains("condition 4") && Catch::Contains("e+13") && Catch::Contains("at most 1e12"));
  CHECK_THAT(refusal("h.csv", "a,b\n1,2\n3,4\n"),
             Catch::Contains("h.csv:1:") && Catch::Contains("remove a header line"));
  CHECK_THAT(refusal("g.csv", "1,,2\n3,,4\n"),
             Catch::Contains("g.csv:1:") && Catch::Contains("cell 2 is empty"));
  CHECK_THAT(refusal("k.csv", "1,2,\n3,4,\n"), Catch::Contains("cell 3 is empty"));
  CHECK_THAT(refusal("p.csv", "0,5;1\n1;0,5\n"), Catch::Contains("decimal point"));
  CHECK_THAT(refusal("u.csv", std::string("\xFF\xFE"
                                          "1\0",
                                          4)),
             Catch::Contains("UTF-16"));
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
             Catch::Contains("asks for 2 x 2 numbers of 8 bytes"));
  CHECK_THAT(refusal("l.npy", npy("<f8", false, "(99999999, 99999999)", "")),
             Catch::Contains("asks for 99999999"));
  CHECK_THAT(refusal("f.npy", npy("<f2", false, "(1, 1)", "ab")), Catch::Contains("f4 and integers"));
  CHECK_THAT(refusal("q.npy", std::string("\x93NUMPY\x01\x00\xff\xff{'descr'", 18)),
             Catch::Contains("inside its header"));
  CHECK_THAT(refusal("r.npy", std::string("\x93NUMPY\x01\x00\x04\x00{  }", 14)),
             Catch::Contains("without 'descr'"));
  CHECK_THAT(refusal("d.npy", npy("<f8", false, "(4,)", std::string(32, 0))), Catch::Contains("[4]"));
  CHECK_THAT(refusal("m.mat", "1"), Catch::Contains(".h5, .hdf5, .nc, .npy, .csv, .txt"));
  TransformSpec named = matrix_of(folder / "s.csv");
  named.dataset = "L";
  CHECK_THROWS_WITH(make_transform(named), Catch::Contains("leave it out"));
  TransformSpec none = matrix_of(folder / "absent.csv");
  CHECK_THROWS_WITH(make_transform(none), Catch::Contains("no such file"));
  none.file.clear();
  CHECK_THROWS_WITH(make_transform(none), Catch::Contains("needs a file"));
}

TEST_CASE("an HDF5 file that holds no transform says why") {
  const TemporaryFolder folder;
  hdf5::Writer writer(folder / "all.h5");
  const std::vector<double> six = {1, 2, 3, 4, 5, 6}, four = {1, 0, 0, 1}, two = {0, 2};
  const std::vector<std::string> words = {"a", "b", "c", "d"};
  writer.write<double>("oblong", six, {2, 3});
  writer.write<double>("line", six, {6});
  writer.write("words", words, {2, 2});
  writer.write<double>("identity", four, {2, 2});
  writer.write<double>("g/L", four, {2, 2});
  writer.write<double>("g/frequency", two, {2});
  writer.publish();
  write_text(folder / "text.h5", "no HDF5 at all");
  hdf5::Writer none(folder / "none.h5");
  none.write<double>("oblong", six, {2, 3});
  none.publish();
  const auto refusal = [&](const std::string& file, const std::string& dataset) -> std::string {
    TransformSpec spec = matrix_of(folder / file);
    spec.dataset = dataset;
    try {
      make_transform(spec);
    } catch (const UsageError& e) {
      return e.what();
    }
    return "accepted";
  };
  CHECK_THAT(refusal("all.h5", ""), Catch::Contains("several square matrices (identity, words)"));
  CHECK_THAT(refusal("none.h5", ""),
             Catch::Contains("no square matrix at its root, where there are: oblong"));
  CHECK_THAT(refusal("all.h5", "oblong"), Catch::Contains("[2, 3]"));
  CHECK_THAT(refusal("all.h5", "line"), Catch::Contains("[6]"));
  CHECK_THAT(refusal("all.h5", "words"), Catch::Contains("no real numbers"));
  CHECK_THAT(refusal("all.h5", "g"), Catch::Contains("no data set `/g`"));
  CHECK_THAT(refusal("all.h5", "L"),
             Catch::Contains("at the root there are: g, identity, line, oblong, words"));
  CHECK_THAT(refusal("all.h5", "g/L"), Catch::Contains("`frequency` is to hold p = 2 numbers in [0, 1]"));
  CHECK_THAT(refusal("text.h5", ""), Catch::Contains("text.h5") && Catch::Contains("HDF5"));
}
