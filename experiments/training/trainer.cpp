// One trial from top to bottom: run, an epoch, a step, what is looked at after it, evaluation, the end of an
// epoch, the test. One class, however long: each part reads and moves the same cursor, record and learner.
#include "experiments/training/trainer.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/metrics.hpp"
#include "experiments/config/value.hpp"
#include "experiments/data/batches.hpp"
#include "experiments/records/history.hpp"
#include "experiments/records/safetensors.hpp"
#include "experiments/records/text_format.hpp"
#include "experiments/training/baselines.hpp"
#include "experiments/training/divergence.hpp"
#include "experiments/training/evaluation.hpp"
#include "experiments/training/log_lines.hpp"
#include "experiments/training/pace.hpp"
#include "experiments/training/schedule.hpp"
#include "experiments/training/stop_request.hpp"
#include "experiments/training/trial_store.hpp"

namespace tubal {

namespace {

using OnLogits = std::function<void(const Logits&)>;

class Trainer {
 public:
  Trainer(const fs::path& folder, const TrialConfig& config, const std::string& configuration,
          const Dataset& data, const TrialOptions& options, Baselines baselines)
      : config_(config),
        data_(data),
        options_(options),
        store_(folder, config, configuration, data, options) {
    record_.baselines = std::move(baselines);
  }

  TrialState run() {
    try {
      while (!cursor_.finished) epoch();
      return test();
    } catch (const Interrupted&) {
      store_.save();
      store_.say("stopped at step " + std::to_string(cursor_.step) + " of " +
                 std::to_string(store_.length.steps) + "; run again to go on");
      return store_.close(TrialState::interrupted, "");
    } catch (const Diverged& e) {
      return store_.close(TrialState::diverged, e.cause);
    }
  }

 private:
  struct Interrupted {};
  struct Diverged {
    std::string cause;
  };

  static void stop_if_asked() {
    if (stop_requested()) throw Interrupted();
  }

  // One epoch (what lies between two evaluations) from where it stands, its evaluation and what follows.
  void epoch() {
    const std::int64_t steps = store_.length.steps_of(cursor_.epoch);
    while (cursor_.batch < steps) {
      stop_if_asked();
      step(store_.batches(cursor_.step), steps);
      if (store_.save_is_due()) store_.save();
    }
    EvaluationPoint e;
    e.epoch = cursor_.epoch;
    e.step = cursor_.step;
    e.train_loss = cursor_.loss_sum / static_cast<double>(cursor_.seen);
    if (!data_.language)
      e.train_accuracy = static_cast<double>(cursor_.correct) / static_cast<double>(cursor_.seen);
    check_parameters();
    const Scores v = evaluate(data_.validation, "validation");
    e.validation_loss = v.loss;
    e.validation_accuracy = v.accuracy;
    e.validation_bits_per_byte = v.bits_per_byte;
    e.seconds = cursor_.epoch_seconds;
    record_.evaluations.push_back(e);
    store_.add(to_record(e));
    end_of_epoch(e);
  }

  // Texts, or tokens, that a batch's mean loss is over.
  std::int64_t weight(const Batch& batch, const BatchResult& r) const {
    return data_.language ? r.counted : static_cast<std::int64_t>(batch.size());
  }

  void step(const Batch& batch, std::int64_t steps_of_epoch) {
    const double start = seconds_now();
    const AdamWSettings a = step_settings(config_.training, cursor_.step + 1, store_.length.steps);
    const BatchResult r = learner_.gradients(batch, config_.seed, cursor_.step + 1);
    TrainPoint t{cursor_.step + 1, r.loss, a.learning_rate, unknown, unknown};
    // Not finite: nothing is updated (policy skip), or the trial ends.
    if (std::isfinite(r.loss)) t.gradient_norm = learner_.update(a, cursor_.step + 1);
    const double seconds = seconds_now() - start;
    t.tokens_per_second = static_cast<double>(batch.tokens.size()) / seconds;
    ++cursor_.step;
    ++cursor_.batch;
    cursor_.epoch_seconds += seconds;
    trained_ += seconds;
    if (std::isfinite(r.loss)) {
      cursor_.loss_sum += r.loss * static_cast<double>(weight(batch, r));
      cursor_.correct += r.correct;
      cursor_.seen += weight(batch, r);
    }
    record_.train.push_back(t);
    store_.add(to_record(t));
    if (cursor_.batch == steps_of_epoch)
      store_.log_probe(cursor_.epoch);  // while the last gradients are at hand
    check_step(batch, t);
    store_.status.loss = r.loss;
    pace_.add(seconds, batch.tokens.size(), r.loss);
    store_.seconds_left = seconds_left();
    store_.flush();
    show("training");
  }

