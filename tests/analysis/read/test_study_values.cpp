// What a grid calls a value, tables of a study call it too: plan and compare agree.
#include <catch2/catch.hpp>

#include "analysis/export/netcdf.hpp"
#include "analysis/read/study_reader.hpp"
#include "core/hdf5.hpp"
#include "core/layout_entries.hpp"
#include "core/random.hpp"
#include "experiments/config/value.hpp"
#include "experiments/records/study_file.hpp"
#include "tests/temporary.hpp"

using namespace tubal;

namespace {

std::vector<Value> values_of_every_type() {
  std::vector<Value> all = {true,
                            false,
                            std::int64_t{0},
                            std::int64_t{-3},
                            std::int64_t{1} << 53,
                            0.5,
                            1e-3,
                            3e-4,
                            1e30,
                            1.0,
                            -0.25,
                            1.0 / 3,
                            std::string("haar"),
                            std::string("true"),
                            std::string("[dct, identity]"),
                            std::vector<double>{1, 0.5, 3e-4},
                            std::vector<std::string>{"attention", "mixer"}};
  const RandomStream draw(7, Purpose::test);
  for (std::uint64_t i = 0; i < 100; i += 2)
    all.push_back(std::ldexp(draw.uniform(i) - 0.5, static_cast<int>(draw.below(80, i + 1)) - 40));
  return all;
}

StudyRow row_of(int number, const Value& value) {
  StudyRow row;
  row.id = "t" + std::to_string(number);
  row.status.state = TrialState::complete;
  row.status.seed = 0;
  row.status.test_accuracy = 0.5;
  row.values = {{"model.x", value}};
  return row;
}

}  // namespace

TEST_CASE("a value has one name, in the grid and in the tables of a study") {
  const TemporaryFolder folder;
  const std::vector<Value> all = values_of_every_type();
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t j = 0; j < all.size(); ++j) {
      // Columns hold one type; a column of several holds words.
      if (j == i || (j > 16 && j != i + 1)) continue;
      const std::vector<Value> two = {all[i], all[j]};
      if (show(two[0]) == show(two[1])) continue;
      CAPTURE(show(two[0]), show(two[1]));
      const layout::StudyFolder study{folder.path};
      write_study(study.data(), "names", {"model.x"}, {row_of(0, two[0]), row_of(1, two[1])});
      const analysis::Study s = analysis::read_study(study);
      REQUIRE(s.cells.size() == 2);
      const bool mixed = two[0].index() != two[1].index();
      for (std::size_t k = 0; k < 2; ++k) {
        if (mixed && !std::holds_alternative<std::string>(two[k])) continue;
        CHECK(s.cells[k].label == "x=" + show(two[k]));
        CHECK(s.cells[k].values[0] == show(two[k]));
      }
    }
}

TEST_CASE(
    "false and true are said where they are 0 and 1, on the column and the axis, in study.h5 and study.nc") {
  const TemporaryFolder folder;
  const layout::StudyFolder study{folder.path};
  StudyRow without = row_of(2, false);
  without.values = {{"model.y", std::int64_t{1}}};  // a trial that has no such value
  without.in_grid = false;
  write_study(study.data(), "flags", {"model.x"}, {row_of(0, true), row_of(1, false), without});
  analysis::Selection everything;
  everything.all = true;
  const analysis::Study s = analysis::read_study(study, everything);
  CHECK(s.column("model.x").texts == std::vector<std::string>{"true", "false", ""});
  CHECK(s.column("model.y").texts == std::vector<std::string>{"", "", "1"});  // a number stays one
  analysis::export_netcdf(s, folder / "out");
  for (const fs::path& file : {study.data(), folder / "out" / "study.nc"}) {
    INFO(file);
    const hdf5::Reader h5(file);
    for (const char* name : {"/x", "/trials/model.x"}) {
      INFO(name);
      CHECK(h5.type(name) == 'i');
      CHECK(h5.attribute(name, layout::flag_values) == "0\n1");
      CHECK(h5.attribute(name, layout::flag_meanings) == "false true");
    }
    CHECK_FALSE(h5.has_attribute("/trials/model.y", layout::flag_meanings));
  }
}
