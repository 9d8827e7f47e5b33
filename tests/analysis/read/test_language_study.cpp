// A study of language models in every table, file and figure: losses in nat, lower is
// better, nothing of accuracies.
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "analysis/compare/choice.hpp"
#include "analysis/compare/json.hpp"
#include "analysis/compare/predictions.hpp"
#include "analysis/compare/table.hpp"
#include "analysis/compare/tests_table.hpp"
#include "analysis/export/export.hpp"
#include "analysis/read/study_reader.hpp"
#include "analysis/report/data.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/hdf5.hpp"
#include "tests/language_study.hpp"
#include "tests/temporary.hpp"

using namespace tubal;
using namespace tubal::analysis;
using Catch::Matchers::Contains;

namespace {

// Nothing of a classifier's words; a % only in the level of an interval.
void check_words(const std::string& text) {
  CHECK_THAT(text, !Contains("accura") && !Contains("Accura") && !Contains("points") && !Contains("percent"));
  for (std::size_t at = text.find('%'); at != text.npos; at = text.find('%', at + 1)) {
    const std::string around = text.substr(at < 30 ? 0 : at - 30, 45);
    CAPTURE(around);
    // Levels, LaTeX's comments, gnuplot's own labels.
    CHECK((around.find("95") != around.npos || around.find("% Written") != around.npos));
  }
}

std::string all_of(const Json& texts) {
  std::string out;
  for (const Json& t : texts) out += t.get<std::string>() + "\n";
  return out;
}

}  // namespace

TEST_CASE("language models are compared by loss, the lowest best, perplexity and bits beside it") {
  const TemporaryFolder folder;
  const Study s = read_study({write_language_study(folder.path)});
  const Comparison c = compare(s, "", 0.95, 0.02);
  CHECK(c.measure.name() == "test_loss");
  CHECK(c.measure.lower());
  REQUIRE(c.beside.size() == 2);
  CHECK(c.beside[0].name() == "test_perplexity");
  CHECK(c.beside[1].name() == "test_bits_per_byte");
  CHECK(best_of(c, c.results) == 0);  // p = 1 was made to be best
  double sum = 0;
  for (const std::size_t r : s.cells[0].rows) sum += s.column("test_loss").numbers[r];
  CHECK(c.results[0].mean == Approx(sum / 6));
  CHECK(c.results[0].beside[1] == Approx(sum / 6 / std::log(2.)));
  for (const CellResult& r : c.results)
    if (r.reference >= 0) CHECK(r.difference > 0);
  CHECK(c.results[1].improvement < 0.5);

  const std::string table = show(s, c, c.results);
  check_words(table);
  CHECK_THAT(table, Contains("test loss in nat (lower is better), differences in nat") &&
                        Contains("perplexity") && Contains("bits per byte") &&
                        Contains("2 trials of 30 enter no figure") &&
                        Contains("all trials share one tokenizer"));
  char shown[32];
  std::snprintf(shown, sizeof shown, "%.3f", std::exp(sum / 6));
  CHECK_THAT(table, Contains(shown));
  const std::string tests = show_tests(s, c, c.results);
  check_words(tests);
  CHECK_THAT(tests, Contains("upper bound") && Contains("below +0.0200 nat") &&
                        Contains("below the baseline") && !Contains("McNemar"));

  const auto json = nlohmann::json::parse(to_json(s, c, c.results));
  CHECK(json["metric"] == "test_loss");
  CHECK(json["direction"] == "lower");
  CHECK(json["unit"] == "nat");
  CHECK(json["cells"][0]["loss"] == Approx(sum / 6));
  CHECK(json["cells"][0]["perplexity"] == Approx(std::exp(sum / 6)));
  CHECK_FALSE(json["cells"][0].contains("accuracy"));
  Comparison with = c;
  add_mcnemar(s, with);  // nothing to compare, nothing to complain of
  CHECK(with.results[1].notes == c.results[1].notes);
}

