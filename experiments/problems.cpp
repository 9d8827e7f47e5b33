#include "experiments/problems.hpp"

#include <algorithm>
#include <filesystem>

#include "core/error.hpp"

namespace tubal {

namespace {

// Data blocks that no data set can serve.
std::vector<ModelProblem> data_problems(const DataConfig& data) {
  std::vector<ModelProblem> out;
  if (data.name == "csv" || data.name == "jsonl") {
    if (data.train.empty())
      out.push_back(
          {"data.train", "data set `" + data.name + "` needs the training file, such as train: reviews.csv"});
    if (data.test.empty())
      out.push_back(
          {"data.test", "data set `" + data.name + "` needs the test file, such as test: reviews_test.csv"});
    if (data.text == data.label)
      out.push_back({"data.text", "text and label are both column `" + data.text + "`"});
  }
  if ((data.name == "imdb" || data.name == "ag_news") && data.path.empty())
    out.push_back(
        {"data.path", "data set `" + data.name + "` needs its folder, such as path: ../data/" + data.name});
  return out;
}

std::vector<ModelProblem> settings_problems(const Settings& s) {
  std::vector<ModelProblem> out = data_problems(s.trial.data);
  if (s.trial.model.task == Task::language_model)
    out.push_back({"task", "`language_model` cannot be trained here: data set `" + s.trial.data.name +
                               "` is one of labelled texts, as all that this version reads; use "
                               "`classification`. Such a model runs in `tubal verify` and `tubal bench`"});
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
  } catch (const Error& e) {  // from the transform itself: an unknown name, a bad matrix file
    std::string message = e.what();
    if (const std::string prefix = "model.transform: "; message.starts_with(prefix))
      message.erase(0, prefix.size());
    out.push_back({"model.transform", message});
  }
  if (s.trial.training.early_stopping.patience > 0 && s.trial.data.validation == 0)
    out.push_back({"training.early_stopping.patience",
                   "early stopping looks at the validation part, and data.validation is 0"});
  return out;
}

}  // namespace

void Problems::check(const Settings& settings, const std::vector<const Layer*>& cell) {
  ++cells_;
  const std::vector<ModelProblem> found = settings_problems(settings);
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
  if (key.starts_with("model.")) set("model.p"), set("model.width");
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
