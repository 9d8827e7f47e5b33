// Plug-ins: shared libraries with a transform (plugin.h), checked by the table of laws when they are loaded.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "transforms/transform.hpp"

namespace tubal {

struct Plugin {
  std::filesystem::path file;
  std::string sha256;    // of the file
  TransformEntry entry;  // name, summary, allowed p
};

/// Loads a shared library and checks it on law_lengths(). Throws UsageError for a missing file, another
/// version, a name that is taken, and for a broken law, with the law, p and the figure. Loading the same
/// content again does nothing.
const Plugin& load_plugin(const std::filesystem::path& file);
void load_plugins(const std::vector<std::string>& files);
/// Files, and folders of *.so, in TUBAL_PLUGIN_PATH, apart by colons; once a process. make_transform and
/// loaded_plugins() see to it.
void load_plugins_from_environment();
/// Every plug-in loaded so far, in order.
std::vector<const Plugin*> loaded_plugins();
/// SHA-256 of the plug-in that provides this transform, "" for a built-in or unknown one.
std::string plugin_digest(const std::string& transform);

}  // namespace tubal
