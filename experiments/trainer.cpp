#include "experiments/trainer.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/blas.hpp"
#include "core/build_info.hpp"
#include "core/files.hpp"
#include "core/layout.hpp"
#include "core/sha256.hpp"
#include "experiments/batches.hpp"
#include "experiments/checkpoint.hpp"
#include "experiments/clock.hpp"
#include "experiments/history.hpp"
#include "experiments/journal.hpp"
#include "experiments/learner.hpp"
#include "experiments/probe.hpp"
#include "experiments/safetensors.hpp"

namespace tubal {

namespace {

using Json = nlohmann::ordered_json;

// Where a trial stands: with the parameters and moments all that its future depends on.
struct Cursor {
  std::int64_t step = 0;   // optimiser steps done
  int epoch = 1;           // under way
  std::int64_t batch = 0;  // of it, done
  double loss_sum = 0;     // over the epoch's texts so far
  std::int64_t correct = 0, seen = 0;
  int best_epoch = 0;
  double best = unknown;                  // the metric at the best epoch
  bool finished = false;                  // training has ended; the test remains
  bool pruned = false;                    // by keep_going
  std::string cause;                      // why it ended early
  double seconds = 0, epoch_seconds = 0;  // timings: no part of the result
};

template <class C, class Visit>
void walk(C& c, Visit visit) {
  visit("step", c.step), visit("epoch", c.epoch), visit("batch", c.batch), visit("loss_sum", c.loss_sum);
  visit("correct", c.correct), visit("seen", c.seen), visit("best_epoch", c.best_epoch),
      visit("best", c.best);
  visit("finished", c.finished), visit("pruned", c.pruned), visit("cause", c.cause),
      visit("seconds", c.seconds), visit("epoch_seconds", c.epoch_seconds);
}

// Which build wrote a checkpoint: another one may round differently.
std::string build_name() {
  return build_info().revision + " " + build_info().compiler + " " + build_info().flags;
}

struct Score {
  double loss = unknown, accuracy = unknown;
};

class Trainer {
 public:
  Trainer(const fs::path& folder, const TrialConfig& config, const std::string& configuration,
          const Dataset& data, const TrialOptions& options)
      : folder_{folder},
        config_(config),
        configuration_(configuration),
        data_(data),
        options_(options),
        log_(folder_.log()),
        probe_(config.model) {
    if (data.train.size() == 0) throw UsageError("the training part of the data is empty");
    learner_ = make_learner(config.model, data.vocabulary.size, static_cast<int>(data.classes.size()),
                            config.seed, options.threads);
    steps_per_epoch_ = static_cast<std::int64_t>((data.train.size() + batch_size() - 1) / batch_size());
    steps_ = steps_per_epoch_ * config.training.epochs;
    describe();
    if (!resume()) begin();
    publish_status();
  }

  TrialState run() {
    try {
      while (!c_.finished)
        if (const auto end = epoch()) return *end;
      return test();
    } catch (const Interrupted&) {
      save();
      say("stopped at step " + std::to_string(c_.step) + " of " + std::to_string(steps_) +
          "; run again to go on");
      return close(TrialState::interrupted, "");
    }
  }

 private:
  struct Interrupted {};

  std::size_t batch_size() const { return static_cast<std::size_t>(config_.training.batch_size); }
  static void stop_if_asked() {
    if (stop_requested()) throw Interrupted();
  }
  void say(const std::string& text) {
    log_.line(time_stamp() + " " + text);
    log_.flush();
  }

  void describe() {
    TrialStatus before;
    try {
      before = read_status(folder_.root);
    } catch (const Error& e) {
      say(e.what());
    }
    status_.state = TrialState::running;
    status_.attempt = before.attempt + 1;
    status_.peak_memory = before.peak_memory;
    status_.epochs = config_.training.epochs;
    status_.steps = steps_;
    status_.parameters_encoder = learner_->counts().encoder;
    status_.parameters_total = learner_->counts().total;
    status_.seed = config_.seed;
    status_.threads = options_.threads;
    status_.host = host_name();
    status_.pid = ::getpid();
    status_.boot_id = boot_id();
    status_.revision = build_info().revision;
    status_.started = time_stamp();
    double tokens = 0, squares = 0;
    for (std::size_t i = 0; i < data_.train.size(); ++i) {
      const double n = static_cast<double>(data_.train.offsets[i + 1] - data_.train.offsets[i]);
      tokens += n, squares += n * n;
    }
    epoch_flops_ = learner_->step_flops(tokens, squares);

    record_.id = folder_.id();
    record_.study = options_.study;
    record_.p = probe_.slices().empty() ? 0 : config_.model.p;
    record_.layers = config_.model.depth;
    record_.slices = probe_.slices();
    record_.classes = data_.classes;
    std::string plugins;
    for (const PluginFile& p : config_.plugins)
      plugins += p.sha256 + " " + fs::path(p.path).filename().string() + "\n";
    record_.provenance = {{"configuration", configuration_},
                          {"plugins", plugins},
                          {"data_sha256", data_.content},
                          {"revision", build_info().revision},
                          {"version", build_info().version},
                          {"compiler", build_info().compiler},
                          {"flags", build_info().flags},
                          {"libraries", build_info().libraries},
                          {"blas", "OpenBLAS " + blas_kernels()},
                          {"host", status_.host},
                          {"cpu", cpu_name()},
                          {"threads", std::to_string(options_.threads)},
                          {"started", status_.started}};
  }

