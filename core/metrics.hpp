// What trials are judged by: direction and unit of each metric, for training, statistics, tables and reports.
#pragma once
#include <span>
#include <string_view>

namespace tubal {

enum class Better { higher, lower };

/// One metric; the files name it by part: train_<name>, validation_<name>, test_<name>.
struct Metric {
  const char* name;
  const char* title;            // as people read it
  const char* unit;             // of a figure as it is shown
  const char* difference_unit;  // of a difference as it is shown
  double scale;                 // shown = scale * stored
  int decimals;                 // of a figure as it is shown
  Better better;
  double margin;       // of non-inferiority where none is given, as stored
  bool language;       // of language models
  bool classifier;     // of classifiers
  const char* stored;  // the metric that files hold of it: a perplexity is exp(loss), shown, never stored
};

/// Every metric, the one that a task is judged by first: accuracy and loss of classifiers, loss, perplexity
/// and bits per byte of language models.
std::span<const Metric> metrics();

/// The metric of a column such as test_accuracy, by its end; throws Error naming the metrics for another.
const Metric& metric_of(std::string_view column);
/// What a task is judged by where nothing else was asked for.
const Metric& first_metric(bool language);
bool is_of(const Metric& metric, bool language);

/// Larger is better: x, or -x where lower is better; NaN stays NaN.
double worth(const Metric& metric, double x);
/// Whether `a` is better than `b`; a NaN is never better.
bool better(const Metric& metric, double a, double b);

}  // namespace tubal
