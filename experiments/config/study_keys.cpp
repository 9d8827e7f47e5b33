#include "experiments/config/study_keys.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "experiments/config/assignment.hpp"
#include "experiments/config/schema.hpp"

namespace tubal {

namespace {

constexpr const char* sections[] = {"runtime.", "policy.", "sweep."};

bool of_study(const Key& key) {
  return !key.identity && std::any_of(std::begin(sections), std::end(sections),
                                      [&](const char* section) { return key.name.starts_with(section); });
}

}  // namespace

Settings study_settings(const RuntimeConfig& runtime, const PolicyConfig& policy, const AshaConfig& asha) {
  Settings s;
  s.runtime = runtime;
  s.policy = policy;
  s.asha = asha;
  return s;
}

Values study_values(const Settings& settings) {
  Values values;
  for (const Key& k : schema())
    if (of_study(k)) values.emplace_back(k.name, k.get(settings));
  return values;
}

std::vector<std::string> study_words(const Settings& settings, bool changed) {
  std::vector<std::string> words;
  for (const auto& [key, value] : study_values(settings))
    if (!changed || value != find_key(key)->standard()) words.push_back(key + "=" + show(value));
  return words;
}

Settings read_study_words(const std::string& option, const std::vector<std::string>& words) {
  Settings settings;
  for (const std::string& word : words) {
    const Assignment one = read_literal(option, word);
    if (!of_study(*one.key))
      throw UsageError(option + " " + word +
                       ": that is said by the trial's config.yaml; keys of runtime, policy and "
                       "sweep.early_stop may be set here, such as runtime.threads=2.");
    assign({one}, settings);
  }
  return settings;
}

}  // namespace tubal
