// What a trial is, apart from how it was written down: unused values reset, one canonical text, its SHA-256.
#include "experiments/identity.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/sha256.hpp"
#include "experiments/grid.hpp"
#include "experiments/number.hpp"
#include "experiments/schema.hpp"
#include "experiments/transform_text.hpp"
#include "layers/stack/table.hpp"

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

bool learned(const TransformSpec& spec, int p) {
  try {
    return make_transform(spec)->parameter_count(p) > 0;
  } catch (const Error&) {
    return true;  // refused elsewhere
  }
}

void reset_unused_fields(TransformSpec& spec) {
  Settings s;
  s.trial.model.transform = std::move(spec);
  const std::vector<std::string> fields = transform_fields(s.trial.model.transform.name);
  for (const Key& k : schema())
    if (const std::string section = "model.transform.";
        k.name.starts_with(section) &&
        std::find(fields.begin(), fields.end(), k.name.substr(section.size())) == fields.end())
      k.set(s, k.standard());
  spec = std::move(s.trial.model.transform);
  if (built_in(spec.name)) spec.options.clear();
}

// Keys of sub-layers that the stack has none of, with the reason.
void unused_by_stack(const ModelConfig& m, std::vector<Unused>& out) {
  std::map<std::string, std::vector<std::string>> without;  // key: the kinds that read it
  for (const SublayerEntry& e : sublayer_table()) {
    for (const std::string& key : e.keys) without[key].push_back(e.name);
  }
  for (const auto& [key, kinds] : without) {
    const bool read = std::any_of(kinds.begin(), kinds.end(), [&](const std::string& kind) {
      return std::find(m.stack.begin(), m.stack.end(), kind) != m.stack.end();
    });
    if (!read) out.push_back({key, "without " + join(kinds, " or ") + " in model.stack", true});
  }
}

}  // namespace

std::string remembered_digest(const std::string& file) {
  static std::map<std::string, std::string> known;
  struct stat s {};
  if (::stat(file.c_str(), &s) || !S_ISREG(s.st_mode)) return "missing";
  std::string stamp = file;
  for (const long long n :
       {static_cast<long long>(s.st_size), static_cast<long long>(s.st_ino),
        static_cast<long long>(s.st_mtim.tv_sec), static_cast<long long>(s.st_mtim.tv_nsec),
        static_cast<long long>(s.st_ctim.tv_sec), static_cast<long long>(s.st_ctim.tv_nsec)})
    stamp += '\0' + std::to_string(n);
  std::string& value = known[stamp];
  if (value.empty()) value = sha256_file(file);
  return value;
}

