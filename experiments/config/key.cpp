#include "experiments/config/key.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <stdexcept>
#include <type_traits>

#include "core/error.hpp"
#include "experiments/config/number.hpp"
#include "experiments/config/study_name.hpp"
#include "experiments/config/transform_text.hpp"
#include "experiments/config/yaml_tree.hpp"

namespace tubal {

namespace {

constexpr double unbounded = 2147483647;  // an int's end is not worth telling

template <class... F>
struct overload : F... {
  using F::operator()...;
};
template <class... F>
overload(F...) -> overload<F...>;

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

template <class S>
bool has_slot(const Key& key) {
  Settings settings;
  return std::holds_alternative<S>(key.slot(settings));
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

std::string Key::type() const {
  Settings settings;
  return std::visit(
      overload{[](bool*) { return "true or false"; }, [](double*) { return "number"; },
               [&](std::string*) { return path ? "path" : "text"; },
               [](std::vector<double>*) { return "list of numbers"; },
               [](std::vector<std::string>*) { return "list of texts"; },
               [](const TransformSlot&) { return "text or list of texts"; },
               [](const FilesSlot&) { return "path or list of paths"; },
               [](const ShareSlot&) { return "path or number"; }, [](Pair) { return "list of two numbers"; },
               [](const Chosen&) { return "text"; }, [](auto*) { return "integer"; }},
      slot(settings));
}

bool Key::lists() const {
  Settings settings;
  return std::visit(
      overload{[](std::vector<double>*) { return true; }, [](std::vector<std::string>*) { return true; },
               [](Pair) { return true; }, [](const auto&) { return false; }},
      slot(settings));
}

bool Key::may_list() const { return lists() || has_slot<TransformSlot>(*this) || has_slot<FilesSlot>(*this); }

bool Key::textual() const {
  Settings settings;
  return std::visit(overload{[](std::string*) { return true; }, [](const TransformSlot&) { return true; },
                             [](const FilesSlot&) { return true; }, [](const ShareSlot&) { return true; },
                             [](const Chosen&) { return true; }, [](const auto&) { return false; }},
                    slot(settings));
}

std::string Key::allowed() const {
  if (has_slot<TransformSlot>(*this))
    return "a name that `tubal transforms` lists, or a list such as [dct, identity]";
  if (has_slot<FilesSlot>(*this)) return "a file, or a list of files (data.name: text)";
  if (has_slot<ShareSlot>(*this))
    return name == "data.test" ? "a file; with data.name: text also a number in [0, 1), or none"
                               : "a number in [0, 1); with data.name: text also a file";
  if (!choices.empty()) {
    std::vector<std::string> names;
    for (const std::string& c : choices) names.push_back(c.empty() ? "\"\"" : c);
    if (lists()) return "a list of one or more of " + join(names);
    return names.size() == 1 ? "`" + names[0] + "`" : "one of " + join(names);
  }
  const bool whole = type() == "integer", lower = low > -std::numeric_limits<double>::infinity(),
             upper = high < unbounded;
  const auto end = [&](double x) { return whole ? std::to_string(static_cast<long long>(x)) : shortest(x); };
  std::string range;
  if (lower && upper && !low_open && !high_open)
    range = ", " + end(low) + " to " + end(high);
  else if (lower && upper)
    range =
        std::string(" in ") + (low_open ? "(" : "[") + end(low) + ", " + end(high) + (high_open ? ")" : "]");
  else if (lower)
    range = low_open ? " above " + end(low) : ", " + end(low) + " or more";
  const std::string kind = type();
  if (kind == "true or false") return kind;
  return (kind == "integer" ? "an " : "a ") + kind + range;
}

Value Key::get(const Settings& settings) const {
  return std::visit(
      overload{[](bool* x) { return Value(*x); }, [](double* x) { return Value(*x); },
               [](std::string* x) { return Value(*x); }, [](std::vector<double>* x) { return Value(*x); },
               [](Pair x) {
                 return Value(std::vector<double>{*x.first, *x.second});
               },
               [](std::vector<std::string>* x) { return Value(*x); },
               [](const Chosen& x) { return Value(x.get()); },
               [](const FilesSlot& x) { return x.list->empty() ? Value(*x.one) : Value(*x.list); },
               [](const ShareSlot& x) {
                 if (!x.file->empty() || (x.absent && *x.share == 0)) return Value(*x.file);
                 return Value(*x.share);
               },
               [](const TransformSlot& x) {
                 if (x.list->empty()) return Value(x.one->name);
                 std::vector<std::string> texts;
                 for (const TransformSpec& spec : *x.list) texts.push_back(transform_text(spec));
                 return Value(texts);
               },
               [](auto* x) { return Value(static_cast<std::int64_t>(*x)); }},
      slot(const_cast<Settings&>(settings)));
}

void Key::set(Settings& settings, const Value& value) const {
  std::visit(
      overload{[&](bool* x) { *x = std::get<bool>(value); }, [&](double* x) { *x = std::get<double>(value); },
               [&](std::string* x) { *x = std::get<std::string>(value); },
               [&](std::vector<double>* x) { *x = std::get<std::vector<double>>(value); },
               [&](Pair x) {
                 const auto& pair = std::get<std::vector<double>>(value);
                 *x.first = pair.at(0);
                 *x.second = pair.at(1);
               },
               [&](std::vector<std::string>* x) { *x = std::get<std::vector<std::string>>(value); },
               [&](const Chosen& x) { x.set(std::get<std::string>(value)); },
               [&](const FilesSlot& x) {
                 x.one->clear();
                 x.list->clear();
                 if (const auto* file = std::get_if<std::string>(&value))
                   *x.one = *file;
                 else
                   *x.list = std::get<std::vector<std::string>>(value);
               },
               [&](const ShareSlot& x) {
                 const auto* file = std::get_if<std::string>(&value);
                 *x.file = file ? *file : "";
                 *x.share = file ? 0 : std::get<double>(value);
               },
               [&](const TransformSlot& x) {
                 x.list->clear();
                 if (const auto* name = std::get_if<std::string>(&value))
                   x.one->name = *name;
                 else
                   for (const std::string& text : std::get<std::vector<std::string>>(value))
                     x.list->push_back(read_transform(text));
               },
               [&](auto* x) {
                 *x = static_cast<std::remove_pointer_t<decltype(x)>>(std::get<std::int64_t>(value));
               }},
      slot(settings));
}

Value Key::standard() const { return get(Settings{}); }

Value Key::parse(const YamlNode& node) const {
  const std::string found = describe(node);
  const bool names = has_slot<std::vector<std::string>*>(*this);
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
  if (node.kind == YamlNode::Kind::list && has_slot<TransformSlot>(*this)) return transform_list(*this, node);
  if (node.kind == YamlNode::Kind::list && has_slot<FilesSlot>(*this)) {
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
  if ((has_slot<TransformSlot>(*this) || has_slot<FilesSlot>(*this)) && text.starts_with("[")) try {
      const YamlNode root = parse_yaml("list: " + text, "");
      if (root.children.size() != 1) refuse(found, *this);
      return parse(root.children[0].second);
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
