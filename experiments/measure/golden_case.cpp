#include "experiments/measure/golden_case.hpp"

#include <limits>
#include <stdexcept>

#include "core/error.hpp"
#include "experiments/config/assignment.hpp"

namespace tubal {

namespace {

// vocabulary and classes are the batch's, and no keys of a grid.
int read_count(const std::string& name, const YamlNode& node) {
  int count = 0;
  Key key;
  key.slot = [&](Settings&) -> Slot { return &count; };
  key.low = 1;
  key.high = std::numeric_limits<int>::max();
  try {
    return static_cast<int>(std::get<std::int64_t>(key.parse(node)));
  } catch (const std::invalid_argument& e) {
    throw UsageError(node.at.file, node.at.line, name, e.what());
  }
}

// The keys of `model:`, with `task`, `max_length`, `vocabulary` and `classes` beside them.
void read_config(const YamlNode& root, GoldenCase& c) {
  Settings settings;
  settings.trial.model.dropout = 0;
  Layer layer;
  for (const auto& [name, node] : root.children) {
    if (name == "vocabulary" || name == "classes") {
      (name == "classes" ? c.classes : c.vocabulary) = read_count(name, node);
      continue;
    }
    const std::string key = name == "task"         ? name
                            : name == "max_length" ? "data.max_length"
                                                   : "model." + name;
    for (Assignment& a : read_value(key, node)) layer.push_back(std::move(a));
  }
  check_layer(layer);
  assign(layer, settings);
  c.config = settings.trial.model;
  c.config.max_length = settings.trial.data.max_length;
  const std::string& file = root.at.file;
  if (c.vocabulary == 0) throw UsageError(file, 0, "vocabulary", "this key is missing");
  if (c.classes == 0 && c.config.task == Task::classification)
    throw UsageError(file, 0, "classes", "this key is missing, and task `classification` needs it");
  std::vector<ModelProblem> problems;
  try {
    problems = model_problems(c.config);
  } catch (const Error& e) {  // a transform that there is not
    throw UsageError(file + ": " + e.what(), e.cause());
  }
  for (const ModelProblem& p : problems) {
    int line = 0;
    for (const Assignment& a : layer)
      if (a.key->name == p.key) line = a.at.line;
    throw UsageError(file, line, p.key, p.message);
  }
}

}  // namespace

GoldenCase read_golden_case(const hdf5::Reader& file, const std::filesystem::path& path) {
  if (!file.has_attribute("/", "config") || !file.has("/batch/tokens") || !file.has("/parameters"))
    throw UsageError(path.string() +
                     ": no golden case; it needs an attribute `config` and the groups batch, parameters, "
                     "forward, gradients and after_adamw, as tests/golden/generate.py writes them");
  GoldenCase c;
  YamlNode root = parse_yaml(file.attribute("/", "config"), path.string() + ", attribute `config`");
  read_config(root, c);
  c.batch.tokens = file.read<std::int32_t>("/batch/tokens");
  c.batch.offsets = file.read<std::int32_t>("/batch/offsets");
  const bool language = c.config.task == Task::language_model;
  const std::string answers = language ? "/batch/targets" : "/batch/labels";
  if (!file.has(answers))
    throw UsageError(path.string() + ": no golden case; task `" + name(c.config.task) +
                     "` needs the data set " + answers);
  (language ? c.batch.targets : c.batch.labels) = file.read<std::int32_t>(answers);
  return c;
}

}  // namespace tubal
