#include "transforms/plugins.hpp"

#include <dlfcn.h>
#include <elf.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <list>
#include <mutex>
#include <sstream>

#include "core/environment.hpp"
#include "core/error.hpp"
#include "core/sha256.hpp"
#include "transforms/laws.hpp"
#include "transforms/plugin_transform.hpp"
#include "transforms/plugin_trial.hpp"

namespace tubal {
namespace {

namespace fs = std::filesystem;

// Loaded libraries stay loaded: plans point into them.
struct Loaded : Plugin {
  const tubal_transform* functions;
};
struct Registry {
  std::recursive_mutex lock;
  std::list<Loaded> plugins;
};
Registry& registry() {
  static Registry& all = *new Registry;  // never destroyed: plans may outlive static objects
  return all;
}

std::string figure(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2g", value);
  return text;
}

[[noreturn]] void refuse(const fs::path& file, const std::string& message) {
  throw UsageError(file.string(), 0, "", message);
}

// A library that is cut off behind what is loaded would load all the same; its section headers stand last.
void check_whole(const fs::path& file) {
  Elf64_Ehdr head{};
  std::ifstream(file, std::ios::binary).read(reinterpret_cast<char*>(&head), sizeof head);
  if (std::memcmp(head.e_ident, ELFMAG, SELFMAG) || head.e_ident[EI_CLASS] != ELFCLASS64)
    return;  // dlopen says what it is
  const std::uintmax_t size = fs::file_size(file), headers = std::uintmax_t{head.e_shnum} * head.e_shentsize;
  if (head.e_shoff > size || headers > size - head.e_shoff)
    refuse(file, "is no shared library that can be loaded: it is cut off at " + std::to_string(size) +
                     " of " + std::to_string(head.e_shoff + headers) + " bytes; build it or copy it again");
}

const tubal_transform* entry_point(const fs::path& file, const TellStage& stage) {
  stage("it was loaded");
  void* library = dlopen(fs::absolute(file).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) refuse(file, std::string("is no shared library that can be loaded: ") + dlerror());
  const auto entry = reinterpret_cast<const tubal_transform* (*)()>(dlsym(library, "tubal_plugin"));
  if (!entry)
    refuse(file,
           "exports no `tubal_plugin`; a plug-in is made with transforms/plugin.h or plugin.hpp (see "
           "transforms/README.md)");
  const tubal_transform* functions = nullptr;
  stage("its `tubal_plugin` was called");
  try {
    functions = entry();
  } catch (...) {
    refuse(file, "its `tubal_plugin` threw an exception");
  }
  if (!functions) refuse(file, "its `tubal_plugin` returned nothing");
  if (functions->version != TUBAL_PLUGIN_VERSION)
    refuse(file, "is a plug-in of version " + std::to_string(functions->version) +
                     "; this program takes version " + std::to_string(TUBAL_PLUGIN_VERSION) +
                     ". Build it again with this program's plugin.h");
  if (functions->size != sizeof(tubal_transform))
    refuse(file, "its structure has " + std::to_string(functions->size) + " bytes, version 1 has " +
                     std::to_string(sizeof(tubal_transform)) + "; set size = sizeof(tubal_transform)");
  return functions;
}

void check_statement(const fs::path& file, const tubal_transform& t) {
  const std::string name = t.name ? t.name : "";
  if (name.empty() || name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos)
    refuse(file, "its name `" + name + "` is not made of lower-case letters, digits and _");
  for (const TransformEntry& e : transform_table())
    if (e.name == name) refuse(file, "its name `" + name + "` is a built-in transform's; choose another");
  for (const Loaded& other : registry().plugins)
    if (other.entry.name == name)
      refuse(file, "its name `" + name + "` is taken by " + other.file.string() + "; choose another");
  if (!t.matrix) refuse(file, "plug-in `" + name + "` has no function `matrix`");
  const int learned = !!t.parameter_count + !!t.initial_parameters + !!t.gradient;
  if (learned != 0 && learned != 3)
    refuse(file, "plug-in `" + name + "` has " + std::to_string(learned) +
                     " of parameter_count, initial_parameters and gradient; a learned transform has all "
                     "three, a fixed one none");
}

void check(const fs::path& file, const tubal_transform& functions, const TellStage& stage) {
  stage("its laws were checked");
  TransformSpec spec;
  spec.name = functions.name;
  std::vector<std::string> broken;
  int taken = 0;
  try {
    const auto transform = make_plugin_transform(functions, spec);
    for (const int p : law_lengths()) taken += !transform->refuses(p);
    if (taken)
      for (const Law& l : check_laws(*transform, law_lengths()))
        if (!l.holds())
          broken.push_back("`" + l.law + "` at p = " + std::to_string(l.p) + " (error " + figure(l.error) +
                           ", allowed " + figure(l.bound) + ")");
  } catch (const std::exception& e) {
    refuse(file, std::string("refused. ") + e.what());
  }
  if (!taken) {
    std::vector<std::string> lengths;
    for (const int p : law_lengths()) lengths.push_back(std::to_string(p));
    refuse(file, "plug-in `" + spec.name +
                     "` refused: it takes none of the p on which it could be checked: " + join(lengths));
  }
  if (!broken.empty())
    refuse(file, "plug-in `" + spec.name + "` refused. Broken laws: " + join(broken, "; "));
}

}  // namespace

const Plugin& load_plugin(const fs::path& file) {
  const std::lock_guard<std::recursive_mutex> guard(registry().lock);
  std::error_code none;
  if (!fs::is_regular_file(file, none)) refuse(file, "there is no such plug-in file");
  const std::string digest = sha256_file(file);
  for (const Loaded& p : registry().plugins)
    if (p.sha256 == digest) return p;
  check_whole(file);
  try_in_child(file, [&](const TellStage& stage) {
    const tubal_transform* t = entry_point(file, stage);
    check_statement(file, *t);
    check(file, *t, stage);
  });
  const tubal_transform* t = entry_point(file, [](const char*) {});
  check_statement(file, *t);
  Loaded p;
  p.file = file;
  p.sha256 = digest;
  p.functions = t;
  p.entry.name = t->name;
  p.entry.summary = t->summary ? t->summary : "plug-in";
  p.entry.allowed_p = t->allowed_p ? t->allowed_p : "see its author";
  p.entry.make = [](const TransformSpec& spec) -> std::unique_ptr<Transform> {
    const std::lock_guard<std::recursive_mutex> inner(registry().lock);
    for (const Loaded& l : registry().plugins)
      if (l.entry.name == spec.name) return make_plugin_transform(*l.functions, spec);
    throw UsageError("", 0, "model.transform", "`" + spec.name + "` is no loaded plug-in");
  };
  return registry().plugins.emplace_back(std::move(p));
}

void load_plugins(const std::vector<std::string>& files) {
  for (const std::string& file : files) load_plugin(file);
}

void load_plugins_from_environment() {
  static std::once_flag once;
  std::call_once(once, [] {
    std::istringstream items(environment("TUBAL_PLUGIN_PATH").value_or(""));
    for (std::string item; std::getline(items, item, ':');) {
      if (item.empty()) continue;
      std::error_code none;
      if (!fs::is_directory(item, none)) {
        load_plugin(item);
        continue;
      }
      std::vector<fs::path> files;
      for (const auto& entry : fs::directory_iterator(item))
        if (entry.path().extension() == ".so") files.push_back(entry.path());
      std::sort(files.begin(), files.end());
      for (const fs::path& file : files) load_plugin(file);
    }
  });
}

std::vector<const Plugin*> loaded_plugins() {
  load_plugins_from_environment();
  const std::lock_guard<std::recursive_mutex> guard(registry().lock);
  std::vector<const Plugin*> out;
  for (const Loaded& p : registry().plugins) out.push_back(&p);
  return out;
}

std::string plugin_digest(const std::string& transform) {
  for (const TransformEntry& e : transform_table())
    if (e.name == transform) return "";
  for (const Plugin* p : loaded_plugins())
    if (p->entry.name == transform) return p->sha256;
  return "";
}

}  // namespace tubal
