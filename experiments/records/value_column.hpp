// Configuration values of many trials as one column of study.h5.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "experiments/config/value.hpp"

namespace tubal {

/// The value of `key`, or null.
const Value* value_of(const Values& values, const std::string& key);

bool is_number(const Value& value);
/// Of a number; true is 1, false 0.
double number_of(const Value& value);

/// Typed by what it holds: all integers (or booleans) -> 'i', all numbers -> 'f', else 's'. Null: a trial
/// that has no such value; missing_integer, NaN or "" stands there.
struct ValueColumn {
  char type;
  std::vector<std::int64_t> integers;
  std::vector<double> numbers;
  std::vector<std::string> texts;
  bool missing = false;
  bool flags = false;  // the integers are booleans

  explicit ValueColumn(const std::vector<const Value*>& values);
};

}  // namespace tubal
