#include "experiments/config/study_name.hpp"

#include <algorithm>

namespace tubal {

static bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == '-';
}

static constexpr std::size_t longest = 100;

std::string study_name_fault(const std::string& name) {
  bool good = !name.empty() && name.size() <= longest && name[0] != '.' && name[0] != '-';
  for (const char c : name) good = good && is_plain(c);
  return good ? ""
              : "it names a folder: letters, digits and . _ - only, at most 100, not starting with "
                "a dot or a dash";
}

std::string usable_study_name(const std::string& name) {
  std::string out;
  for (const char c : name)
    if (is_plain(c))
      out += c;
    else if (!out.empty() && out.back() != '-')
      out += '-';
  while (!out.empty() && (out[0] == '.' || out[0] == '-')) out.erase(0, 1);
  out.resize(std::min(out.size(), longest));
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out.empty() ? "study" : out;
}

}  // namespace tubal
