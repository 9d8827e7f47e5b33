#include "experiments/measure/ablation.hpp"

#include <algorithm>
#include <cmath>

#include "core/build_info.hpp"
#include "core/clock.hpp"
#include "core/hdf5.hpp"
#include "core/layout.hpp"
#include "core/layout_entries.hpp"
#include "core/text.hpp"
#include "core/typed.hpp"
#include "experiments/config/plugin_loading.hpp"
#include "experiments/config/trial_file.hpp"
#include "experiments/data/batches.hpp"
#include "experiments/records/layout_writer.hpp"
#include "experiments/records/next_step.hpp"
#include "experiments/records/safetensors.hpp"
#include "experiments/records/verify_trial.hpp"

namespace tubal {

std::vector<SliceGroup> slice_groups(const std::vector<SliceInfo>& slices) {
  std::vector<SliceGroup> groups = {{"none", {}}};
  std::vector<std::size_t> order;
  for (std::size_t k = 0; k < slices.size(); ++k) {
    groups.push_back({"slice " + std::to_string(k), {k}});
    order.push_back(k);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return slices[a].frequency < slices[b].frequency; });
  for (const bool highest : {false, true})
    for (std::size_t n = 2; n < order.size(); ++n) {
      const auto cut = static_cast<std::ptrdiff_t>(highest ? order.size() - n : n);
      SliceGroup g{(highest ? "highest " : "lowest ") + std::to_string(n), {}};
      g.slices.assign(highest ? order.begin() + cut : order.begin(),
                      highest ? order.end() : order.begin() + cut);
      std::sort(g.slices.begin(), g.slices.end());
      groups.push_back(g);
    }
  return groups;
}

std::string ablation_refusal(const layout::TrialFolder& trial) {
  const TrialStatus status = read_status(trial.root);
  if (status.state != TrialState::complete && status.state != TrialState::stopped)
    return "it is " + std::string(name(status.state)) + ", not complete. " + next_step(trial, status.state);
  const TrialConfig config = read_trial(trial.config().string());
  if (config.model.kind != ModelKind::transformer)
    return "model.kind " + name(config.model.kind) + " has no slices";
  if (config.model.task == Task::language_model)
    return "it is a language model, and what is compared here is accuracy, which it does not have";
  if (config.model.p == 1)
    return "with p = 1 there is one slice, and without it no encoder: nothing to compare; choose a trial "
           "with p above 1";
  const auto slices = [&](const TransformSpec& t) {
    return make_transform(t)->plan(config.model.p)->slices().size();
  };
  if (!config.model.transforms.empty()) load_study_plugins(config.plugins);
  for (const TransformSpec& t : config.model.transforms)
    if (slices(t) != slices(config.model.transforms[0]))
      return "its transforms do not have equally many slices, so none can be taken away from all layers";
  return "";
}

namespace {

struct Answers {
  std::vector<std::int64_t> prediction;
  double loss = 0;
};

// In the same batches as the trial's own test.
Answers answers(Model<float>& model, const Part& test, const SliceFactors* factors) {
  Answers a;
  Tensor<float, 2> logits;
  for (std::size_t first = 0; first < test.size(); first += evaluation_texts) {
    const Batch batch = make_batch(test, first, evaluation_texts);
    a.loss += model.evaluate(batch, &logits, factors).loss * static_cast<double>(batch.size());
    for (std::size_t b = 0; b < batch.size(); ++b) {
      const float* y = logits.data() + b * logits.shape(1);
      a.prediction.push_back(std::max_element(y, y + logits.shape(1)) - y);
    }
  }
  a.loss /= static_cast<double>(test.size());
  return a;
}

}  // namespace

