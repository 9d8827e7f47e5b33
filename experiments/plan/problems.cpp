#include "experiments/plan/problems.hpp"

#include <algorithm>
#include <filesystem>

#include "core/error.hpp"
#include "experiments/config/data_sets.hpp"
#include "experiments/config/schema.hpp"

namespace tubal {

namespace {

std::string served_by(bool (*is)(const DataSet&)) { return "data.name: " + sets_where(is); }

// Lists of files, files for validation and shares for testing, where the set takes none.
void refuse_parts(const DataConfig& data, const DataSet& set, std::vector<ModelProblem>& out) {
  if (set.parts) return;
  const std::string needs = "; data set `" + data.name + "` needs ";
  const std::string those = served_by([](auto& s) { return s.parts; });
  if (!data.train_list.empty())
    out.push_back({"data.train", "found a list of files" + needs + "one; " + those + " reads several"});
  if (!data.validation_file.empty())
    out.push_back({"data.validation", "found `" + data.validation_file + "`" + needs +
                                          "a share in [0, 1) such as 0.1; a file goes with " + those});
  if (data.test_share > 0)
    out.push_back({"data.test", "found a share" + needs + "a file; a share goes with " + those});
}

// Shares that leave nothing, limits of rows where there are none.
void refuse_amounts(const DataConfig& data, const DataSet& set, std::vector<ModelProblem>& out) {
  if (set.parts && data.validation + data.test_share >= 1)
    out.push_back({"data.test",
                   "the shares of data.validation and data.test leave nothing for training; together "
                   "they have to stay below 1"});
  const std::string none = "data set `" + data.name + "` reads no rows; leave the key out";
  if (!set.rows && data.train_rows > 0) out.push_back({"data.train_rows", none});
  if (!set.rows && data.test_rows > 0) out.push_back({"data.test_rows", none});
}

// Data blocks that no data set can serve.
std::vector<ModelProblem> data_problems(const DataConfig& data, Task task) {
  const DataSet& set = data_set(data.name);
  std::vector<ModelProblem> out;
  if (!set.labels && task == Task::classification) {
    out.push_back({"data.name", "data set `" + set.name +
                                    "` has no labels, and task is classification; set task: language_model, "
                                    "or read labelled texts with name: csv or jsonl"});
    return out;
  }
  refuse_parts(data, set, out);
  for (const DataSet::Need& need : set.needs)
    if (!need.given(data)) out.push_back({need.key, "data set `" + set.name + "` needs " + need.what});
  refuse_amounts(data, set, out);
  if (task == Task::language_model && data.validation == 0 && data.validation_file.empty())
    out.push_back({"data.validation",
                   "found 0; a language model is judged on its validation part: give a share in "
                   "(0, 1) such as 0.1" +
                       std::string(set.parts ? ", or a file" : "")});
  if (reads(set, "data.label") && data.text == data.label && task == Task::classification)
    out.push_back({"data.text", "text and label are both column `" + data.text + "`"});
  return out;
}

std::vector<ModelProblem> settings_problems(const Settings& s) {
  std::vector<ModelProblem> out = data_problems(s.trial.data, s.trial.model.task);
  ModelConfig model = s.trial.model;
  model.max_length = s.trial.data.max_length;
  std::error_code error;
  for (const TransformSpec& t : transform_cycle(model))
    if (model.kind == ModelKind::transformer && t.name == "matrix" &&
        !std::filesystem::is_regular_file(t.file, error)) {
      out.push_back({model.transforms.empty() ? "model.transform.file" : "model.transform",
                     t.file.empty() ? "transform `matrix` needs a file (HDF5, NPY or CSV)"
                                    : "there is no file " + t.file});
      return out;
    }
  try {
    for (ModelProblem& p : model_problems(model)) out.push_back(std::move(p));
  } catch (const UsageError& e) {  // from the transform itself: an unknown name, a bad matrix file
    const bool same = e.file().empty() && e.key() == "model.transform";
    out.push_back({"model.transform", same ? e.reason() : e.what()});
  } catch (const Error& e) {
    out.push_back({"model.transform", e.what()});
  }
  if (s.trial.training.early_stopping.patience > 0 && s.trial.data.validation == 0 &&
      s.trial.model.task == Task::classification)
    out.push_back({"training.early_stopping.patience",
                   "early stopping looks at the validation part, and data.validation is 0"});
  return out;
}

}  // namespace

// A metric that the task does not have, where one is written. (Left out, it follows from the task.)
void Problems::check_metrics(const Settings& s, const std::vector<const Layer*>& cell,
                             std::vector<ModelProblem>& out) const {
  const bool language = s.trial.model.task == Task::language_model;
  const auto look = [&](const char* key, const std::string& metric) {
    const auto sets = [&](const Layer& layer) {
      return std::any_of(layer.begin(), layer.end(), [&](const auto& a) { return a.key->name == key; });
    };
    if (!sets(written_) && std::none_of(cell.begin(), cell.end(), [&](auto* layer) { return sets(*layer); }))
      return;
    if (language && metric == "validation_accuracy")
      out.push_back({key,
                     "found `validation_accuracy`, which a language model does not have (it gives every "
                     "token a probability); use validation_loss or validation_bits_per_byte"});
    if (!language && metric == "validation_bits_per_byte")
      out.push_back({key,
                     "found `validation_bits_per_byte`, which only a language model has; use "
                     "validation_accuracy or validation_loss"});
  };
  look("training.early_stopping.metric", s.trial.training.early_stopping.metric);
  look("sweep.early_stop.asha.metric", s.asha.metric);
}

void Problems::check(const Settings& settings, const std::vector<const Layer*>& cell) {
  ++cells_;
  std::vector<ModelProblem> found = settings_problems(settings);
  check_metrics(settings, cell, found);
  broken_ += !found.empty();
  for (const ModelProblem& p : found) add(p.key, p.message, cell);
}

// The last place that set the key, or another key of its section; heads and transform may fail because of p,
// p because of width.
void Problems::add(const std::string& key, const std::string& message,
                   const std::vector<const Layer*>& cell) {
  const Assignment* blamed = nullptr;
  const auto last = [&](const auto& is) {
    for (auto layer = cell.rbegin(); layer != cell.rend() && !blamed; ++layer)
      for (const Assignment& a : **layer)
        if (is(a.key->name)) blamed = &a;
    for (auto a = written_.rbegin(); a != written_.rend() && !blamed; ++a)
      if (is(a->key->name)) blamed = &*a;
  };
  const auto set = [&](const std::string& name) { last([&](const std::string& k) { return k == name; }); };
  set(find_key(key)->name);
  if (std::count(key.begin(), key.end(), '.') > 1)
    last([&](const std::string& k) { return k.starts_with(key.substr(0, key.rfind('.') + 1)); });
  if (key.starts_with("model.")) {
    set("model.p");
    set("model.width");
  }
  if (key.starts_with("data.")) set("data.name");
  const Location at = blamed ? blamed->at : Location{file_, 0};
  const std::string text = UsageError(at.file, at.line, key, message).what();
  const auto [found, fresh] = index_.emplace(text, problems_.size());
  if (fresh) problems_.push_back({text, 0});
  ++problems_[found->second].cells;
}

void Problems::report() const {
  if (problems_.empty()) return;
  const auto of = [&](std::size_t n) {
    return cells_ > 1 ? " (" + std::to_string(n) + " of " + std::to_string(cells_) + " cells)" : "";
  };
  if (problems_.size() == 1) throw UsageError(problems_[0].text + of(problems_[0].cells));
  std::string text =
      file_ + ": " +
      (cells_ > 1 ? std::to_string(broken_) + " of " + std::to_string(cells_) + " cells cannot be built:"
                  : "this cannot be built:");
  constexpr std::size_t most = 20;
  for (std::size_t i = 0; i < problems_.size() && i < most; ++i)
    text += "\n  " + problems_[i].text + of(problems_[i].cells);
  if (problems_.size() > most) text += "\n  and " + std::to_string(problems_.size() - most) + " more";
  throw UsageError(text);
}

}  // namespace tubal
