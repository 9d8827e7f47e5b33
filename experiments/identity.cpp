// What a trial is, apart from how it was written down: unused values reset, one canonical text, its SHA-256.
#include "experiments/identity.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "core/sha256.hpp"
#include "experiments/grid.hpp"
#include "experiments/number.hpp"
#include "experiments/schema.hpp"

namespace tubal {

namespace {

// The transform fields that a transform reads; a plug-in reads its options alone.
std::vector<std::string> transform_fields(const std::string& name) {
  for (const TransformEntry& entry : transform_table())
    if (entry.name == name) return entry.options;
  return {"options"};
}

bool built_in(const std::string& name) {
  const auto& table = transform_table();
  return std::any_of(table.begin(), table.end(), [&](const TransformEntry& e) { return e.name == name; });
}

// SHA-256 of a file, remembered while its size and time stay the same: 10,000 trials may name one file.
std::string digest(const std::string& file) {
  static std::map<std::string, std::string> known;
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error) return "missing";
  const auto time = std::filesystem::last_write_time(file, error).time_since_epoch().count();
  std::string& value = known[file + '\0' + std::to_string(size) + '\0' + std::to_string(time)];
  if (value.empty()) value = sha256_file(file);
  return value;
}

std::string canonical_value(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return nlohmann::json(*text).dump();
  if (const auto* x = std::get_if<double>(&value)) return shortest(*x);
  if (const auto* n = std::get_if<std::int64_t>(&value)) return std::to_string(*n);
  if (const auto* b = std::get_if<bool>(&value)) return *b ? "true" : "false";
  std::string list;
  for (const double x : std::get<std::vector<double>>(value))
    list += (list.empty() ? "" : ", ") + shortest(x);
  return "[" + list + "]";
}

}  // namespace

std::vector<Unused> unused(const TrialConfig& c) {
  std::vector<Unused> out;
  const auto drop = [&](const char* reason, std::initializer_list<const char*> keys) {
    for (const char* key : keys) out.push_back({key, reason});
  };
  const DataConfig& data = c.data;
  const bool files = data.name == "csv" || data.name == "jsonl";
  if (files || data.name == "synthetic") drop("with this data.name", {"data.path"});
  if (!files) drop("with this data.name", {"data.train", "data.test", "data.text", "data.label"});
  if (data.name != "synthetic")
    drop("with this data.name",
         {"data.synthetic.train", "data.synthetic.test", "data.synthetic.classes", "data.synthetic.words",
          "data.synthetic.length", "data.synthetic.noise", "data.synthetic.seed"});
  if (data.tokenizer.kind == "word") drop("with data.tokenizer.kind word", {"data.tokenizer.model_type"});
  if (data.validation == 0 && data.train_rows == 0 && data.test_rows == 0)
    drop("with data.validation 0", {"data.split_seed"});

  if (c.training.schedule.kind == "constant")
    drop("with training.schedule.kind constant", {"training.schedule.final"});
  if (c.training.early_stopping.patience == 0) drop("with patience 0", {"training.early_stopping.metric"});

  const ModelConfig& m = c.model;
  if (m.kind == ModelKind::bag_of_words) {
    for (const Key& k : schema())
      if (k.name.starts_with("model.") && k.name != "model.kind")
        out.push_back({k.name, "with model.kind bag_of_words"});
    return out;
  }
  // p = 1: L is the number 1, both domains are one, a slice is the whole width, and every fixed factor a_0
  // is 1.
  const bool dense = m.p == 1;
  const ScalingKind scaling = m.frequency_scaling.kind;
  const bool unscaled = scaling == ScalingKind::none ||
                        (dense && scaling != ScalingKind::learned && scaling != ScalingKind::values);
  if (dense)
    drop("with model.p 1", {"model.transform", "model.activation_domain", "model.norm_domain",
                            "model.norm_over", "model.position.domain"});
  const std::vector<std::string> fields =
      dense ? std::vector<std::string>{} : transform_fields(m.transform.name);
  for (const char* field : {"init", "parametrization", "seed", "file", "dataset"})
    if (std::find(fields.begin(), fields.end(), field) == fields.end())
      out.push_back(
          {std::string("model.transform.") + field, dense ? "with model.p 1" : "with this model.transform"});
  if (m.heads_per_slice > 0)
    drop("where heads_per_slice is given", {"model.heads"});
  else
    drop("where heads is given", {"model.heads_per_slice"});
  if (!dense && m.position.kind == PositionKind::learned)
    drop("with learned positions", {"model.position.domain"});
  const char* why = scaling == ScalingKind::none ? "with frequency_scaling.kind none" : "with model.p 1";
  if (unscaled) drop(why, {"model.frequency_scaling.at"});
  if (unscaled && scaling != ScalingKind::none) drop(why, {"model.frequency_scaling.kind"});
  if (unscaled || (scaling != ScalingKind::power && scaling != ScalingKind::decay))
    drop(unscaled ? why : "with this frequency_scaling.kind", {"model.frequency_scaling.alpha"});
  if (scaling != ScalingKind::values)
    drop(unscaled ? why : "with this frequency_scaling.kind", {"model.frequency_scaling.values"});
  return out;
}

