// What `plan` takes a data set for before it is read.
#include <catch2/catch.hpp>

#include "core/files.hpp"
#include "experiments/data/data_hint.hpp"
#include "tests/temporary.hpp"

using namespace tubal;

TEST_CASE("rows of a part of a well-known set go by the file's size, those of the whole are its own") {
  const TemporaryFolder folder;
  DataConfig data;
  data.name = "ag_news";
  data.path = data.folder = folder.path.string();
  CHECK(data_hint(data).train == 120000);  // nothing is there
  const std::string row = "\"3\",\"" + std::string(200, 't') + "\",\"" + std::string(32, 'd') + "\"\n";
  for (const int rows : {500, 68000, 117000, 120000}) {
    std::string text;
    for (int i = 0; i < rows; ++i) text += row;
    write_file(folder / "train.csv", text);
    const DataHint h = data_hint(data);
    INFO(rows << ": " << h.source);
    CHECK(h.train == Approx(rows > 110000 ? 120000 : rows).epsilon(0.05));
    CHECK(h.test == 7600);
    CHECK((h.source.find("about") != std::string::npos) == (rows < 110000));
  }
  data.train_rows = 100;
  CHECK(data_hint(data).train == 100);
}
