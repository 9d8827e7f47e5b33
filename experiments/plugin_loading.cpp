#include "core/error.hpp"
#include "experiments/identity.hpp"
#include "transforms/plugins.hpp"

namespace tubal {

// The digest is part of a trial's identity, so a file that has changed since is another plug-in.
void load_study_plugins(const std::vector<PluginFile>& plugins) {
  for (const PluginFile& wanted : plugins) {
    const Plugin& found = load_plugin(wanted.path);
    if (found.sha256 != wanted.sha256)
      throw UsageError(wanted.path, 0, "plugins",
                       "the file has changed: its SHA-256 is " + found.sha256 +
                           ", the study was planned with " + wanted.sha256 +
                           "; plan it again, or put the former file back");
  }
}

}  // namespace tubal
