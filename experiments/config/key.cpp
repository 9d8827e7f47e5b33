#include "experiments/config/key.hpp"

#include <limits>
#include <type_traits>

#include "core/error.hpp"
#include "experiments/config/number.hpp"
#include "experiments/config/transform_text.hpp"

namespace tubal {

namespace {

constexpr double unbounded = std::numeric_limits<int>::max();  // not worth telling

template <class... F>
struct overload : F... {
  using F::operator()...;
};
template <class... F>
overload(F...) -> overload<F...>;

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

bool Key::may_list() const { return lists() || lives_as<TransformSlot>() || lives_as<FilesSlot>(); }

bool Key::textual() const {
  Settings settings;
  return std::visit(overload{[](std::string*) { return true; }, [](const TransformSlot&) { return true; },
                             [](const FilesSlot&) { return true; }, [](const ShareSlot&) { return true; },
                             [](const Chosen&) { return true; }, [](const auto&) { return false; }},
                    slot(settings));
}

std::string Key::allowed() const {
  if (lives_as<TransformSlot>())
    return "a name that `tubal transforms` lists, or a list such as [dct, identity]";
  if (lives_as<FilesSlot>()) return "a file, or a list of files (data.name: text)";
  if (lives_as<ShareSlot>())
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

}  // namespace tubal
