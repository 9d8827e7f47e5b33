#include "experiments/config/identity.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "core/sha256.hpp"
#include "experiments/config/key.hpp"
#include "experiments/config/remembered_digest.hpp"
#include "experiments/config/schema.hpp"
#include "experiments/config/unused.hpp"
#include "layers/model_config.hpp"

namespace tubal {

void follow_up(TrialConfig& c) {
  c.model.max_length = c.data.max_length;
  c.data.language = c.model.task == Task::language_model;
  std::string& metric = c.training.early_stopping.metric;  // a language model has no accuracy
  if (c.data.language && metric == EarlyStoppingConfig{}.metric) metric = "validation_loss";
  if (!c.model.transforms.empty()) c.model.transform = c.model.transforms[0];
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
  return short_digest(sha256) + "-" +
         (content.tokens.empty() ? content.sources : content.tokens).substr(0, 8);
}

bool names(const std::string& folder, const std::string& sha256, const Content& content) {
  return folder == short_digest(sha256) || folder == name_on_other_data(sha256, content);
}

}  // namespace tubal
