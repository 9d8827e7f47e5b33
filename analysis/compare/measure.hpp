// What the cells of a study are judged by: a metric on a part of the data, with its direction, unit and
// words. Tables, figures and reports take all of it from here; core/metrics.hpp is the one list behind it.
#pragma once
#include <string>
#include <vector>

#include "analysis/read/study.hpp"
#include "core/metrics.hpp"

namespace tubal::analysis {

/// Statistics are those of `column()`. A perplexity is shown as exp of a mean loss, which is the
/// geometric mean of the trials' perplexities; its differences, intervals of them and tests are
/// those of the losses, in nat.
struct Measure {
  const Metric* metric = &first_metric(false);
  bool test = true;                // on the test part, else on the validation part
  bool language = false;           // of a study of language models
  std::vector<std::string> notes;  // why this one: what a reader must know

  std::string part() const;                    // test | validation
  std::string name() const;                    // test_perplexity
  std::string column() const;                  // test_loss
  std::string title() const;                   // test perplexity
  std::string axis() const;                    // test accuracy (%), test loss (nat), test perplexity
  std::string head() const;                    // the same without the part
  std::string sentence() const;                // "test loss in nat (lower is better), differences in nat"
  bool exponential() const;                    // shown = exp(stored)
  bool lower() const;                          // lower is better
  double shown(double x) const;                // 79.12 of 0.7912; exp(x) of a loss
  std::string figure(double x) const;          // 79.12; "" for NaN
  std::string with_unit(double x) const;       // 79.12 %
  std::string difference(double d) const;      // +0.31, with a true minus sign
  std::string deviation(double x) const;       // of differences, or of the stored figures: 0.31
  std::string spread(double, double x) const;  // deviation of a mean as it is shown: of a perplexity exp(m) x
  std::string amount(double d) const;          // 0.5 points, 1 point, 0.02 nat
  double worth(double x) const { return tubal::worth(*metric, x); }
  bool better(double difference) const { return worth(difference) > 0; }
};

/// The measure that `wanted` means: a metric's name, a column's, or "": accuracy of classifiers; loss of
/// language models that share one tokenizer, else bits per byte. A metric's name is of the test part where
/// every complete trial has it there, else of the validation part. Throws UsageError naming the measures that
/// there are, and where the study holds trials of both tasks.
Measure measure_of(const Study& study, const std::string& wanted);

/// Other metrics of the same part, which stand beside it in tables: of language models, where trials have
/// them. Loss and perplexity of several tokenizers do not compare, so they are left out.
std::vector<Measure> measures_beside(const Study& study, const Measure& measure);

/// Whether a column of /trials or of a trial's evaluation is a metric of a task that the study has, or no
/// metric at all.
bool belongs(const Study& study, const std::string& column);

}  // namespace tubal::analysis
