#include "core/error.hpp"
#include "experiments/identity.hpp"

namespace tubal {

void load_study_plugins(const std::vector<PluginFile>& plugins) {
  if (!plugins.empty()) throw UsageError("", 0, "plugins", "this build loads no plug-ins");
}

}  // namespace tubal
