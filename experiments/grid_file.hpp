// A grid file with the files that it builds on and the command line's additions, before expansion.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "experiments/assignment.hpp"
#include "experiments/grid.hpp"

namespace tubal {

struct GridFile {
  std::string file;    // as given, for errors
  std::string folder;  // absolute; relative paths start here
  Settings base;       // all layers applied: base files, the grid's own values, --set
  Layer written;       // every assignment in that order, to find lines for errors
  std::optional<YamlNode> sweep, baseline;
  std::vector<std::uint64_t> seeds;
  std::vector<PluginFile> plugins;
  std::vector<std::pair<std::string, std::string>>
      texts;  // absolute path and text: this file, and its bases before it
  std::vector<std::string> warnings;
};

/// `elsewhere`: the trials run on other machines, so what this one lacks is a warning.
GridFile read_grid_file(const std::string& file, const GridOptions& options, bool elsewhere = false);

/// load_grid() for trials that run on other machines.
StudyPlan load_grid_for_others(const std::string& file, const GridOptions& options);

}  // namespace tubal