std::vector<std::string> unused_keys(const TrialConfig& config) {
  std::vector<std::string> keys;
  for (Unused& u : unused(config)) keys.push_back(std::move(u.key));
  return keys;
}

TrialConfig canonical(TrialConfig config) {
  Settings s;
  s.trial = std::move(config);
  ModelConfig& m = s.trial.model;
  const std::vector<Unused> resets = unused(s.trial);
  const int heads = m.heads_per_slice > 0 ? m.heads_per_slice * m.p : m.heads;
  for (const Unused& u : resets)
    if (const Key* key = find_key(u.key)) key->set(s, key->standard());
  if (m.kind != ModelKind::bag_of_words) m.heads = heads;
  m.heads_per_slice = 0;
  if (m.p == 1 || m.kind == ModelKind::bag_of_words || built_in(m.transform.name))
    m.transform.options.clear();
  m.max_length = s.trial.data.max_length;
  return std::move(s.trial);
}

Values values_of(const TrialConfig& config) {
  static const std::vector<const Key*> sorted = [] {
    std::vector<const Key*> keys;
    for (const Key& k : schema())
      if (k.identity) keys.push_back(&k);
    std::sort(keys.begin(), keys.end(), [](const Key* a, const Key* b) { return a->name < b->name; });
    return keys;
  }();
  Settings s;
  s.trial = config;
  Values values;
  for (const Key* k : sorted) {
    if (k->name == "model.transform.parametrization")  // where options stand in the alphabet
      for (const auto& [name, text] : config.model.transform.options)
        values.emplace_back("model.transform.options." + name, text);
    values.emplace_back(k->name, k->get(s));
  }
  values.emplace_back("seed", static_cast<std::int64_t>(config.seed));
  return values;
}

std::string canonical_text(const TrialConfig& config) {
  std::string text;
  for (const auto& [key, value] : values_of(config)) {
    const bool file = key == "model.transform.file" && !config.model.transform.file.empty();
    text +=
        key + ": " + (file ? "sha256 " + digest(config.model.transform.file) : canonical_value(value)) + "\n";
  }
  if (config.model.kind == ModelKind::transformer && config.model.p > 1 &&
      !built_in(config.model.transform.name))
    for (const PluginFile& plugin : config.plugins) text += "plugin: sha256 " + plugin.sha256 + "\n";
  return text;
}

std::string sha256_of(const TrialConfig& canonical_config) {
  return sha256(canonical_text(canonical_config));
}

std::string identity(const TrialConfig& config) { return sha256_of(canonical(config)); }

std::string show(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* list = std::get_if<std::vector<double>>(&value)) {
    std::string items;
    for (const double x : *list) items += (items.empty() ? "" : ", ") + show(x);
    return "[" + items + "]";
  }
  std::string text = canonical_value(value);  // 3e-04 as 3e-4
  if (const std::size_t e = text.find('e'); std::holds_alternative<double>(value) && e != std::string::npos) {
    const std::size_t digit = e + 2;
    while (digit + 1 < text.size() && text[digit] == '0') text.erase(digit, 1);
    if (text[e + 1] == '+') text.erase(e + 1, 1);
  }
  return text;
}

}  // namespace tubal
