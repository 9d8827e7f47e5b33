// A YAML file as a tree that remembers lines and quotes, read strictly: no duplicate keys, no second
// document, no tabs in the indentation, UTF-8 only.
#pragma once
#include <string>
#include <vector>

namespace tubal {

/// Where something was written: a file and its line, or a command-line option ("--set model.p=3") and line 0.
struct Location {
  std::string file;
  int line = 0;
};

struct YamlNode {
  enum class Kind { null, scalar, list, map };
  Kind kind = Kind::null;
  std::string text;     // scalar
  bool quoted = false;  // scalar in quotes or a block: text, whatever it looks like
  Location at;
  std::vector<YamlNode> items;  // list
  struct Entry;
  std::vector<Entry> children;  // map, in the order of the file
  const YamlNode* find(const std::string& key) const;
};

struct YamlNode::Entry {
  std::string key;
  YamlNode value;
};

/// UsageError at a place of a file.
[[noreturn]] void fail(const Location& at, const std::string& key, const std::string& message);

/// "nothing", "`abc`", "the text \"12\"", "a list of 3", "a map": what an error says it found.
std::string describe(const YamlNode& node);

/// Throws UsageError: missing or unreadable file, empty file, not UTF-8, tabs, syntax,
/// duplicate keys, not a map.
YamlNode read_yaml(const std::string& file);
/// The same of a text; `name` stands for the file in errors.
YamlNode parse_yaml(const std::string& text, const std::string& name);

}  // namespace tubal
