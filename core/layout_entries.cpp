#include "core/layout_entries.hpp"

#include <span>
#include <sstream>

#include "core/error.hpp"

namespace tubal::layout {

const Entry& entry(std::string_view path) {
  for (const Entry& e : trial_entries)
    if (path == e.path) return e;
  for (const Entry& e : study_entries)
    if (path == e.path) return e;
  for (const Entry& e : ablation_entries)
    if (path == e.path) return e;
  throw Error("core/layout_entries.hpp names no data set `" + std::string(path) + "`");
}

const Attribute& attribute(std::string_view object, std::string_view name) {
  for (const std::span<const Attribute> table :
       {std::span<const Attribute>(trial_attributes), std::span<const Attribute>(study_attributes),
        std::span<const Attribute>(ablation_attributes)})
    for (const Attribute& a : table)
      if (object == a.object && name == a.name) return a;
  throw Error("core/layout_entries.hpp names no attribute `" + std::string(name) + "` of " +
              std::string(object));
}

std::vector<std::string> axis_paths(const Entry& e) {
  const std::string path = e.path, group = path.substr(0, path.rfind('/') + 1);
  std::vector<std::string> paths;
  std::istringstream words(e.axes);
  for (std::string axis; words >> axis;) paths.push_back(group + axis);
  return paths;
}

}  // namespace tubal::layout
