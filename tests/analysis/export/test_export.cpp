// Exports as text; files in the hands of their readers: tests/exports/.
#include <catch2/catch.hpp>
#include <cstdlib>

#include "analysis/compare/predictions.hpp"
#include "analysis/export/export.hpp"
#include "analysis/export/latex_text.hpp"
#include "analysis/read/study_reader.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/format.hpp"
#include "tests/sample_study.hpp"
#include "tests/temporary.hpp"

using namespace tubal;
using namespace tubal::analysis;
using Catch::Matchers::Contains;

// Three cells whose values and causes hold what CSV quotes and LaTeX escapes.
static fs::path write_odd_study(const fs::path& folder) {
  const layout::StudyFolder study{folder / "studies" / "odd"};
  std::vector<StudyRow> rows;
  const char* paths[] = {"50%_a&b#{c}~^\\\"q\"<>|$x$", "na\u00efve, \u0141\u00f3d\u017a \u2013 \u2212\u2026",
                         "\u65e5\u672c\u8a9e `x`\ttab"};
  std::string letters = "=cmd, a backslash \\ and";  // every letter of two bytes that LaTeX may have
  for (int c = 0xC0; c < 0x180; ++c) {
    if (c % 8 == 0) letters += ' ';
    letters += static_cast<char>(0xC0 | c >> 6);
    letters += static_cast<char>(0x80 | (c & 0x3F));
  }
  const std::string causes[] = {"", "killed by signal 9\n\"the log's end\",\r\n  line", letters};
  for (int i = 0; i < 3; ++i)
    for (int seed = 0; seed < 2; ++seed) {
      StudyRow row{"trial" + std::to_string(2 * i + seed), {}, {}, {}, i == 0, true, "", "", "", ""};
      row.values = {{"data.path", std::string(paths[i])}, {"seed", std::int64_t{seed}}};
      row.status.state = seed && i ? TrialState::failed : TrialState::complete;
      row.status.cause = seed ? causes[i] : "";
      row.status.seed = static_cast<std::uint64_t>(seed);
      row.status.test_accuracy =
          row.status.state == TrialState::complete ? 0.8 + 0.01 * i + 0.003 * seed : unknown;
      row.status.parameters_encoder = 1000 >> i;
      row.status.parameters_total = 2000;
      row.status.seconds = 5;
      rows.push_back(row);
    }
  make_folder(study.root);
  write_study(study.data(), "odd", {"data.path"}, rows);
  return study.root;
}

TEST_CASE("a field is quoted where it must be, and only there") {
  CHECK(csv_field("p=4 transform=haar") == "p=4 transform=haar");
  CHECK(csv_field("") == "");
  CHECK(csv_field("a,b") == "\"a,b\"");
  CHECK(csv_field("say \"no\"") == "\"say \"\"no\"\"\"");
  CHECK(csv_field("two\nlines") == "\"two\nlines\"");
  CHECK(csv_field("cr\r") == "\"cr\r\"");
}

TEST_CASE("LaTeX text escapes what LaTeX acts on and has no letter for") {
  CHECK(latex_text("50% of a_b & c#1 {x} $y$") == "50\\% of a\\_b \\& c\\#1 \\{x\\} \\$y\\$");
  CHECK(latex_text("a\\b~c^d") == "a\\textbackslash{}b\\textasciitilde{}c\\textasciicircum{}d");
  CHECK(latex_text("x<y>z|\"q\"") == "x\\textless{}y\\textgreater{}z\\textbar{}''q''");
  CHECK(latex_text("na\u00efve \u2013 \u2212") == "na\u00efve -- $-$");
  CHECK(latex_text("\u65e5\U0001F600") == "U+65E5U+1F600");
  CHECK(latex_text("\u0111\u0142") == "U+0111\u0142");
  CHECK(latex_text("a\nb\x7f") == "a b ");
  CHECK(latex_text("bad \xff\xc3") == "bad U+FFFDU+FFFD");
}

