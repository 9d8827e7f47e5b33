#include "experiments/config/plugin_loading.hpp"

#include "core/error.hpp"
#include "core/sha256.hpp"
#include "transforms/plugins.hpp"

namespace tubal {

// The digest is part of a trial's identity, so a file that has changed since is another plug-in.
void load_study_plugins(const std::vector<PluginFile>& plugins) {
  for (const PluginFile& wanted : plugins) {
    const Plugin& found = load_plugin(wanted.path);
    if (found.sha256 != wanted.sha256)
      throw UsageError(wanted.path, 0, "plugins",
                       "the file " + words(Cause::changed) + ": its SHA-256 is " +
                           short_digest(found.sha256) + " now, " + short_digest(wanted.sha256) +
                           " then. `tubal run` on the study plans new trials for the file as it is; put the "
                           "former one back to go on with this one",
                       Cause::changed);
  }
}

}  // namespace tubal
