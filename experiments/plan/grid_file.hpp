// A grid file with the files that it builds on and the command line's additions, before expansion.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "experiments/config/assignment.hpp"
#include "experiments/config/config.hpp"

namespace tubal {

/// What the command line adds to a grid file.
struct GridOptions {
  std::vector<std::string> set;      // "key=value": everything after the first = is literal
  std::vector<std::string> sweep;    // "key=a,b,c": one more axis
  std::vector<std::string> plugins;  // further plug-in files
};

struct GridFile {
  std::string file;    // as given, for errors
  std::string folder;  // absolute; relative paths start here
  Settings base;       // all layers applied: base files, the grid's own values, --set
  Layer written;       // every assignment in that order, to find lines for errors
  std::optional<YamlNode> sweep, baseline;
  std::vector<std::uint64_t> seeds;
  std::vector<PluginFile> plugins;
  /// Absolute path and text: this file, and its bases before it.
  std::vector<std::pair<std::string, std::string>> texts;
  std::vector<std::string> warnings;
};

/// `elsewhere`: the trials run on other machines, so what this one lacks is a warning.
GridFile read_grid_file(const std::string& file, const GridOptions& options, bool elsewhere = false);

}  // namespace tubal