  // ---- where it stands, on disk

  std::string identity() const { return sha256(configuration_ + "\n" + data_.content); }

  void save() {
    if (!journal_) return;
    tick();
    journal_->sync();  // before the checkpoint that counts on it
    Json header;
    walk(c_, [&](const char* key, const auto& value) { header[key] = value; });
    header["identity"] = identity();
    header["build"] = build_name();
    header["journal_records"] = journal_->records();
    header["journal_bytes"] = journal_->bytes();
    save_checkpoint(folder_.checkpoint(), header.dump(),
                    {learner_->values(), learner_->first_moment(), learner_->second_moment(), best_values_});
    saved_at_ = seconds_now();
    publish_status();
  }

  void begin() {
    std::error_code none;
    fs::remove(folder_.checkpoint(), none);
    journal_.emplace(folder_.journal(), 0, 0);
    c_ = {};
    best_values_.clear();
    record_.train.clear(), record_.evaluations.clear(), record_.transform.clear(), record_.spectrum.clear();
    log_probe(0);
    say("begins: " + std::to_string(status_.parameters_total) + " parameters (" +
        std::to_string(status_.parameters_encoder) + " in the encoder), " +
        std::to_string(data_.train.size()) + " training texts, " + std::to_string(steps_) + " steps in " +
        std::to_string(status_.epochs) + " epochs");
    save();
  }

  // Goes on from the checkpoint. False: there is none, or it or the journal is damaged, which is said and
  // begun anew.
  bool resume() {
    if (!fs::exists(folder_.checkpoint())) return false;
    try {
      const Checkpoint saved = load_checkpoint(folder_.checkpoint());
      const Json header = Json::parse(saved.header);
      if (header.at("identity") != identity())
        throw Error(folder_.checkpoint().string() +
                    ": the checkpoint is of another configuration or other data.");
      if (const std::string build = header.at("build"); build != build_name() && !options_.allow_code_change)
        throw OtherBuild{build};
      const std::size_t bytes = header.at("journal_bytes");
      const JournalContent journal = read_journal(folder_.journal(), bytes);
      if (journal.bytes != bytes || journal.records.size() != header.at("journal_records").get<std::size_t>())
        throw Error(folder_.journal().string() + ": the journal is shorter than its checkpoint says.");
      const std::span<float> own[] = {learner_->values(), learner_->first_moment(),
                                      learner_->second_moment()};
      if (saved.arrays.size() != 4)
        throw Error(folder_.checkpoint().string() + ": the checkpoint lacks arrays.");
      for (std::size_t i = 0; i < 3; ++i)
        if (saved.arrays[i].size() != own[i].size())
          throw Error(folder_.checkpoint().string() + ": the checkpoint is of another model.");
      for (std::size_t i = 0; i < 3; ++i)
        std::copy(saved.arrays[i].begin(), saved.arrays[i].end(), own[i].begin());
      best_values_ = saved.arrays[3];
      walk(c_, [&](const char* key, auto& value) {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, double>)
          value = header.at(key).is_null() ? unknown : header.at(key).template get<double>();
        else
          value = header.at(key).template get<T>();
      });
      for (const std::string& line : journal.records) take_record(line, record_);
      journal_.emplace(folder_.journal(), journal.records.size(), bytes);
    } catch (const OtherBuild& other) {
      throw Error(
          "the checkpoint was made by another build (" + other.name + ") than this one (" + build_name() +
          "), whose results may differ in the last bits. Go on with it by --allow-code-change, or delete " +
          folder_.checkpoint().string() + " to begin anew.");
    } catch (const std::exception& e) {
      say(std::string(e.what()) + " The trial begins anew.");
      // The model's start, again.
      learner_ = make_learner(config_.model, data_.vocabulary.size, static_cast<int>(data_.classes.size()),
                              config_.seed, options_.threads);
      record_.train.clear(), record_.evaluations.clear(), record_.transform.clear(), record_.spectrum.clear();
      return false;
    }
    say("goes on at step " + std::to_string(c_.step) + " of " + std::to_string(steps_));
    saved_at_ = seconds_now();
    return true;
  }
  struct OtherBuild {
    std::string name;
  };

