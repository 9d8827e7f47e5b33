#include "experiments/records/value_column.hpp"

#include <algorithm>
#include <limits>

#include "core/layout_entries.hpp"

namespace tubal {

const Value* value_of(const Values& values, const std::string& key) {
  for (const auto& [k, v] : values)
    if (k == key) return &v;
  return nullptr;
}

static bool is_integer(const Value& v) {
  return std::holds_alternative<std::int64_t>(v) || std::holds_alternative<bool>(v);
}

static std::int64_t integer_of(const Value& v) {
  return std::holds_alternative<bool>(v) ? std::int64_t{std::get<bool>(v)} : std::get<std::int64_t>(v);
}

bool is_number(const Value& v) { return is_integer(v) || std::holds_alternative<double>(v); }

double number_of(const Value& v) {
  return is_integer(v) ? static_cast<double>(integer_of(v)) : std::get<double>(v);
}

ValueColumn::ValueColumn(const std::vector<const Value*>& values) {
  const auto all = [&](auto is) {
    return std::all_of(values.begin(), values.end(), [&](const Value* v) { return !v || is(*v); });
  };
  type = all(is_integer) ? 'i' : all(is_number) ? 'f' : 's';
  flags = all([](const Value& v) { return std::holds_alternative<bool>(v); }) &&
          std::any_of(values.begin(), values.end(), [](const Value* v) { return v != nullptr; });
  for (const Value* v : values) {
    missing |= !v;
    if (type == 'i') integers.push_back(v ? integer_of(*v) : layout::missing_integer);
    if (type == 'f') numbers.push_back(v ? number_of(*v) : std::numeric_limits<double>::quiet_NaN());
    if (type == 's') texts.push_back(v ? show(*v) : "");
  }
}

}  // namespace tubal
