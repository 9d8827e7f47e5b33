// The plug-ins of a study.
#pragma once
#include <vector>

#include "experiments/config/config.hpp"

namespace tubal {

/// Loads the plug-ins of a study, each file once in a process.
void load_study_plugins(const std::vector<PluginFile>& plugins);

}  // namespace tubal
