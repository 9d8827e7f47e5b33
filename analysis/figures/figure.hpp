// A figure as numbers and words, whoever draws it: the report's scripts, or gnuplot for papers.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "analysis/statistics/nan.hpp"

namespace tubal::analysis {

enum class FigureKind {
  against,  // a quantity against a factor, lines between cells that differ in it alone
  front,    // the metric against a cost, with the cells that no other beats in both
  curves,   // a metric over the training
};

struct FigureAxis {
  enum class Scale { linear, log, names };
  std::string title;  // with its unit
  Scale scale = Scale::linear;
  bool prefixes = false;            // ticks as 20 k, 3 M, 5 G
  bool from_zero = false;           // else from about the lowest value
  std::vector<std::string> values;  // of a factor, as it is written; on a scale of names `at` is 0, 1, ...
  std::vector<double> at;
};

/// A mean over the seeds of a cell, as it is shown, with its interval (NaN where there is none).
struct FigurePoint {
  std::size_t cell = 0;  // in Study::cells
  std::string panel, series;
  double x = nan, y = nan, low = nan, high = nan;
  bool front = false;
};

/// Points of a figure against a factor that differ in it alone; one of p = 1 may end several lines.
struct FigureLine {
  std::string panel, series;
  std::vector<std::size_t> points;  // in Figure::points
};

/// One cell and part of the data over epochs or steps: mean, lowest and highest over `seeds` seeds each.
struct FigureCurve {
  std::size_t cell = 0;
  std::string panel, series, part;
  std::vector<double> x, mean, low, high;
  std::vector<std::size_t> seeds;
};

/// What needs no training, or the baseline where it is no point: a line across a panel.
struct FigureReference {
  std::string panel, kind, name;  // kind: baseline | bag | ngram
  double y = nan;
  std::optional<std::size_t> cell;  // what its words are of, where it is one
};

struct Figure {
  FigureKind kind = FigureKind::against;
  std::string id;       // of the page's element and of the exported files: accuracy-by-p
  std::string section;  // of the report
  std::string title, note;
  FigureAxis x, y;
  bool small = false;                 // one of several beside each other, in one panel
  std::optional<std::size_t> colour;  // the factor whose values the series are
  std::vector<std::string> panels;    // in order; one alone is "all"
  std::vector<FigurePoint> points;
  std::vector<FigureLine> lines;
  std::vector<FigureCurve> curves;
  std::vector<FigureReference> references;
};

}  // namespace tubal::analysis