TEST_CASE("a perplexity is exp of the mean loss, its tests are those of the losses") {
  const TemporaryFolder folder;
  const Study s = read_study({write_language_study(folder.path)});
  const Comparison loss = compare(s, "loss"), c = compare(s, "perplexity");
  for (std::size_t i = 0; i < c.results.size(); ++i) {
    CHECK(c.results[i].mean == loss.results[i].mean);
    CHECK(((std::isnan(c.results[i].p) && std::isnan(loss.results[i].p)) ||
           c.results[i].p == loss.results[i].p));
  }
  CHECK_THAT(show(s, c, c.results),
             Contains("test perplexity (exp of the mean loss; lower is better), differences of "
                      "the loss in nat"));
  const auto json = nlohmann::json::parse(to_json(s, c, c.results));
  CHECK(json["metric"] == "test_perplexity");
  CHECK(json["unit"] == "1");
  CHECK(json["difference_unit"] == "nat");
  CHECK(json["cells"][1]["perplexity"] == Approx(std::exp(loss.results[1].mean)));
  CHECK(json["cells"][1]["interval"][0] == Approx(std::exp(loss.results[1].interval.low)));
  std::vector<CellResult> by = c.results, other = c.results;
  sort_results(s, c, by, "perplexity");
  sort_results(s, c, other, "loss");
  for (std::size_t i = 1; i < by.size(); ++i) {
    CHECK(by[i - 1].mean <= by[i].mean);
    CHECK(by[i].cell == other[i].cell);
  }
  CHECK_THROWS_WITH(sort_results(s, c, by, "bits_per_byte"),
                    Contains("Sort by perplexity") && Contains("--metric bits_per_byte"));
  CHECK_THROWS_WITH(sort_results(s, c, by, "accuracy"),
                    Contains("Sort by perplexity") && !Contains("--metric"));
}

TEST_CASE("the metric is chosen by name, what there is not is refused with what there is") {
  const TemporaryFolder folder;
  const Study s = read_study({write_language_study(folder.path)});
  CHECK(measure_of(s, "bits_per_byte").name() == "test_bits_per_byte");
  CHECK(measure_of(s, "validation_perplexity").column() == "validation_loss");
  for (const char* wrong :
       {"accuracy", "test_accuracy", "train_loss", "beauty", "parameters_total", "TEST_LOSS"})
    CHECK_THROWS_WITH(measure_of(s, wrong),
                      Contains(wrong) && Contains("language models") && Contains("bits_per_byte"));
  const Study classifiers = read_study({write_sample_study(folder.path)});
  CHECK(measure_of(classifiers, "").name() == "test_accuracy");
  CHECK(measure_of(classifiers, "").notes.empty());
  CHECK(measure_of(classifiers, "loss").name() == "test_loss");
  CHECK(measure_of(classifiers, "validation_loss").lower());
  for (const char* wrong : {"perplexity", "bits_per_byte", "test_perplexity", "beauty"})
    CHECK_THROWS_WITH(measure_of(classifiers, wrong),
                      Contains("classifiers") && Contains("validation_accuracy"));
}

TEST_CASE("without a test part the validation part is judged, and said") {
  const TemporaryFolder folder;
  const Study s = read_study({write_language_study(folder.path, {"untested", false, false, 0})});
  const Comparison c = compare(s);
  CHECK(c.measure.name() == "validation_loss");
  CHECK(c.results[0].seeds == 6);
  CHECK_THAT(show(s, c, c.results),
             Contains("validation loss in nat") && Contains("validation part is what is judged"));
  CHECK_THROWS_WITH(compare(s, "test_loss"), Contains("validation_loss") && !Contains("test_bits"));
  const Json report = gather_report(s);
  CHECK(report["metric"] == "validation_loss");
  CHECK(report["ngrams"][0]["rows"][4]["figure"] == 2.02);
}

