// One configuration key: where its value lives, of which type and range (key.cpp), and how texts are read as
// it (key_reading.cpp).
#pragma once
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "experiments/config/config.hpp"
#include "experiments/config/value.hpp"

namespace tubal {

struct YamlNode;

/// Everything that plain keys set: one trial, and what belongs to the study alone.
struct Settings {
  std::string study;
  TrialConfig trial;
  std::int64_t first_seed = 0, seed_count = 1;
  RuntimeConfig runtime;
  PolicyConfig policy;
  AshaConfig asha;
};

/// A value of an enumeration, by its name.
struct Chosen {
  std::function<std::string()> get;
  std::function<void(const std::string&)> set;
};
/// One transform by its name, or a list of them.
struct TransformSlot {
  TransformSpec* one;
  std::vector<TransformSpec>* list;
};
/// One file, or a list of them.
struct FilesSlot {
  std::string* one;
  std::vector<std::string>* list;
};
/// A share in [0, 1), or a file. `absent`: the share 0 reads and writes as "", and "none" is read as that.
struct ShareSlot {
  double* share;
  std::string* file;
  bool absent;
};
/// Where a key's value lives; its type is the key's type. `Pair` is a list of exactly two numbers.
using Pair = std::pair<double*, double*>;
using Slot =
    std::variant<bool*, int*, std::int64_t*, std::uint64_t*, double*, std::string*, std::vector<double>*,
                 std::vector<std::string>*, Pair, Chosen, TransformSlot, FilesSlot, ShareSlot>;

struct Key {
  std::string name, help;
  std::function<Slot(Settings&)> slot;
  // Numbers: the range, open ends excluded.
  double low = -std::numeric_limits<double>::infinity(), high = std::numeric_limits<double>::infinity();
  bool low_open = false, high_open = false;
  std::vector<std::string> choices;  // texts and their lists: the allowed ones; empty: any
  bool path = false;                 // a file or folder; relative ones start at the grid file's folder
  bool identity = true;              // part of a trial, so it may be swept; else the study's alone
  bool later = false;                // younger than trials' names, so it stays out of them at its default

  template <class S>
  bool lives_as() const {  // its slot is of this kind
    Settings settings;
    return std::holds_alternative<S>(slot(settings));
  }
  std::string type() const;     // "integer", "number", "true or false", "text", "list of numbers", ...
  bool lists() const;           // every value is a list
  bool may_list() const;        // a value may be a list
  bool textual() const;         // a plain value is a text
  std::string allowed() const;  // "integer, 1 or more", "one of word, sentencepiece"
  Value get(const Settings& settings) const;
  void set(Settings& settings, const Value& value) const;
  /// The value that the defaults give.
  Value standard() const;
  /// Throws std::invalid_argument whose text says what was found and what is allowed.
  Value parse(const YamlNode& node) const;
  /// From literal text (--set): no quotes, no escapes; a list is "0.9,0.999" or "[0.9, 0.999]", of transforms
  /// "[dct, {name: permutation, seed: 3}]" as in YAML.
  Value parse_literal(const std::string& text) const;
};

}  // namespace tubal
