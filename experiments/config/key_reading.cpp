// Texts read as a value of a key's type, from YAML and from the command line.
#include <algorithm>
#include <stdexcept>

#include "core/error.hpp"
#include "experiments/config/key.hpp"
#include "experiments/config/number.hpp"
#include "experiments/config/study_name.hpp"
#include "experiments/config/transform_text.hpp"
#include "experiments/config/yaml_tree.hpp"

namespace tubal {

namespace {

[[noreturn]] void refuse(const std::string& found, const Key& key, const std::string& hint = "") {
  throw std::invalid_argument("found " + found + ", needs " + key.allowed() +
                              (hint.empty() ? "" : "; " + hint));
}

double checked(double x, const std::string& found, const Key& key) {
  const bool low = key.low_open ? x > key.low : x >= key.low,
             high = key.high_open ? x < key.high : x <= key.high;
  if (!low || !high) refuse(found, key);
  return x;
}

double number(const std::string& text, const std::string& found, const Key& key) {
  const auto x = parse_number(text);
  if (!x) refuse(found, key, number_fault(text));
  return checked(*x, found, key);
}

std::int64_t integer(const std::string& text, const std::string& found, const Key& key) {
  const auto n = parse_integer(text);
  if (!n) refuse(found, key, number_fault(text));
  checked(static_cast<double>(*n), found, key);
  return *n;
}

// A share, or a file: what reads as a number is one, unless it is quoted.
Value share_or_file(const Key& key, const ShareSlot& slot, const std::string& text, const std::string& found,
                    bool quoted) {
  if (slot.absent && (text.empty() || text == "none")) return std::string();
  if (text.empty()) refuse(found, key);
  if (quoted || (!parse_number(text) && number_fault(text).empty())) return text;
  const double share = number(text, found, key);
  if (!(share >= 0 && share < 1)) refuse(found, key);
  if (slot.absent && share == 0) return std::string();
  return share;
}

// One plain text to a value of the key's type; lists come as their items.
Value from_text(const Key& key, const std::string& text, const std::string& found, bool quoted = false) {
  Settings settings;
  const Slot slot = key.slot(settings);
  if (const auto* share = std::get_if<ShareSlot>(&slot))
    return share_or_file(key, *share, text, found, quoted);
  if (std::holds_alternative<bool*>(slot)) {
    if (text != "true" && text != "false") refuse(found, key, did_you_mean(text, {"true", "false"}));
    return text == "true";
  }
  if (std::holds_alternative<double*>(slot)) return number(text, found, key);
  if (!key.textual()) return integer(text, found, key);
  if (!key.choices.empty() && std::find(key.choices.begin(), key.choices.end(), text) == key.choices.end())
    refuse(found, key, did_you_mean(text, key.choices));
  if (key.name == "study")
    if (const std::string fault = study_name_fault(text); !fault.empty()) refuse(found, key, fault);
  return text;
}

Value from_items(const Key& key, const std::vector<std::pair<std::string, std::string>>& items,
                 const std::string& found) {
  Settings settings;
  const Slot slot = key.slot(settings);
  if (std::holds_alternative<Pair>(slot) && items.size() != 2) refuse(found, key);
  if (std::holds_alternative<std::vector<std::string>*>(slot)) {
    if (items.empty()) refuse(found, key);
    std::vector<std::string> texts;
    for (const auto& [text, shown] : items) {
      if (std::find(key.choices.begin(), key.choices.end(), text) == key.choices.end())
        refuse(shown, key, did_you_mean(text, key.choices));
      texts.push_back(text);
    }
    return texts;
  }
  std::vector<double> numbers;
  for (const auto& [text, shown] : items) numbers.push_back(number(text, shown, key));
  return numbers;
}

// A list of transforms: names, and maps of a name with its fields.
Value transform_list(const Key& key, const YamlNode& node) {
  if (node.items.empty()) refuse(describe(node), key);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < node.items.size(); ++i) try {
      texts.push_back(transform_text(read_transform(node.items[i])));
    } catch (const std::invalid_argument& e) {
      throw std::invalid_argument("entry " + std::to_string(i) + " of the list: " + e.what());
    }
  return texts;
}

}  // namespace

Value Key::parse(const YamlNode& node) const {
  const std::string found = describe(node);
  const bool names = lives_as<std::vector<std::string>*>();
  if (lists()) {
    if (node.kind != YamlNode::Kind::list)
      refuse(found, *this, names ? "write it as " + show(standard()) : "write it as [0.5, 1]");
    std::vector<std::pair<std::string, std::string>> items;
    for (const YamlNode& item : node.items) {
      if (item.kind != YamlNode::Kind::scalar || (item.quoted && !names))
        refuse(describe(item) + " in the list", *this);
      items.emplace_back(item.text, describe(item) + " in the list");
    }
    return from_items(*this, items, found);
  }
  if (node.kind == YamlNode::Kind::list && lives_as<TransformSlot>()) return transform_list(*this, node);
  if (node.kind == YamlNode::Kind::list && lives_as<FilesSlot>()) {
    std::vector<std::string> files;
    for (const YamlNode& item : node.items) {
      if (item.kind != YamlNode::Kind::scalar || item.text.empty())
        refuse(describe(item) + " in the list", *this);
      files.push_back(item.text);
    }
    if (files.empty()) refuse(found, *this);
    return files.size() == 1 ? Value(files[0]) : Value(files);
  }
  if (node.kind == YamlNode::Kind::list)
    refuse(found, *this, identity ? "to try several values list them under sweep: grid:" : "");
  if (node.kind != YamlNode::Kind::scalar) refuse(found, *this);
  if (node.quoted && !textual()) refuse(found, *this, "leave out the quotes");
  return from_text(*this, node.text, found, node.quoted);
}

Value Key::parse_literal(const std::string& text) const {
  const std::string found = text.empty() ? "nothing" : "`" + text + "`";
  if ((lives_as<TransformSlot>() || lives_as<FilesSlot>()) && text.starts_with("[")) try {
      const YamlNode root = parse_yaml("list: " + text, "");
      if (root.children.size() != 1) refuse(found, *this);
      return parse(root.children[0].value);
    } catch (const Error& e) {
      refuse(found, *this, e.what());
    }
  if (!lists()) return from_text(*this, text, found);
  std::string inner = text;
  if (inner.size() >= 2 && inner.front() == '[' && inner.back() == ']')
    inner = inner.substr(1, inner.size() - 2);
  std::vector<std::pair<std::string, std::string>> items;
  for (std::size_t from = 0; from <= inner.size();) {
    const std::size_t comma = std::min(inner.find(',', from), inner.size());
    std::string item = inner.substr(from, comma - from);
    item.erase(0, item.find_first_not_of(' '));
    items.emplace_back(item, "`" + item + "` in the list");
    from = comma + 1;
  }
  return from_items(*this, items, found);
}

}  // namespace tubal
