// Structures as JSON objects. One table of a structure's fields serves both directions:
//
//   constexpr auto fields = [](auto& point, auto visit) { visit("step", point.step), visit("loss",
//   point.loss); };
//
// JSON has no NaN: null stands for it. A cause goes by its name.
#pragma once
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/cause.hpp"

namespace tubal::json {

using Json = nlohmann::ordered_json;

template <class T>
void get(const Json& j, T& x) {
  if constexpr (std::is_same_v<T, double>)
    x = j.is_null() ? std::numeric_limits<double>::quiet_NaN() : j.get<double>();
  else if constexpr (std::is_same_v<T, Cause>)
    x = cause_named(j.get<std::string>());
  else
    x = j.get<T>();
}
inline void get(const Json& j, std::vector<double>& x) {
  x.assign(j.size(), 0);
  for (std::size_t i = 0; i < x.size(); ++i) get(j.at(i), x[i]);
}
inline void get(const Json& j, std::map<std::string, std::vector<double>>& x) {
  for (const auto& [key, item] : j.items()) get(item, x[key]);
}

/// Puts the fields of `s` into `json`, in their order.
template <class S, class Fields>
void write_fields(Json& json, const S& s, Fields fields) {
  fields(s, [&](const char* key, const auto& value) {
    if constexpr (std::is_same_v<std::decay_t<decltype(value)>, Cause>)
      json[key] = name(value);
    else
      json[key] = value;
  });
}

/// Which fields a file may lack, as those of an earlier version do; they keep their value.
inline bool any_field(std::string_view) { return true; }
inline bool no_field(std::string_view) { return false; }

/// Takes the fields of `s` from `json`. Throws nlohmann::json::exception where one is missing that
/// may not be, or of another type.
template <class S, class Fields, class Lacking>
void read_fields(const Json& json, S& s, Fields fields, Lacking may_lack) {
  fields(s, [&](const char* key, auto& value) {
    if (json.contains(key) || !may_lack(key)) get(json.at(key), value);
  });
}

}  // namespace tubal::json
