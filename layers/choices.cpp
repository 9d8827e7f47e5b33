#include "layers/choices.hpp"

#include <sstream>

namespace tubal {

std::vector<std::string> split_names(const char* spelling) {
  std::vector<std::string> names;
  std::istringstream in(spelling);
  for (std::string name; in >> name;) {
    if (name.back() == ',') name.pop_back();
    names.push_back(name);
  }
  return names;
}

}  // namespace tubal