  double seconds_left() const { return pace_.seconds_of(store_.length.steps - cursor_.step); }

  // Loss and gradient of a step are finite, or the trial ends (policy skip: the step is left
  // out, which is said once).
  void check_step(const Batch& batch, const TrainPoint& t) {
    if ((std::isfinite(t.loss) && std::isfinite(t.gradient_norm)) || told_) return;
    char rate[32];
    std::snprintf(rate, sizeof rate, "%.3g", t.learning_rate);
    const std::string cause =
        why_diverged(std::isfinite(t.loss) ? "the gradient" : "the loss",
                     "at step " + std::to_string(cursor_.step) + " (epoch " + std::to_string(cursor_.epoch) +
                         ", learning rate " + rate + ")",
                     learner_.find_nonfinite(batch, config_.seed, cursor_.step), record_.train);
    if (options_.policy.on_nan == "stop") throw Diverged{cause};
    store_.say("left out: " + cause + " More such steps are left out without a word.");
    told_ = true;
  }

  void show(const char* phase) {
    if (!options_.progress) return;
    Scores validation;
    if (!record_.evaluations.empty()) validation = validation_scores(record_.evaluations.back());
    options_.progress({phase, cursor_.epoch, store_.status.epochs, cursor_.step, store_.length.steps,
                       pace_.loss(), validation, pace_.tokens_per_second(), seconds_left()});
  }

  static Scores validation_scores(const EvaluationPoint& e) {
    return {e.validation_loss, e.validation_accuracy, e.validation_bits_per_byte};
  }

  // Of what was trained: a number that no batch has met since its update, or that a comparison took away
  // (relu of -infinity), shows in no loss.
  void check_parameters() {
    if (options_.policy.on_nan != "stop") return;
    const std::span<const float> all = learner_.values();
    if (std::all_of(all.begin(), all.end(), [](float x) { return std::isfinite(x); })) return;
    throw Diverged{why_diverged(
        "a parameter",
        "after step " + std::to_string(cursor_.step) + " (epoch " + std::to_string(cursor_.epoch) + ")",
        learner_.find_nonfinite({}, config_.seed, 0), record_.train)};
  }

  // Scores are finite numbers, or the trial ends (policy skip: they stay what they are).
  void check_loss(const Batch& batch, const BatchResult& r, const char* phase) {
    if (std::isfinite(r.loss) || options_.policy.on_nan != "stop") return;
    throw Diverged{why_diverged("the " + std::string(phase) + " loss",
                                "by the parameters of step " + std::to_string(cursor_.step) + " (epoch " +
                                    std::to_string(cursor_.epoch) + ")",
                                learner_.find_nonfinite(batch, config_.seed, 0), record_.train)};
  }

  // Scores of a part; `on_batch(logits)` sees what a classifier said, in the part's order.
  Scores evaluate(const Part& part, const char* phase, const OnLogits& on_batch = {}) {
    return evaluate_part(learner_, config_.data, part,
                         {stop_if_asked, [&](const Batch& batch, const BatchResult& r, const Logits& logits) {
                            check_loss(batch, r, phase);
                            if (on_batch) on_batch(logits);
                            show(phase);
                          }});
  }

