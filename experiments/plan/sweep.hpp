// sweep: from blocks of grid, zip, when, exclude, sample and include to the list of
// cells (points without seeds).
#pragma once
#include <deque>
#include <string>
#include <vector>

#include "experiments/config/assignment.hpp"

namespace tubal {

/// Layers to apply one after another over the grid's own values.
using Cell = std::vector<const Layer*>;

struct Sweep {
  std::vector<std::string> axes;   // swept keys, in the order of the file
  std::vector<std::string> aside;  // those that only `include` sets: labels leave out the grid's own value
  std::vector<Cell> cells;
  std::vector<std::string> warnings;
  std::deque<Layer> layers;  // what the cells point to
};

/// Expands `sweep` (null: no such key) over `base`; `axes` are the command line's, each with its points.
/// Throws UsageError.
Sweep expand(const YamlNode* sweep, const Settings& base, const std::vector<std::vector<Layer>>& axes);

/// `base` with the layers of `cell` applied.
Settings at_cell(const Settings& base, const Cell& cell);
/// The same with heads and heads_per_slice following from each other and the shortest list of transforms, for
/// comparing and showing.
Settings agreed(Settings settings);

}  // namespace tubal