Ablation ablate(const layout::TrialFolder& trial, const AblationOptions& options) {
  if (const std::string refusal = ablation_refusal(trial); !refusal.empty())
    throw UsageError("trial " + trial.id() + " cannot be ablated: " + sentence(refusal));
  const TrialStatus status = read_status(trial.root);
  if (const auto damaged = damaged_files(trial.root, status); !damaged.empty())
    throw Error(sentence(damaged[0].problem) + repeats(trial));
  const TrialConfig config = read_trial(trial.config().string());
  load_study_plugins(config.plugins);
  const Dataset data = load_dataset(config.data, options.cache);
  const hdf5::Reader file(trial.data());
  if (file.attribute("/provenance", "data_sha256") != data.content)
    throw UsageError("trial " + trial.id() + " cannot be ablated: the data of data.name " + config.data.name +
                     " are no longer those that it was trained on.");
  Model<float> model(config.model, data.vocabulary.size, static_cast<int>(data.classes.size()), config.seed,
                     options.threads);
  std::vector<NamedTensor<float>> parameters = model.parameters(false);
  read_safetensors(trial.model(), parameters);

  Ablation a;
  a.trial = trial.id();
  a.study = file.attribute("/", "study");
  a.at = options.at;
  a.level = options.level;
  a.model_sha256 = status.files.at(layout::TrialFolder::model_name);
  a.test_accuracy = status.test_accuracy;
  a.examples = static_cast<long>(data.test.size());
  const std::unique_ptr<TransformPlan> plan = make_transform(config.model.transform)->plan(config.model.p);
  for (const Slice& s : plan->slices()) a.slices.push_back({s.bin, s.complex, s.frequency});
  const std::vector<SliceGroup> groups = slice_groups(a.slices);
  const auto n = static_cast<double>(a.examples);
  std::vector<bool> whole;  // right by the whole model
  for (const SliceGroup& group : groups) {
    if (options.progress) options.progress(group, a.rows.size(), groups.size());
    SliceFactors factors{options.at, std::vector<double>(a.slices.size(), 1.0)};
    for (const std::size_t k : group.slices) factors.factor[k] = 0;
    const Answers now = answers(model, data.test, group.slices.empty() ? nullptr : &factors);
    if (whole.empty()) {
      const auto own = file.read<std::int64_t>("/test/prediction");
      for (std::size_t i = 0; i < data.test.size(); ++i) {
        whole.push_back(now.prediction[i] == data.test.labels[i]);
        a.differing += i >= own.size() || own[i] != now.prediction[i];
      }
    }
    long right = 0, lost = 0, gained = 0;
    for (std::size_t i = 0; i < data.test.size(); ++i) {
      const bool hit = now.prediction[i] == data.test.labels[i];
      right += hit;
      lost += whole[i] && !hit;
      gained += hit && !whole[i];
    }
    AblationRow row{group,
                    static_cast<double>(right) / n,
                    now.loss,
                    static_cast<double>(gained - lost) / n,
                    statistics::wilson(right, a.examples, options.level),
                    {0, 0}};
    if (!group.slices.empty())
      row.difference_interval = statistics::bonett_price(lost, gained, a.examples, options.level);
    a.rows.push_back(row);
  }
  return a;
}

std::string write_ablation(const layout::TrialFolder& trial, const Ablation& a) {
  LayoutWriter w(trial.ablation());
  w.attribute("/", "tubal_format", std::int64_t{layout::format_version});
  w.attribute("/", "trial", a.trial);
  w.attribute("/", "study", a.study);
  w.attribute("/", "at", name(a.at));
  w.attribute("/", "level", a.level);
  w.attribute("/", "examples", std::int64_t{a.examples});
  w.attribute("/", "test_accuracy", a.test_accuracy);
  w.attribute("/", "model_sha256", a.model_sha256);
  w.attribute("/", "revision", build_info().revision);
  w.attribute("/", "created", time_stamp());
  std::vector<std::string> names, slices;
  std::vector<double> low, high, difference_low, difference_high;
  for (const AblationRow& r : a.rows) {
    names.push_back(r.group.name);
    std::string list;
    for (const std::size_t k : r.group.slices) list += (list.empty() ? "" : ",") + std::to_string(k);
    slices.push_back(list);
    low.push_back(r.interval.low);
    high.push_back(r.interval.high);
    difference_low.push_back(r.difference_interval.low);
    difference_high.push_back(r.difference_interval.high);
  }
  w.write("/ablation/name", names);
  w.write("/ablation/slices", slices);
  w.write("/ablation/accuracy", column(a.rows, &AblationRow::accuracy));
  w.write("/ablation/interval_low", low);
  w.write("/ablation/interval_high", high);
  w.write("/ablation/loss", column(a.rows, &AblationRow::loss));
  w.write("/ablation/difference", column(a.rows, &AblationRow::difference));
  w.write("/ablation/difference_low", difference_low);
  w.write("/ablation/difference_high", difference_high);
  return w.file().publish();
}

}  // namespace tubal