TEST_CASE("several tokenizers are compared by bits per byte alone") {
  const TemporaryFolder folder;
  const Study s = read_study({write_language_study(folder.path, {"tokenizers", true, true, 0})});
  const Comparison c = compare(s);
  CHECK(c.measure.name() == "test_bits_per_byte");
  CHECK(c.beside.empty());  // losses of other tokens do not compare
  const std::string table = show(s, c, c.results);
  check_words(table);
  CHECK_THAT(table, Contains("test bits per byte (lower is better), differences in bit") &&
                        Contains("tokenizers differ between trials"));
  CHECK_THAT(all_of(compare(s, "loss").notes), Contains("do not compare"));
  CHECK(best_of(c, c.results) == 5);  // words: fewer bits a byte, though more nats a token
  CHECK(best_of(compare(s, "loss"), compare(s, "loss").results) == 0);
  const Json report = gather_report(s);
  CHECK(report["ngrams"].size() == 2);  // of each tokenizer its own
  CHECK_THAT(all_of(report["summary"]), Contains("that of its own data"));
}

TEST_CASE("a vocabulary learnt on another column, file or part of it is another tokenizer") {
  const TemporaryFolder folder;
  const std::filesystem::path root = write_language_study(folder.path, {"columns", true, false, 0});
  const auto judged_by = [&](const char* key, const char* last) {
    Study s = read_study({root});
    s.columns[key].texts.assign(s.rows.size(), "one");
    s.columns[key].texts.back() = last;
    return measure_of(s, "").column();
  };
  for (const char* key : {"data.name", "data.path", "data.train", "data.text", "data.tokenizer.vocabulary",
                          "data.train_rows", "data.validation", "data.split_seed", "data.documents"}) {
    CAPTURE(key);
    CHECK(judged_by(key, "one") == "test_loss");
    CHECK(judged_by(key, "another") == "test_bits_per_byte");
  }
  for (const char* key : {"data.max_length", "data.cross_documents", "data.test", "data.test_rows"}) {
    CAPTURE(key);
    CHECK(judged_by(key, "another") == "test_loss");
  }
}

TEST_CASE("accuracies and losses never meet in one table") {
  const TemporaryFolder folder;
  const std::filesystem::path root = write_language_study(folder.path, {"both", true, false, 6});
  const Study s = read_study({root});
  CHECK_THROWS_WITH(compare(s), Contains("6 classifiers") && Contains("30 language models") &&
                                    Contains("--task language_model"));
  CHECK_THROWS_AS(gather_report(s), UsageError);
  Selection selection;
  selection.task = "language_model";
  const Study language = read_study({root}, selection);
  CHECK(language.rows.size() == 30);
  const Comparison c = compare(language);
  CHECK(c.measure.name() == "test_loss");
  CHECK_THAT(show(language, c, c.results), Contains("6 trials of the other task are left out"));
  selection.task = "classification";
  const Study classifiers = read_study({root}, selection);
  CHECK(compare(classifiers).measure.name() == "test_accuracy");
  CHECK(compare(classifiers).results[0].seeds == 6);
  const Study alone = read_study({write_language_study(folder.path)});
  CHECK_THROWS_WITH(read_study(alone.folder, selection), Contains("no trial of this task"));
  // Files of the whole study hold the columns of both.
  export_csv(s, folder / "out");
  CHECK_THAT(read_file(folder / "out" / "trials.csv"),
             Contains("test_accuracy") && Contains("test_bits_per_byte"));
}

