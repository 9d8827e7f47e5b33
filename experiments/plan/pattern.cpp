#include "experiments/plan/pattern.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "experiments/config/key.hpp"
#include "experiments/config/schema.hpp"

namespace tubal {

bool Pattern::matches(const Settings& settings) const {
  return std::all_of(tests.begin(), tests.end(), [&](const auto& test) {
    return std::find(test.second.begin(), test.second.end(), test.first->get(settings)) != test.second.end();
  });
}

static void read_tests(const YamlNode& map, const std::string& prefix, Pattern& out) {
  for (const auto& [name, node] : map.children) {
    const std::string full = prefix.empty() ? name : prefix + "." + name;
    const Key* key = find_key(full);
    if (node.kind == YamlNode::Kind::map && is_section(full)) {
      read_tests(node, full, out);
    } else {
      const bool several =
          key && node.kind == YamlNode::Kind::list &&
          (!key->lists() || (!node.items.empty() && node.items[0].kind == YamlNode::Kind::list));
      std::vector<YamlNode> values = several ? node.items : std::vector<YamlNode>{node};
      std::vector<Value> wanted;
      for (const YamlNode& value : values) {
        const Layer layer = read_value(full, value);
        check_sweepable(layer);
        key = layer.front().key;
        wanted.push_back(layer.front().value);
      }
      if (wanted.empty()) fail(node.at, full, "found an empty list, needs a value or a list of values");
      out.tests.emplace_back(key, std::move(wanted));
    }
  }
}

Pattern read_pattern(const YamlNode& node, const std::string& what) {
  if (node.kind != YamlNode::Kind::map)
    fail(node.at, what, "found " + describe(node) + ", needs a map such as {model.p: 1}");
  if (node.children.empty())
    fail(node.at, what, "found an empty map, needs a condition such as {model.p: 1}");
  Pattern pattern;
  pattern.at = node.at;
  read_tests(node, "", pattern);
  return pattern;
}

}  // namespace tubal
