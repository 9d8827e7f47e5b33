// The axes of a sweep's block: `grid` and `zip` as alternatives, and every combination of them.
#pragma once
#include <string>
#include <vector>

#include "experiments/config/yaml_tree.hpp"
#include "experiments/plan/sweep.hpp"

namespace tubal::sweeping {

/// Alternatives, one of which each cell takes.
using Axis = std::vector<const Layer*>;

/// Unless the node is of this kind: what was found, and an example of what is needed.
void need(YamlNode::Kind kind, const YamlNode& node, const std::string& key, const std::string& example);

/// Reads axes and keeps their layers in the sweep, which learns what is swept in the order of the file.
class AxisReader {
 public:
  explicit AxisReader(Sweep& out) : out_(out) {}

  /// Of `grid` and `zip`.
  std::vector<Axis> axes(const YamlNode& block);
  /// "key: [a, b, c]": a point for each value.
  Axis axis(const std::string& key, const YamlNode& list);
  /// One point, kept and named; one that the command line brings is named later.
  const Layer* keep(Layer layer);
  void name(const Layer& layer);

  bool including = false;  // what is named now stands in `include` alone

 private:
  Axis zip(const std::string& name, const YamlNode& node);

  Sweep& out_;
};

/// A layer that may stand in a sweep.
Layer sweepable(Layer layer);
/// No two axes of a block may set one key: the later would win in silence.
void unique(const std::vector<Axis>& axes);
/// Each cell with each combination of points; UsageError beyond a million.
std::vector<Cell> product(std::vector<Cell> cells, const std::vector<Axis>& axes, const Location& at);

}  // namespace tubal::sweeping