  // ---- training

  void tick() {
    const double now = seconds_now();
    c_.seconds += now - ticked_at_;
    ticked_at_ = now;
  }

  AdamWSettings settings() const {
    const OptimizerConfig& o = config_.training.optimizer;
    AdamWSettings a;
    a.learning_rate = scheduled_rate(config_.training, c_.step + 1, steps_);
    a.weight_decay = o.weight_decay, a.beta1 = o.beta1, a.beta2 = o.beta2, a.eps = o.eps;
    a.gradient_clip = config_.training.gradient_clip;
    return a;
  }

  // One epoch from where it stands, its evaluation and what follows; a state where the trial ends.
  std::optional<TrialState> epoch() {
    const EpochOrder order(data_.train, config_.training.batch_size, config_.seed, c_.epoch);
    while (c_.batch < steps_per_epoch_) {
      stop_if_asked();
      const Batch batch = make_batch(data_.train, order.rows(static_cast<std::size_t>(c_.batch)));
      if (const auto diverged = step(batch)) return diverged;
      if (seconds_now() - saved_at_ >= options_.checkpoint_seconds) save();
    }
    EvaluationPoint e;
    e.epoch = c_.epoch;
    e.step = c_.step;
    e.train_loss = c_.loss_sum / static_cast<double>(c_.seen);
    e.train_accuracy = static_cast<double>(c_.correct) / static_cast<double>(c_.seen);
    const Score v = evaluate(data_.validation, "validation", nullptr);
    e.validation_loss = v.loss, e.validation_accuracy = v.accuracy;
    e.seconds = c_.epoch_seconds;
    record_.evaluations.push_back(e);
    journal_->add(to_record(e));
    end_of_epoch(e);
    return {};
  }

  std::optional<TrialState> step(const Batch& batch) {
    const double start = seconds_now();
    const AdamWSettings a = settings();
    const BatchResult r = learner_->gradients(batch, config_.seed, c_.step + 1);
    TrainPoint t{c_.step + 1, r.loss, a.learning_rate, unknown, unknown};
    // Not finite: nothing is updated (policy skip), or the trial ends.
    if (std::isfinite(r.loss)) t.gradient_norm = learner_->update(a, c_.step + 1);
    const bool finite = std::isfinite(r.loss) && std::isfinite(t.gradient_norm);
    const double seconds = seconds_now() - start;
    t.tokens_per_second = static_cast<double>(batch.tokens.size()) / seconds;
    ++c_.step, ++c_.batch;
    c_.epoch_seconds += seconds;
    if (std::isfinite(r.loss)) {
      c_.loss_sum += r.loss * static_cast<double>(batch.size());
      c_.correct += r.correct;
      c_.seen += static_cast<std::int64_t>(batch.size());
    }
    record_.train.push_back(t);
    journal_->add(to_record(t));
    if (c_.batch == steps_per_epoch_) log_probe(c_.epoch);  // while the last gradients are at hand
    if (!finite && options_.on_nan == "stop") {
      char rate[32];
      std::snprintf(rate, sizeof rate, "%.3g", a.learning_rate);
      return close(TrialState::diverged,
                   std::string("the ") + (std::isfinite(r.loss) ? "gradient" : "loss") +
                       " was not finite at step " + std::to_string(c_.step) + " (epoch " +
                       std::to_string(c_.epoch) + ", learning rate " + rate +
                       "). A smaller learning rate, a longer warm-up or gradient clipping may help.");
    }
    status_.loss = r.loss;
    smoothed_ = std::isfinite(smoothed_) ? 0.95 * smoothed_ + 0.05 * seconds : seconds;
    shown_loss_ = std::isfinite(shown_loss_) ? 0.95 * shown_loss_ + 0.05 * r.loss : r.loss;
    rate_ = static_cast<double>(batch.tokens.size()) / smoothed_;
    if (seconds_now() - flushed_at_ >= 1) {
      journal_->flush();
      flushed_at_ = seconds_now();
    }
    show("training");
    return {};
  }

