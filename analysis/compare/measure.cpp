#include "analysis/compare/measure.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/read/text.hpp"
#include "core/error.hpp"
#include "core/typed.hpp"

namespace tubal::analysis {

namespace {

std::string fixed(double x, int decimals) {
  return text::format(("%." + std::to_string(decimals) + "f").c_str(), x);
}

// Differences, deviations and margins have the scale and the decimals of what is stored.
const Metric& stored(const Measure& m) { return metric_of(m.metric->stored); }

// Complete trials, and those of them that have a figure in the column.
struct Known {
  std::size_t complete = 0, known = 0;
  bool any() const { return known > 0 || complete == 0; }
  bool all() const { return known == complete; }
};

Known known(const Study& s, const std::string& column) {
  Known k;
  const auto found = s.columns.find(column);
  for (std::size_t r = 0; r < s.rows.size(); ++r) {
    if (!s.rows[r].complete()) continue;
    ++k.complete;
    k.known +=
        found != s.columns.end() && !found->second.numbers.empty() && !std::isnan(found->second.numbers[r]);
  }
  return k;
}

// Keys of the data that leave the training part's text as it is, from which the vocabulary is learnt.
const std::set<std::string> beside_vocabulary = {"data.max_length", "data.truncation", "data.cross_documents",
                                                 "data.label",      "data.test",       "data.test_rows"};

// All trials learn one vocabulary: whatever else of the data there is, rows and splits too, is the same.
bool one_tokenizer(const Study& s) {
  for (const auto& [key, column] : s.columns)
    if (key.starts_with("data.") && !beside_vocabulary.count(key) &&
        std::set<std::string>(column.texts.begin(), column.texts.end()).size() > 1)
      return false;
  return true;
}

bool task_of(const Study& s) {
  std::size_t language = 0;
  for (std::size_t r = 0; r < s.rows.size(); ++r) language += s.language(r);
  if (language && language < s.rows.size())
    throw UsageError("study " + s.name + " holds " + text::plural(s.rows.size() - language, "classifier") +
                     " and " + text::plural(language, "language model") +
                     ": accuracies and losses do not meet in one table. Choose: --task classification or "
                     "--task language_model.");
  return language > 0;
}

std::vector<Measure> all_measures(bool language) {
  std::vector<Measure> all;
  for (const bool test : {true, false})
    for (const Metric& m : metrics())
      if (is_of(m, language)) all.push_back({&m, test, language, {}});
  return all;
}

[[noreturn]] void refuse(const Study& s, const std::string& wanted, bool language) {
  std::vector<std::string> names, columns;
  for (const Measure& m : all_measures(language)) {
    if (!known(s, m.column()).any()) continue;
    columns.push_back(m.name());
    if (std::find(names.begin(), names.end(), m.metric->name) == names.end()) names.push_back(m.metric->name);
  }
  std::vector<std::string> all = names;
  all.insert(all.end(), columns.begin(), columns.end());
  const std::string hint = did_you_mean(wanted, all);
  throw UsageError("--metric " + wanted + ": study " + s.name + ", of " +
                   (language ? "language models" : "classifiers") + ", has no figure of it. " +
                   (hint.empty() ? "" : hint + " ") +
                   (columns.empty() ? "There are none yet."
                                    : "There are " + join(names) + "; of one part: " + join(columns) + "."));
}

// The test part where all have it there; else the validation part, said in a note.
void choose_part(const Study& s, Measure& m) {
  m.test = true;
  const Known of_test = known(s, m.column());
  m.test = false;
  const Known of_validation = known(s, m.column());
  // Classifiers always have a test part; one without a figure there is named as such.
  m.test = m.language ? of_test.all() : of_test.any() || !of_validation.known;
  if (m.test) return;
  m.notes.push_back(
      (of_test.known == 0 ? "no complete trial has a figure on a test part"
                          : text::plural(of_test.complete - of_test.known, "complete trial") + " of " +
                                std::to_string(of_test.complete) + " without a figure on the test part") +
      ", so the validation part is what is judged; each trial's best epoch was chosen on it, so new "
      "texts come out a little worse.");
}

}  // namespace

std::string Measure::part() const { return test ? "test" : "validation"; }
std::string Measure::name() const { return part() + "_" + metric->name; }
std::string Measure::column() const { return part() + "_" + metric->stored; }
std::string Measure::title() const { return part() + " " + metric->title; }
bool Measure::exponential() const { return std::string(metric->name) != metric->stored; }
bool Measure::lower() const { return metric->better == Better::lower; }
double Measure::shown(double x) const { return exponential() ? std::exp(x) : metric->scale * x; }
std::string Measure::figure(double x) const { return fixed(shown(x), metric->decimals); }

// "bits per byte" says its unit itself.
std::string Measure::head() const {
  const std::string title = metric->title, unit = metric->unit;
  return title + (unit.empty() || title.find(unit) != std::string::npos ? "" : " (" + unit + ")");
}

std::string Measure::axis() const { return part() + " " + head(); }

std::string Measure::sentence() const {
  const std::string unit = metric->unit;
  return title() + (head() == metric->title ? "" : " in " + unit) +
         (exponential() ? " (exp of the mean loss; lower is better)"
          : lower()     ? " (lower is better)"
                        : "") +
         ", differences " + (exponential() ? "of the loss " : "") + "in " + metric->difference_unit;
}

std::string Measure::with_unit(double x) const {
  const std::string unit = metric->unit, shown = figure(x);
  return shown.empty() || unit.empty() ? shown : shown + " " + unit;
}

std::string Measure::difference(double d) const {
  const Metric& m = stored(*this);
  std::string s = fixed(m.scale * d, m.decimals);
  if (s.empty()) return s;
  const std::string zero = fixed(0, m.decimals);
  if (s == zero || s == "-" + zero) return zero;
  return s[0] == '-' ? "\u2212" + s.substr(1) : "+" + s;
}

std::string Measure::deviation(double x) const {
  return fixed(stored(*this).scale * x, stored(*this).decimals);
}

std::string Measure::spread(double mean, double x) const {
  return exponential() ? fixed(std::exp(mean) * x, metric->decimals) : deviation(x);
}

std::string Measure::amount(double d) const {
  const double shown = stored(*this).scale * d;
  std::string unit = metric->difference_unit;
  if (shown == 1 && unit.ends_with("s")) unit.pop_back();
  return text::format("%.3g", shown) + " " + unit;
}

Measure measure_of(const Study& s, const std::string& wanted) {
  const bool language = task_of(s);
  Measure m{&first_metric(language), true, language, {}};
  const bool shared = !language || one_tokenizer(s);
  if (wanted.empty()) {
    if (!shared) m.metric = &metric_of("bits_per_byte");
    choose_part(s, m);
    if (language)
      m.notes.push_back(
          shared ? "judged by the loss a token, since all trials share one tokenizer; `--metric "
                   "bits_per_byte` compares with others."
                 : "judged by bits per byte, since tokenizers differ between trials and a token of one "
                   "is not a token of another; `--metric loss` shows nat a token.");
    return m;
  }
  for (const Measure& known_one : all_measures(language)) {
    const bool whole = wanted == known_one.name();
    if (!whole && wanted != known_one.metric->name) continue;
    m.metric = known_one.metric;
    m.test = known_one.test;
    if (!whole) choose_part(s, m);
    if (!known(s, m.column()).any()) break;
    if (!shared && m.column() != m.part() + "_bits_per_byte")
      m.notes.push_back(
          "tokenizers differ between trials, so losses and perplexities are of different tokens and do "
          "not compare between them; bits per byte do (`--metric bits_per_byte`).");
    return m;
  }
  refuse(s, wanted, language);
}

std::vector<Measure> measures_beside(const Study& s, const Measure& measure) {
  std::vector<Measure> beside;
  if (!measure.language) return beside;
  const bool shared = one_tokenizer(s);
  for (const Measure& m : all_measures(true))
    if (m.test == measure.test && m.metric != measure.metric && known(s, m.column()).known > 0 &&
        (shared || !(m.column() == m.part() + "_loss")))
      beside.push_back(m);
  return beside;
}

bool belongs(const Study& s, const std::string& column) {
  for (const std::string part : {"train_", "validation_", "test_"})
    for (const Metric& m : metrics()) {
      if (column != part + m.name) continue;
      if (s.rows.empty()) return is_of(m, false);
      for (std::size_t r = 0; r < s.rows.size(); ++r)
        if (is_of(m, s.language(r))) return true;
      return false;
    }
  return true;
}

}  // namespace tubal::analysis