TEST_CASE("a table of a paper has one row a cell, the best mean bold, and says what it left out") {
  const TemporaryFolder folder;
  const Study s = read_study({write_sample_study(folder.path)});
  const Comparison c = compare(s);
  export_latex(s, c, c.results, folder / "out");
  const std::string table = read_file(folder / "out" / "table.tex");
  CHECK_THAT(table, Contains("\\multicolumn{2}{c}{baseline}") && Contains("5/6") &&
                        Contains("learned\\_orthogonal"));
  CHECK_THAT(table, Contains("seed 5 (") && Contains("diverged") && Contains("793,088") &&
                        Contains("$4.00\\times$"));
  std::size_t bold = 0;
  for (std::size_t at = table.find("\\mathbf"); at != table.npos; at = table.find("\\mathbf", at + 1)) ++bold;
  CHECK(bold == 1);
}

TEST_CASE("a study without a figure still has its tables, and no figures") {
  const TemporaryFolder folder;
  std::vector<StudyRow> rows;
  for (int p : {1, 2})
    rows.push_back({"t" + std::to_string(p),
                    {},
                    {{"model.p", std::int64_t{p}}, {"seed", std::int64_t{0}}},
                    {},
                    p == 1,
                    true,
                    "",
                    "",
                    "",
                    ""});
  write_study(folder / "study.h5", "begun", {"model.p"}, rows);
  const Study s = read_study({folder.path});
  const Comparison c = compare(s);
  CHECK(figure_scripts(s, c, c.results).empty());
  CHECK(export_csv(s, folder / "out").size() == 2);
  CHECK_THAT(read_file(folder / "out" / "trials.csv"), Contains("planned"));
  CHECK(export_netcdf(s, folder / "out").size() == 1);
  export_latex(s, c, c.results, folder / "out");
  CHECK_THAT(read_file(folder / "out" / "table.tex"), Contains("none") && Contains("no complete trial in"));
  std::vector<std::string> left_out;
  CHECK_THROWS_WITH(export_models(s, "", folder / "out", left_out),
                    Contains("no model") && Contains("planned"));
  CHECK_FALSE(fs::exists(folder / "out" / "models"));
}

TEST_CASE("figures follow what is swept") {
  const TemporaryFolder folder;
  const Study s = read_study({write_sample_study(folder.path)});
  const Comparison c = compare(s);
  const std::vector<FigureScript> all = figure_scripts(s, c, c.results);
  const auto named = [](const std::vector<FigureScript>& scripts, const std::string& name) {
    for (const FigureScript& x : scripts)
      if (x.name == name) return x.script;
    FAIL("no figure " << name);
    return std::string();
  };
  CHECK_THAT(named(all, "accuracy-by-p"),
             Contains("set xlabel 'p'") && Contains("logscale x 2") && Contains("title 'haar'"));
  CHECK_THAT(named(all, "curve-accuracy"),
             Contains("title 'p=4 transform=haar'") && Contains("filledcurves"));
  const Study odd = read_study({write_odd_study(folder.path)});
  const Comparison d = compare(odd);
  const std::vector<FigureScript> of_names = figure_scripts(odd, d, d.results);
  CHECK_THAT(named(of_names, "accuracy-by-path"),
             Contains("xerrorbars") && Contains("'50%%_a&b#{c}~^\\\"q\"<>|$x$' 0"));
  // Of one cell there is nothing to join: it stands by itself.
  const std::vector<FigureScript> alone = figure_scripts(odd, d, {d.results[0]});
  CHECK_THAT(named(alone, "accuracy-by-cell"), Contains("'path=50%%_a&b#{c}~^\\\"q\"<>|$x$' 0"));
}

TEST_CASE("McNemar's test says which predictions it has not") {
  const TemporaryFolder folder;
  const fs::path root = write_sample_study(folder.path);
  const Study s = read_study({root});
  fs::remove(s.folder.trial(s.rows[s.cells[1].rows[0]].id).data());
  Comparison c = compare(s);
  add_mcnemar(s, c);
  CHECK_FALSE(c.results[0].mcnemar);       // the baseline
  CHECK(c.results[1].mcnemar_pairs == 4);  // one failed, one lost
  CHECK_THAT(c.results[1].notes.back(), Contains("seed 0") && Contains("no test predictions"));
  CHECK(c.results[2].mcnemar_pairs == 6);
  CHECK_FALSE(c.results[2].non_inferiority);
  CHECK(compare(s, "test_accuracy", 0.95, 0.01).results[2].non_inferiority);
}

// tests/exports/ runs this by name.
TEST_CASE("write the odd study") {
  const AskedFolder folder;
  CHECK(!read_study({write_odd_study(folder.path)}).rows.empty());
}