std::vector<Unused> unused(const TrialConfig& c) {
  std::vector<Unused> out;
  const auto drop = [&](const char* reason, std::initializer_list<const char*> keys) {
    for (const char* key : keys) out.push_back({key, reason});
  };
  const DataConfig& data = c.data;
  const bool language = c.model.task == Task::language_model;
  const bool columns = data.name == "csv" || data.name == "jsonl", text = data.name == "text";
  if (columns || text || data.name == "synthetic") drop("with this data.name", {"data.path"});
  if (!columns && !text) drop("with this data.name", {"data.train", "data.test"});
  if (!columns) drop("with this data.name", {"data.text", "data.label"});
  if (columns && language) drop("with task language_model", {"data.label"});
  if (!text) drop("with this data.name", {"data.documents"});
  if (text) drop("with data.name text", {"data.train_rows", "data.test_rows"});
  if (!language)
    drop("with task classification", {"data.cross_documents", "training.order"});
  else
    drop("with task language_model", {"data.truncation"});
  if (language && text && data.documents == "stream")
    drop("with data.documents stream", {"data.cross_documents"});
  if (data.name != "synthetic")
    drop("with this data.name",
         {"data.synthetic.train", "data.synthetic.test", "data.synthetic.classes", "data.synthetic.words",
          "data.synthetic.length", "data.synthetic.noise", "data.synthetic.seed"});
  if (data.tokenizer.kind == "word") drop("with data.tokenizer.kind word", {"data.tokenizer.model_type"});
  const bool whole = data.train_rows == 0 && data.test_rows == 0;
  if (!language && data.validation == 0 && whole) drop("with data.validation 0", {"data.split_seed"});
  if (language && (whole || text)) drop("with task language_model", {"data.split_seed"});

  if (c.training.schedule.kind == "constant")
    drop("with training.schedule.kind constant", {"training.schedule.final"});
  if (c.training.early_stopping.patience == 0) drop("with patience 0", {"training.early_stopping.metric"});
  if (c.training.steps > 0) drop("where training.steps is given", {"training.epochs"});

  ModelConfig m = c.model;
  if (m.task == Task::classification)
    drop("with task classification", {"model.tied"});
  else
    drop("with task language_model", {"model.pooling"});
  if (m.kind == ModelKind::bag_of_words) {
    for (const Key& k : schema())
      if (k.name.starts_with("model.") && k.name != "model.kind")
        out.push_back({k.name, "with model.kind bag_of_words"});
    return out;
  }
  shorten_transforms(m);
  unused_by_stack(m, out);
  // p = 1: L is the number 1, both domains are one, a slice is the whole width, and every fixed factor a_0
  // is 1.
  const bool dense = m.p == 1;
  const ScalingKind scaling = m.frequency_scaling.kind;
  const bool unscaled = scaling == ScalingKind::none ||
                        (dense && scaling != ScalingKind::learned && scaling != ScalingKind::values);
  if (dense)
    drop("with model.p 1", {"model.transform", "model.activation_domain", "model.norm_domain",
                            "model.norm_over", "model.position.domain"});
  const bool cycle = !m.transforms.empty();
  const std::vector<std::string> fields =
      dense || cycle ? std::vector<std::string>{} : transform_fields(m.transform.name);
  for (const char* field : {"init", "parametrization", "seed", "file", "dataset"})
    if (std::find(fields.begin(), fields.end(), field) == fields.end())
      out.push_back({std::string("model.transform.") + field, dense   ? "with model.p 1"
                                                              : cycle ? "with a list of transforms"
                                                                      : "with this model.transform"});
  if (m.heads_per_slice > 0)
    drop("where heads_per_slice is given", {"model.heads"});
  else
    drop("where heads is given", {"model.heads_per_slice"});
  if (!dense && m.position.kind != PositionKind::sinusoidal)
    out.push_back({"model.position.domain", "with position.kind " + name(m.position.kind)});
  const char* why = scaling == ScalingKind::none ? "with frequency_scaling.kind none" : "with model.p 1";
  if (unscaled) drop(why, {"model.frequency_scaling.at"});
  if (unscaled && scaling != ScalingKind::none) drop(why, {"model.frequency_scaling.kind"});
  if (unscaled || (scaling != ScalingKind::power && scaling != ScalingKind::decay))
    drop(unscaled ? why : "with this frequency_scaling.kind", {"model.frequency_scaling.alpha"});
  if (scaling != ScalingKind::values)
    drop(unscaled ? why : "with this frequency_scaling.kind", {"model.frequency_scaling.values"});
  return out;
}

void shorten_transforms(ModelConfig& m) {
  std::vector<TransformSpec>& list = m.transforms;
  if (list.empty()) return;
  const auto layers = static_cast<std::size_t>(std::max(1, m.depth));
  if (list.size() > layers) list.resize(layers);
  for (TransformSpec& spec : list) reset_unused_fields(spec);
  const bool fixed =
      std::none_of(list.begin(), list.end(), [&](const TransformSpec& spec) { return learned(spec, m.p); });
  for (std::size_t n = 1; fixed && n < list.size(); ++n) {
    bool repeats = true;
    for (std::size_t i = n; i < layers; ++i) repeats &= list[i % list.size()] == list[i % n];
    if (repeats) list.resize(n);
  }
  if (list.size() > 1) return;
  m.transform = list[0];
  list.clear();
}

