// sweep.sample: some cells of a block, drawn by a seed.
#pragma once
#include <string>
#include <vector>

#include "experiments/config/yaml_tree.hpp"
#include "experiments/plan/sweep.hpp"

namespace tubal::sweeping {

/// Leaves {count, seed} of the cells, without repetition and in their order: the first of a seeded shuffle.
/// Returns what to warn of ("" for nothing); UsageError for a bad map.
std::string draw_cells(const YamlNode& sample, std::vector<Cell>& cells);

}  // namespace tubal::sweeping