TEST_CASE("exports of language models have their own columns, arrows, figures and units") {
  const TemporaryFolder folder;
  const Study s = read_study({write_language_study(folder.path)});
  const Comparison c = compare(s);
  export_csv(s, folder / "out");
  for (const char* file : {"trials.csv", "curves.csv"}) {
    const std::string text = read_file(folder / "out" / file);
    check_words(text);
    CHECK_THAT(text, Contains("validation_loss") && Contains("validation_bits_per_byte"));
  }
  for (const char* metric : {"loss", "perplexity", "bits_per_byte"}) {
    const Comparison by = compare(s, metric);
    export_latex(s, by, by.results, folder / "out");
    const std::string table = read_file(folder / "out" / "table.tex");
    CAPTURE(table);
    CHECK_THAT(table, Contains(std::string(by.measure.metric->title) + " $\\downarrow$") &&
                          Contains("the lowest mean in bold") && !Contains("accuracy") &&
                          !Contains("points"));
    const std::string bold = "\\mathbf{" + by.measure.figure(by.results[0].mean) + "} \\pm";
    CHECK_THAT(table, Contains(bold));
    CHECK(table.find("\\mathbf") == table.rfind("\\mathbf"));
    bool by_metric = false, by_step = false;
    for (const FigureScript& figure : figure_scripts(s, by, by.results)) {
      CHECK_THAT(figure.script, !Contains("accura") && !Contains("(%)"));
      if (figure.name.starts_with("front")) CHECK_THAT(figure.script, Contains("lower is better"));
      by_metric |= figure.name == std::string(metric) + "-by-p";
      if (!figure.name.starts_with("curve")) continue;
      CHECK_THAT(figure.script, Contains("set xlabel 'step'") && Contains("\n2000 "));
      by_step = true;
    }
    CHECK(by_metric);
    CHECK(by_step);
  }
  export_netcdf(s, folder / "out");
  const hdf5::Reader file(folder / "out" / "study.nc");
  for (const char* gone : {"/test_accuracy", "/trials/test_accuracy", "/curves/validation_accuracy"})
    CHECK_FALSE(file.has(gone));
  for (const auto& [path, unit] : {std::pair{"/test_loss", "nat"},
                                   {"/test_bits_per_byte", "bit"},
                                   {"/trials/validation_bits_per_byte", "bit"},
                                   {"/curves/validation_loss", "nat"}}) {
    CHECK(file.attribute(path, "units") == unit);
    CHECK_FALSE(file.attribute(path, "long_name").empty());
  }
  const Study classifiers = read_study({write_sample_study(folder.path)});
  export_csv(classifiers, folder / "sample");
  CHECK_THAT(read_file(folder / "sample" / "curves.csv"),
             Contains("epoch,step,train_loss,train_accuracy,validation_loss,validation_accuracy,test_loss,"
                      "test_accuracy,seconds\n") &&
                 !Contains("bits"));
}

TEST_CASE("a report of language models speaks of losses, n-grams, steps") {
  const TemporaryFolder folder;
  const Study s = read_study({write_language_study(folder.path)});
  const Json report = gather_report(s);
  check_words(all_of(report["summary"]) + all_of(report["notes"]));
  const std::string summary = all_of(report["summary"]);
  CHECK_THAT(summary, Contains("The best mean loss is") && Contains("; perplexity ") &&
                          Contains("lower is better") && Contains("the best is the 4-gram with 2.0200 nat") &&
                          Contains("all of 5 Transformer cells are better than it") &&
                          Contains("no more than 0.02 nat above the baseline") && Contains("dct below"));
  CHECK(report["measure"]["lower"] == true);
  CHECK(report["measure"]["unit"] == "nat");
  CHECK(report["margin"] == 0.02);
  CHECK(report["majority"].is_null());
  CHECK(report["confusion"]["cells"].empty());
  CHECK(report["ngrams"].size() == 1);
  CHECK(report["ngrams"][0]["rows"][0]["name"] == "unigram");
  std::vector<std::string> curves;
  for (const Json& figure : report["figures"]) {
    if (figure["kind"] != "curves") continue;
    curves.push_back(figure["id"]);
    CHECK(figure["curves"][0]["x"][7] == 2000);
  }
  CHECK(curves == std::vector<std::string>{"curve-loss", "curve-bits-per-byte"});
  CHECK(report["failures"].size() == 2);
  CHECK_FALSE(report.dump().find("accuracy") != std::string::npos);
  CHECK(make_report(s).size() > 100000);
}

