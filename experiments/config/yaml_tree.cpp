#include "experiments/config/yaml_tree.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "core/error.hpp"
#include "core/file_error.hpp"
#include "core/text.hpp"

namespace tubal {

namespace {

// Builds the tree from yaml-cpp's events; YAML::Node would keep the first of two equal keys and say nothing.
class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(std::string file) : file_(std::move(file)) {}
  YamlNode root;

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(node(YamlNode::Kind::null, mark), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end())
      throw UsageError(file_, mark.line + 1, "", "this alias stands inside its own anchor");
    YamlNode copy = found->second;
    if ((nodes_ += size(copy)) > 1000000)
      throw UsageError(file_, mark.line + 1, "", "aliases grow this file beyond a million values");
    add(std::move(copy), 0);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlNode scalar = node(YamlNode::Kind::scalar, mark);
    scalar.text = value;
    scalar.quoted = tag == "!";
    if (tag != "!" && tag != "?" && !tag.empty())
      throw UsageError(file_, mark.line + 1, "",
                       "found the YAML tag `" + tag + "`; tags are not used here, leave it out");
    if (!scalar.quoted && (value == "~" || value == "null" || value.empty()))
      scalar.kind = YamlNode::Kind::null;
    add(std::move(scalar), anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(node(YamlNode::Kind::list, mark), anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(node(YamlNode::Kind::map, mark), anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    YamlNode node;
    YAML::anchor_t anchor;
    bool has_key = false;
    std::string key;
    std::map<std::string, int> lines;  // of the keys seen
  };

  YamlNode node(YamlNode::Kind kind, const YAML::Mark& mark) const {
    YamlNode n;
    n.kind = kind;
    n.at = {file_, mark.line + 1};
    return n;
  }
  static std::size_t size(const YamlNode& n) {
    std::size_t total = 1;
    for (const YamlNode& item : n.items) total += size(item);
    for (const auto& child : n.children) total += size(child.value);
    return total;
  }
  void open(YamlNode n, YAML::anchor_t anchor) {
    if (stack_.size() > 100)
      throw UsageError(file_, n.at.line, "", "lists or maps are nested more than 100 deep");
    stack_.push_back({std::move(n), anchor, false, "", {}});
  }
  void close() {
    Open done = std::move(stack_.back());
    stack_.pop_back();
    add(std::move(done.node), done.anchor);
  }
  void add(YamlNode n, YAML::anchor_t anchor) {
    if (anchor) anchors_[anchor] = n;
    if (stack_.empty()) {
      root = std::move(n);
      return;
    }
    Open& parent = stack_.back();
    if (parent.node.kind == YamlNode::Kind::list) {
      parent.node.items.push_back(std::move(n));
    } else if (!parent.has_key) {
      if (n.kind != YamlNode::Kind::scalar)
        throw UsageError(file_, n.at.line, "",
                         "found " + describe(n) + " where a key is needed, such as `width: 256`");
      const auto [seen, fresh] = parent.lines.emplace(n.text, n.at.line);
      if (!fresh)
        throw UsageError(file_, n.at.line, n.text,
                         "this key stands here twice, first in line " + std::to_string(seen->second) +
                             "; keep one of the two");
      parent.has_key = true;
      parent.key = n.text;
    } else {
      parent.has_key = false;
      parent.node.children.push_back({std::move(parent.key), std::move(n)});
    }
  }

  std::string file_;
  std::vector<Open> stack_;
  std::map<YAML::anchor_t, YamlNode> anchors_;
  std::size_t nodes_ = 0;
};

// Faults that yaml-cpp passes over or explains badly.
void check_text(const std::string& text, const std::string& name) {
  int line = 1;
  bool indentation = true;
  const std::size_t foreign = invalid_utf8(text);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == foreign)
      throw UsageError(
          name, line, "",
          "this line is not UTF-8 text; save the file as UTF-8 (for example: iconv -f latin1 -t utf-8)");
    const char c = text[i];
    if (c == 0) throw UsageError(name, line, "", "found a NUL byte; this is no text file");
    if (c == '\t' && indentation)
      throw UsageError(name, line, "",
                       "found a tab in the indentation; YAML takes spaces only, use two for each level");
    if (c == '\n') {
      ++line;
      indentation = true;
    } else if (c != ' ')
      indentation = false;
  }
}

}  // namespace

const YamlNode* YamlNode::find(const std::string& key) const {
  for (const Entry& child : children)
    if (child.key == key) return &child.value;
  return nullptr;
}

void fail(const Location& at, const std::string& key, const std::string& message) {
  throw UsageError(at.file, at.line, key, message);
}

std::string describe(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::null:
      return "nothing";
    case YamlNode::Kind::list:
      return node.items.empty() ? "an empty list" : "a list of " + std::to_string(node.items.size());
    case YamlNode::Kind::map:
      return "a map";
    case YamlNode::Kind::scalar:
      break;
  }
  return node.quoted ? "the text \"" + node.text + "\"" : "`" + node.text + "`";
}

YamlNode parse_yaml(const std::string& text, const std::string& name) {
  check_text(text, name);
  TreeBuilder builder(name);
  try {
    std::istringstream in(text);
    YAML::Parser parser(in);
    if (parser.HandleNextDocument(builder)) {
      const YamlNode first = std::move(builder.root);
      if (parser.HandleNextDocument(builder))
        throw UsageError(name, builder.root.at.line, "",
                         "a second YAML document starts here; a file holds one, remove the `---`");
      builder.root = first;
    }
  } catch (const YAML::Exception& e) {
    throw UsageError(name, e.mark.is_null() ? 0 : e.mark.line + 1, "", "this is not valid YAML: " + e.msg);
  }
  if (builder.root.kind == YamlNode::Kind::null)
    throw UsageError(name, 0, "", "the file is empty; it needs keys such as `study:`, `data:` and `model:`");
  if (builder.root.kind != YamlNode::Kind::map)
    throw UsageError(name, builder.root.at.line, "",
                     "found " + describe(builder.root) + ", needs a map: lines of the form `key: value`");
  return std::move(builder.root);
}

YamlNode read_yaml(const std::string& file) {
  std::error_code error;
  const bool there = std::filesystem::exists(file, error);  // asked once: a file server may answer otherwise
  if (!there && error) throw UsageError(file_problem("read", file, error.value()), cause_of(error.value()));
  if (!there) throw UsageError(file, 0, "", "there is no such file");
  if (std::filesystem::is_directory(file, error))
    throw UsageError(file, 0, "", "this is a folder, needs a YAML file");
  std::ifstream in(file, std::ios::binary);
  std::string text;
  char piece[1 << 14];
  while (in.read(piece, sizeof piece) || in.gcount() > 0)
    text.append(piece, static_cast<std::size_t>(in.gcount()));
  if (!in.eof()) {  // a read that fails is no end of the file
    const int reason = errno;
    throw UsageError(file, 0, "", std::string("the file cannot be read: ") + std::strerror(reason),
                     cause_of(reason));
  }
  return parse_yaml(text, file);
}

}  // namespace tubal
