#include "experiments/config/value.hpp"

#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "experiments/config/number.hpp"

namespace tubal {

std::string canonical_value(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return nlohmann::json(*text).dump();
  if (const auto* x = std::get_if<double>(&value)) return shortest(*x);
  if (const auto* n = std::get_if<std::int64_t>(&value)) return std::to_string(*n);
  if (const auto* b = std::get_if<bool>(&value)) return *b ? "true" : "false";
  std::vector<std::string> list;
  if (const auto* texts = std::get_if<std::vector<std::string>>(&value))
    for (const std::string& t : *texts) list.push_back(nlohmann::json(t).dump());
  else
    for (const double x : std::get<std::vector<double>>(value)) list.push_back(shortest(x));
  return "[" + join(list) + "]";
}

std::string show(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* texts = std::get_if<std::vector<std::string>>(&value)) return "[" + join(*texts) + "]";
  if (const auto* list = std::get_if<std::vector<double>>(&value)) {
    std::string items;
    for (const double x : *list) items += (items.empty() ? "" : ", ") + spoken(x);
    return "[" + items + "]";
  }
  const auto* x = std::get_if<double>(&value);
  return x ? spoken(*x) : canonical_value(value);
}

}  // namespace tubal