void follow_up(TrialConfig& c) {
  c.model.max_length = c.data.max_length;
  c.data.language = c.model.task == Task::language_model;
  std::string& metric = c.training.early_stopping.metric;  // a language model has no accuracy
  if (c.data.language && metric == EarlyStoppingConfig{}.metric) metric = "validation_loss";
  if (!c.model.transforms.empty()) c.model.transform = c.model.transforms[0];
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
  shorten_transforms(m);
  const std::vector<Unused> resets = unused(s.trial);
  const int heads = m.heads_per_slice > 0 ? m.heads_per_slice * m.p : m.heads;
  for (const Unused& u : resets)
    if (const Key* key = find_key(u.key)) key->set(s, key->standard());
  if (m.kind != ModelKind::bag_of_words) m.heads = heads;
  m.heads_per_slice = 0;
  const bool headless = std::any_of(resets.begin(), resets.end(),
                                    [](const Unused& u) { return u.key == "model.heads" && u.by_stack; });
  if (headless) m.heads = ModelConfig{}.heads;
  if (m.p == 1 || m.kind == ModelKind::bag_of_words || built_in(m.transform.name))
    m.transform.options.clear();
  follow_up(s.trial);
  if (m.transform.file.empty()) s.trial.content.matrix.clear();
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
    if (k->name == "training.epochs" && config.training.steps > 0) continue;  // steps say it
    const bool field = k->name.starts_with("model.transform.");
    if (field && !config.model.transforms.empty()) continue;  // the list's entries bring their own
    if (k->name == "model.transform.parametrization")         // where options stand in the alphabet
      for (const auto& [name, text] : config.model.transform.options)
        values.emplace_back("model.transform.options." + name, text);
    values.emplace_back(k->name, k->get(s));
  }
  values.emplace_back("seed", static_cast<std::int64_t>(config.seed));
  return values;
}

std::string canonical_text(const TrialConfig& config) {
  std::string text;
  TrialConfig by_content = config;  // files count by what they hold
  const std::string& known = config.content.matrix;
  for (TransformSpec& spec : by_content.model.transforms)
    if (!spec.file.empty()) spec.file = "sha256 " + remembered_digest(spec.file);
  if (TransformSpec& spec = by_content.model.transform; !spec.file.empty())
    spec.file = "sha256 " + (known.empty() ? remembered_digest(spec.file) : known);
  for (const auto& [key, value] : values_of(by_content)) {
    const Key* k = find_key(key);
    if (k && k->later && value == k->standard()) continue;
    const bool file = key == "model.transform.file" && !by_content.model.transform.file.empty();
    text += key + ": " + (file ? by_content.model.transform.file : canonical_value(value)) + "\n";
  }
  for (const std::string& plugin : used_plugins(config)) text += "plugin: sha256 " + plugin + "\n";
  return text;
}

std::vector<std::string> used_plugins(const TrialConfig& config) {
  std::vector<std::string> used;
  const std::vector<TransformSpec> all = transform_cycle(config.model);
  const bool plug_in = std::any_of(all.begin(), all.end(), [](const auto& t) { return !built_in(t.name); });
  if (config.model.kind == ModelKind::transformer && config.model.p > 1 && plug_in)
    for (const PluginFile& plugin : config.plugins) used.push_back(plugin.sha256);
  return used;
}

std::string sha256_of(const TrialConfig& canonical_config) {
  return sha256(canonical_text(canonical_config));
}

std::string identity(const TrialConfig& config) { return sha256_of(canonical(config)); }

std::string name_on_other_data(const std::string& sha256, const Content& content) {
  return sha256.substr(0, 12) + "-" +
         (content.tokens.empty() ? content.sources : content.tokens).substr(0, 8);
}

bool names(const std::string& folder, const std::string& sha256, const Content& content) {
  return folder == sha256.substr(0, 12) || folder == name_on_other_data(sha256, content);
}

std::string show(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* texts = std::get_if<std::vector<std::string>>(&value)) return "[" + join(*texts) + "]";
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
