// Which cells a line of a figure joins: those that differ in one factor alone.
#pragma once
#include <cmath>
#include <set>

#include "analysis/figures/table.hpp"

namespace tubal::analysis {

/// What is drawn of a cell by a row of kind `against`: its quantity, or the judged metric with its interval.
struct Subject {
  const Scene& scene;
  const FigureRow& row;
  const Measure& measure() const { return scene.comparison.measure; }
  bool judged() const { return row.quantity == nullptr; }
  std::string title() const { return judged() ? measure().axis() : row.quantity->title; }
  std::string name() const { return judged() ? measure().metric->name : row.quantity->name; }
  double of(const CellResult& r) const { return judged() ? measure().shown(r.mean) : row.quantity->of(r); }
  bool drawable(const CellResult& r) const {
    return r.seeds > 0 && std::isfinite(of(r)) && (judged() || of(r) > 0);
  }
  const std::string& value(const CellResult& r, std::size_t k) const { return scene.cell(r).values[k]; }
  bool any(const CellResult& r, std::size_t k) const { return stands_for_all(scene.study, scene.cell(r), k); }
  bool transformer(const CellResult& r) const {
    return r.seeds > 0 && !is_bag_of_words(scene.study, scene.cell(r));
  }
  FigurePoint point(const CellResult& r) const {
    FigurePoint p;
    p.cell = r.cell;
    p.y = of(r);
    if (judged() && !std::isnan(r.interval.low)) {
      p.low = measure().shown(r.interval.low);
      p.high = measure().shown(r.interval.high);
    }
    return p;
  }
};

struct ComparableLine {
  std::vector<const CellResult*> members;
  std::string panel, series;
};

/// Of the factors beside the k-th, one gives the series and the others panels. A cell for which another
/// factor has no effect (p = 1) is a member of every line that it fits. No line has less than two values.
struct Comparable {
  std::optional<std::size_t> colour;
  std::vector<ComparableLine> lines;
  std::vector<std::string> panels;  // of the lines, in order
  std::set<std::string> present;    // values of the k-th factor
};
Comparable comparable(const Subject& subject, std::size_t k);

}  // namespace tubal::analysis