  double seconds_left() const { return static_cast<double>(steps_ - c_.step) * smoothed_ * 1.05; }

  void show(const char* phase) {
    if (!options_.progress) return;
    const double accuracy =
        record_.evaluations.empty() ? unknown : record_.evaluations.back().validation_accuracy;
    options_.progress(
        {phase, c_.epoch, status_.epochs, c_.step, steps_, shown_loss_, accuracy, rate_, seconds_left()});
  }

  // Mean loss and accuracy of a part; `on_batch(first row, logits)` sees what the model said.
  template <class OnBatch>
  Score evaluate(const Part& part, const char* phase, OnBatch on_batch) {
    if (part.size() == 0) return {};
    constexpr std::size_t at_once = 128;
    double loss = 0;
    long long correct = 0;
    Tensor<float, 2> logits;
    for (std::size_t first = 0; first < part.size(); first += at_once) {
      stop_if_asked();
      const std::size_t count = std::min(at_once, part.size() - first);
      const BatchResult r = learner_->evaluate(make_batch(part, first, count), &logits);
      loss += r.loss * static_cast<double>(count);
      correct += r.correct;
      if constexpr (!std::is_same_v<OnBatch, std::nullptr_t>) on_batch(logits);
      show(phase);
    }
    return {loss / static_cast<double>(part.size()),
            static_cast<double>(correct) / static_cast<double>(part.size())};
  }

  void log_probe(int epoch) {
    if (const auto t = probe_.transform(*learner_, epoch))
      record_.transform.push_back(*t), journal_->add(to_record(*t));
    if (const auto s = probe_.spectrum(*learner_, epoch))
      record_.spectrum.push_back(*s), journal_->add(to_record(*s));
  }

  // The best epoch, by validation alone; without a validation part the last one.
  void end_of_epoch(const EvaluationPoint& e) {
    const EarlyStoppingConfig& stop = config_.training.early_stopping;
    const bool lower = stop.metric == "validation_loss", measured = data_.validation.size() > 0;
    const double now = lower ? e.validation_loss : e.validation_accuracy;
    if (!measured || c_.best_epoch == 0 || (lower ? now < c_.best : now > c_.best) ||
        !std::isfinite(c_.best)) {
      c_.best = now;
      c_.best_epoch = e.epoch;
      best_values_.assign(learner_->values().begin(), learner_->values().end());
    }
    char text[160];
    std::snprintf(text, sizeof text,
                  "epoch %d/%d: train loss %.4f accuracy %.4f, validation loss %.4f accuracy %.4f, %.1f s",
                  e.epoch, status_.epochs, e.train_loss, e.train_accuracy, e.validation_loss,
                  e.validation_accuracy, e.seconds);
    say(text);
    if (e.epoch == config_.training.epochs) {
      c_.finished = true;
    } else if (measured && stop.patience > 0 && e.epoch - c_.best_epoch >= stop.patience) {
      c_.finished = true;
      c_.cause = "stopped early: no better " + stop.metric + " since epoch " + std::to_string(c_.best_epoch);
    } else if (options_.keep_going &&
               !options_.keep_going(e.epoch, e.validation_accuracy, e.validation_loss)) {
      c_.finished = true;
      c_.pruned = true;
      c_.cause = "stopped by ASHA after epoch " + std::to_string(e.epoch);
    }
    if (!c_.finished) ++c_.epoch;
    c_.batch = 0, c_.loss_sum = 0, c_.correct = 0, c_.seen = 0, c_.epoch_seconds = 0;
    save();
    write_record(folder_.data(), current_record());
  }

  // ---- the end