  // The best epoch, by validation alone; without a validation part the last one.
  void end_of_epoch(const EvaluationPoint& e) {
    const EarlyStoppingConfig& stop = config_.training.early_stopping;
    const bool measured = data_.validation.size() > 0;
    const double now = stop.metric == "validation_loss"       ? e.validation_loss
                       : stop.metric == "validation_accuracy" ? e.validation_accuracy
                                                              : e.validation_bits_per_byte;
    if (!measured || cursor_.best_epoch == 0 || better(metric_of(stop.metric), now, cursor_.best) ||
        !std::isfinite(cursor_.best)) {
      cursor_.best = now;
      cursor_.best_epoch = e.epoch;
      store_.best_values.assign(learner_.values().begin(), learner_.values().end());
    }
    store_.say(epoch_line(e, data_.language, store_.status.epochs, store_.length.steps));
    if (e.epoch == store_.status.epochs) {
      cursor_.finished = true;
    } else if (measured && stop.patience > 0 && e.epoch - cursor_.best_epoch >= stop.patience) {
      cursor_.finished = true;
      cursor_.cause =
          "stopped early: no better " + stop.metric + " since epoch " + std::to_string(cursor_.best_epoch);
    } else if (options_.keep_going && !options_.keep_going(e.epoch, validation_scores(e))) {
      cursor_.finished = true;
      cursor_.pruned = true;
      cursor_.cause = "stopped by ASHA after epoch " + std::to_string(e.epoch);
    }
    if (!cursor_.finished) ++cursor_.epoch;
    cursor_.batch = 0;
    cursor_.loss_sum = 0;
    cursor_.correct = 0;
    cursor_.seen = 0;
    cursor_.epoch_seconds = 0;
    store_.save();
    store_.write_data();
  }

  TrialState test() {
    std::copy(store_.best_values.begin(), store_.best_values.end(), learner_.values().begin());
    record_.label.clear();
    record_.prediction.clear();
    record_.probability.clear();
    Scores t;
    try {
      t = evaluate(data_.test, "test", [&](const Logits& logits) {
        for (std::size_t b = 0; b < logits.shape(0); ++b) {
          const Said said = said_of(logits, b);
          record_.prediction.push_back(said.best);
          record_.probability.push_back(said.probability);
        }
      });
    } catch (const Interrupted&) {
      // The checkpoint at the end of training stands: the learner now holds the best
      // parameters, not the last.
      record_.prediction.clear();
      record_.probability.clear();
      store_.say("stopped during the test; run again to go on");
      return store_.close(TrialState::interrupted, "");
    }
    record_.label.assign(data_.test.labels.begin(), data_.test.labels.end());
    store_.status.test_loss = t.loss;
    store_.status.test_accuracy = t.accuracy;
    store_.status.test_bits_per_byte = t.bits_per_byte;
    for (EvaluationPoint& e : record_.evaluations)
      if (e.epoch == cursor_.best_epoch) {
        e.test_loss = t.loss;
        e.test_accuracy = t.accuracy;
        e.test_bits_per_byte = t.bits_per_byte;
      }
    std::map<std::string, std::string> metadata = text_metadata({data_.vocabulary, data_.classes});
    metadata["trial"] = store_.folder().id();
    metadata["best_epoch"] = std::to_string(cursor_.best_epoch);
    metadata["configuration"] = record_.provenance.at("configuration");
    store_.status.files[layout::TrialFolder::model_name] =
        write_safetensors(store_.folder().model(), learner_.parameters(false), metadata);
    if (store_.probe_seconds > 0 && trained_ > 0) store_.say(probe_line(store_.probe_seconds, trained_));
    store_.say(end_line(store_.status, t, data_.language, data_.test.size() > 0));
    return store_.close(cursor_.pruned ? TrialState::stopped : TrialState::complete, cursor_.cause);
  }

  const TrialConfig& config_;
  const Dataset& data_;
  const TrialOptions& options_;
  TrialStore store_;
  Cursor& cursor_ = store_.cursor;
  TrialRecord& record_ = store_.record;
  Learner& learner_ = *store_.learner;
  Pace pace_;
  bool told_ = false;   // where a step that is left out began
  double trained_ = 0;  // seconds of training since this process began at the trial
};

}  // namespace

TrialState train_trial(const fs::path& folder, const TrialConfig& config, const std::string& configuration,
                       const Dataset& data, const TrialOptions& options) {
  if (data.train.size() == 0) throw UsageError("", 0, "data", "the training part is empty");
  // Before the trial's time begins: the first trial on these data measures them for all.
  Baselines baselines;
  if (data.language) baselines = baseline_scores(data, config.data, options.cache);
  return Trainer(folder, config, configuration, data, options, std::move(baselines)).run();
}

}  // namespace tubal
