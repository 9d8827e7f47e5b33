#include "experiments/yaml_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "experiments/number.hpp"

namespace tubal {

std::string yaml_text(const std::string& s) {
  static const std::vector<std::string> words = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"};
  std::string lower = s;
  std::transform(s.begin(), s.end(), lower.begin(),
                 [](unsigned char c) { return c < 128 ? std::tolower(c) : c; });
  const bool letter =
      !s.empty() && std::isalpha(static_cast<unsigned char>(s[0])) && static_cast<unsigned char>(s[0]) < 128;
  const bool plain =
      letter && s.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./") ==
                    std::string::npos;
  return plain && std::find(words.begin(), words.end(), lower) == words.end() ? s : nlohmann::json(s).dump();
}

std::string yaml_value(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return yaml_text(*text);
  if (const auto* x = std::get_if<double>(&value)) return yaml_number(*x);
  if (const auto* n = std::get_if<std::int64_t>(&value)) return std::to_string(*n);
  if (const auto* b = std::get_if<bool>(&value)) return *b ? "true" : "false";
  std::vector<std::string> items;
  if (const auto* texts = std::get_if<std::vector<std::string>>(&value))  // a transform's fields are YAML
    for (const std::string& t : *texts) items.push_back(t.starts_with("{") ? t : yaml_text(t));
  else
    for (const double x : std::get<std::vector<double>>(value)) items.push_back(yaml_number(x));
  return "[" + join(items) + "]";
}

}  // namespace tubal