  TrialState test() {
    std::copy(best_values_.begin(), best_values_.end(), learner_->values().begin());
    record_.label.clear(), record_.prediction.clear(), record_.probability.clear();
    Score t;
    try {
      t = evaluate(data_.test, "test", [&](const Tensor<float, 2>& logits) {
        for (std::size_t b = 0; b < logits.shape(0); ++b) {
          const float* y = logits.data() + b * logits.shape(1);
          const std::size_t C = logits.shape(1),
                            best = static_cast<std::size_t>(std::max_element(y, y + C) - y);
          double sum = 0;
          for (std::size_t c = 0; c < C; ++c)
            sum += std::exp(static_cast<double>(y[c]) - static_cast<double>(y[best]));
          record_.prediction.push_back(static_cast<std::int64_t>(best));
          record_.probability.push_back(1 / sum);
        }
      });
    } catch (const Interrupted&) {
      // The checkpoint at the end of training stands: the learner now holds the best parameters, not the
      // last.
      record_.prediction.clear(), record_.probability.clear();
      say("stopped during the test; run again to go on");
      return close(TrialState::interrupted, "");
    }
    record_.label.assign(data_.test.labels.begin(), data_.test.labels.end());
    status_.test_loss = t.loss, status_.test_accuracy = t.accuracy;
    for (EvaluationPoint& e : record_.evaluations)
      if (e.epoch == c_.best_epoch) e.test_loss = t.loss, e.test_accuracy = t.accuracy;
    status_.files["model.safetensors"] = write_safetensors(folder_.model(), learner_->parameters(),
                                                           {{"trial", folder_.id()},
                                                            {"best_epoch", std::to_string(c_.best_epoch)},
                                                            {"configuration", configuration_}});
    char text[120];
    std::snprintf(text, sizeof text, "complete: test accuracy %.4f, loss %.4f, by epoch %d's parameters",
                  t.accuracy, t.loss, c_.best_epoch);
    say(text);
    return close(c_.pruned ? TrialState::stopped : TrialState::complete, c_.cause);
  }

  void fill_status() {
    tick();
    status_.epoch = static_cast<int>(record_.evaluations.size());
    status_.step = c_.step;
    status_.best_epoch = c_.best_epoch;
    for (const EvaluationPoint& e : record_.evaluations)
      if (e.epoch == c_.best_epoch) {
        status_.train_loss = e.train_loss, status_.train_accuracy = e.train_accuracy;
        status_.validation_loss = e.validation_loss, status_.validation_accuracy = e.validation_accuracy;
      }
    status_.flops = epoch_flops_ * static_cast<double>(c_.step) / static_cast<double>(steps_per_epoch_);
    status_.seconds = c_.seconds;
    status_.seconds_left = c_.finished ? 0 : seconds_left();
    status_.peak_memory =
        std::isfinite(status_.peak_memory) ? std::max(status_.peak_memory, peak_memory()) : peak_memory();
    std::vector<double> rates = column(record_.train);
    if (!rates.empty()) {
      std::nth_element(rates.begin(), rates.begin() + static_cast<std::ptrdiff_t>(rates.size() / 2),
                       rates.end());
      status_.tokens_per_second = rates[rates.size() / 2];
    }
    status_.updated = time_stamp();
  }
  static std::vector<double> column(const std::vector<TrainPoint>& points) {
    std::vector<double> rates;
    for (const TrainPoint& t : points) rates.push_back(t.tokens_per_second);
    return rates;
  }

  void publish_status() {
    fill_status();
    write_status(folder_.root, status_);
  }

  const TrialRecord& current_record() {
    fill_status();
    record_.status = status_;
    record_.provenance["created"] = status_.updated;
    return record_;
  }

  TrialState close(TrialState state, const std::string& cause) {
    status_.state = state;
    status_.cause = cause;
    if (state == TrialState::diverged) say("diverged: " + cause);
    if (state != TrialState::interrupted) {
      journal_->sync();
      status_.files["trial.h5"] = write_record(folder_.data(), current_record());
      status_.files["journal.jsonl"] = sha256_file(folder_.journal());
      if (fs::exists(folder_.config())) status_.files["config.yaml"] = sha256_file(folder_.config());
    }
    publish_status();
    std::error_code none;
    if (is_final(state)) fs::remove(folder_.checkpoint(), none);
    return state;
  }

  layout::TrialFolder folder_;
  const TrialConfig& config_;
  const std::string& configuration_;
  const Dataset& data_;
  const TrialOptions& options_;
  AppendFile log_;
  Probe probe_;
  std::unique_ptr<Learner> learner_;
  std::optional<Journal> journal_;
  Cursor c_;
  std::vector<float> best_values_;
  TrialRecord record_;
  TrialStatus status_;
  std::int64_t steps_per_epoch_ = 0, steps_ = 0;
  double epoch_flops_ = 0, smoothed_ = unknown, shown_loss_ = unknown, rate_ = unknown;
  double saved_at_ = seconds_now(), flushed_at_ = seconds_now(), ticked_at_ = seconds_now();
};

}  // namespace

TrialState train_trial(const fs::path& folder, const TrialConfig& config, const std::string& configuration,
                       const Dataset& data, const TrialOptions& options) {
  return Trainer(folder, config, configuration, data, options).run();
}

}  // namespace tubal
