#include "experiments/data/jsonl_rows.hpp"

#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/text.hpp"
#include "experiments/data/class_names.hpp"

namespace tubal {

void read_jsonl(Corpus& corpus, LabelledTexts& rows, const std::string& file, const std::string& text,
                const std::string& label) {
  const std::string_view bytes = open_rows(corpus, file);
  int line = 0;
  std::string problem;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t end = std::min(bytes.find('\n', at), bytes.size());
    const std::string_view one = bytes.substr(at, end - at);
    at = end + 1;
    ++line;
    if (one.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const auto json = nlohmann::json::parse(one, nullptr, false);
    if (!json.is_object())
      throw UsageError(file, line, "",
                       "this line is no JSON object; each line holds one, such as {\"" + text +
                           "\": \"...\"" + (label.empty() ? "" : ", \"" + label + "\": 0") + "}.");
    const auto field = [&](const char* key, const std::string& name) -> const nlohmann::json& {
      if (const auto found = json.find(name); found != json.end()) return *found;
      std::vector<std::string> names;
      for (const auto& [k, v] : json.items()) names.push_back(k);
      throw UsageError(file, line, key,
                       "there is no field `" + shown(name) + "`; the object has " + shown_list(names) + ". " +
                           did_you_mean(name, names));
    };
    const auto& words = field("data.text", text);
    if (!words.is_string())
      throw UsageError(file, line, "data.text",
                       "the field `" + text + "` is no text: " + words.dump().substr(0, 60));
    if (label.empty()) {
      corpus.arena.push_back(words.get<std::string>());
      rows.texts.push_back(corpus.arena.back());
      continue;
    }
    const auto& kind = field("data.label", label);
    if (!kind.is_string() && !kind.is_number_integer())
      throw UsageError(
          file, line, "data.label",
          "the field `" + label + "` is " + shown(kind.dump()) + "; a label is an integer or a name.");
    corpus.arena.push_back(words.get<std::string>());
    rows.texts.push_back(corpus.arena.back());
    rows.labels.push_back(
        class_of(corpus, kind.is_string() ? kind.get<std::string>() : kind.dump(), problem));
    if (!problem.empty()) throw UsageError(file, line, "data.label", problem);
  }
}

}  // namespace tubal