TEST_CASE("figures of each metric as people read them") {
  const auto of = [](const char* name) {
    return Measure{&metric_of(name), true, std::string(name) != "accuracy", {}};
  };
  const Measure accuracy = of("accuracy"), loss = of("loss"), perplexity = of("perplexity"),
                bits = of("bits_per_byte");
  CHECK(accuracy.with_unit(0.7912) == "79.12 %");
  CHECK(accuracy.difference(0.0031) == "+0.31");
  CHECK(accuracy.difference(-0.00001) == "0.00");
  CHECK(accuracy.amount(0.01) == "1 point");
  CHECK(accuracy.amount(0.005) == "0.5 points");
  CHECK(accuracy.axis() == "test accuracy (%)");
  CHECK(loss.with_unit(1.88572) == "1.8857 nat");
  CHECK(loss.difference(-0.02) == "\u22120.0200");
  CHECK(loss.amount(0.02) == "0.02 nat");
  CHECK(loss.axis() == "test loss (nat)");
  CHECK(perplexity.with_unit(std::log(6.5)) == "6.500");
  CHECK(perplexity.difference(0.0123) == "+0.0123");
  CHECK(perplexity.spread(std::log(6.5), 0.01) == "0.065");
  CHECK(perplexity.axis() == "test perplexity");
  CHECK(bits.with_unit(2.5) == "2.5000 bit");
  CHECK(bits.axis() == "test bits per byte");
  for (const Measure& m : {accuracy, loss, perplexity, bits}) {
    CHECK(m.figure(std::nan("")).empty());
    CHECK(m.with_unit(std::nan("")).empty());
    CHECK(m.difference(std::nan("")).empty());
    CHECK_FALSE(m.better(std::nan("")));
  }
  CHECK(better(metric_of("test_accuracy"), 0.9, 0.8));
  CHECK(better(metric_of("validation_loss"), 0.8, 0.9));
  CHECK_FALSE(better(metric_of("loss"), std::nan(""), 0.9));
  CHECK_FALSE(better(metric_of("loss"), 0.9, std::nan("")));
}

// The one list behind all of it is core/metrics.cpp: no reader asks whether something is called accuracy.
TEST_CASE("no source of analysis compares a metric's name") {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(TUBAL_SOURCE "/analysis")) {
    const std::string type = entry.path().extension().string();
    if (type != ".cpp" && type != ".hpp" && type != ".js") continue;
    const std::string text = read_file(entry.path());
    CAPTURE(entry.path());
    for (const std::string name : {"test_accuracy", "validation_accuracy", "accuracy", "loss", "perplexity"})
      for (const std::string& compared :
           {"== \"" + name + "\"", "=== \"" + name + "\"", "!= \"" + name + "\""})
        CHECK(text.find(compared) == text.npos);
  }
}

// tests/report/report.py, tests/exports/check_compare.py and check_exports.py run these by name and judge
// what commands make of the studies.
TEST_CASE("write the language study") {
  const AskedFolder folder;
  const Study s = read_study({write_language_study(folder.path)});
  REQUIRE(s.rows.size() == 30);
  for (std::size_t r = 0; r < s.rows.size(); ++r) CHECK(s.language(r));
}
TEST_CASE("write the study of both tasks") {
  const AskedFolder folder;
  const std::filesystem::path written = write_language_study(folder.path, {"both", true, false, 6});
  for (const char* task : {"language_model", "classification"}) {
    const Study s = read_study({written}, {false, false, task});
    CHECK(!s.rows.empty());
    CHECK(s.other_task > 0);
    for (std::size_t r = 0; r < s.rows.size(); ++r)
      CHECK(s.language(r) == (std::string(task) == "language_model"));
  }
}
