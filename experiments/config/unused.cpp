#include "experiments/config/unused.hpp"

#include <algorithm>
#include <map>

#include "core/error.hpp"
#include "experiments/config/data_sets.hpp"
#include "experiments/config/key.hpp"
#include "experiments/config/schema.hpp"
#include "layers/stack/table.hpp"

namespace tubal {

bool built_in(const std::string& name) {
  const auto& table = transform_table();
  return std::any_of(table.begin(), table.end(), [&](const TransformEntry& e) { return e.name == name; });
}

namespace {

// The transform fields that a transform reads; a plug-in reads its options alone.
std::vector<std::string> transform_fields(const std::string& name) {
  for (const TransformEntry& entry : transform_table())
    if (entry.name == name) return entry.options;
  return {"options"};
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

// Keys that other data sets read.
void unused_by_data_set(const DataSet& set, std::vector<Unused>& out) {
  const auto& all = data_sets();
  for (const Key& k : schema())
    if (!counts(set, k.name) &&
        std::any_of(all.begin(), all.end(), [&](auto& s) { return counts(s, k.name); }))
      out.push_back({k.name, "with this data.name"});
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

std::vector<Unused> unused(const TrialConfig& c) {
  std::vector<Unused> out;
  const auto drop = [&](const std::string& reason, std::initializer_list<const char*> keys) {
    for (const char* key : keys) out.push_back({key, reason});
  };
  const DataConfig& data = c.data;
  const bool language = c.model.task == Task::language_model;
  const DataSet& set = data_set(data.name);
  unused_by_data_set(set, out);
  if (reads(set, "data.label") && language) drop("with task language_model", {"data.label"});
  if (!set.rows) drop("with data.name " + set.name, {"data.train_rows", "data.test_rows"});
  if (!language)
    drop("with task classification", {"data.cross_documents", "training.order"});
  else
    drop("with task language_model", {"data.truncation"});
  if (language && reads(set, "data.documents") && data.documents == "stream")
    drop("with data.documents stream", {"data.cross_documents"});
  if (data.tokenizer.kind == "word") drop("with data.tokenizer.kind word", {"data.tokenizer.model_type"});
  const bool whole = data.train_rows == 0 && data.test_rows == 0;
  if (!language && data.validation == 0 && whole) drop("with data.validation 0", {"data.split_seed"});
  if (language && (whole || !set.rows)) drop("with task language_model", {"data.split_seed"});

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
  // p = 1: L is the number 1, both domains are one, a slice is the whole width, and
  // every fixed factor a_0 is 1.
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

std::vector<std::string> idle_keys(const TrialConfig& config) {
  std::vector<std::string> keys;
  for (Unused& u : unused(config)) keys.push_back(std::move(u.key));
  const auto heads = [](const std::string& key) {
    return key == "model.heads" || key == "model.heads_per_slice";
  };
  if (std::count_if(keys.begin(), keys.end(), heads) < 2) std::erase_if(keys, heads);
  return keys;
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

}  // namespace tubal
