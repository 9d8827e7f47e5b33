#include "experiments/training/trial_store.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "core/blas.hpp"
#include "core/build_info.hpp"
#include "core/files.hpp"
#include "core/parallel.hpp"
#include "core/process_space.hpp"
#include "core/sha256.hpp"
#include "experiments/config/trial_file.hpp"
#include "experiments/records/history.hpp"
#include "experiments/training/trial.hpp"

namespace tubal {

TrialStore::TrialStore(const fs::path& folder, const TrialConfig& config, const std::string& configuration,
                       const Dataset& data, const TrialOptions& options)
    : batches(config, data),
      length(config.training, batches.steps_per_epoch()),
      folder_{folder},
      config_(config),
      configuration_(configuration),
      data_(data),
      options_(options),
      log_(folder_.log()),
      probe_(config.model, probe_batch(data, config.data)) {
  make();
  describe();
  if (!resume()) begin();
  publish_status();
}

void TrialStore::make() {
  const std::size_t classes = std::max<std::size_t>(1, data_.classes.size());  // a language model has none
  learner = make_learner(config_.model, data_.vocabulary.size, static_cast<int>(classes), config_.seed,
                         options_.runtime.threads, options_.runtime.precision);
}

void TrialStore::say(const std::string& text) {
  log_.line(time_stamp() + " " + text);
  log_.flush();
}

void TrialStore::describe() {
  TrialStatus before;
  try {
    before = read_status(folder_.root);
  } catch (const Error& e) {
    say(e.what());
  }
  status.state = TrialState::running;
  status.attempt = before.attempt + 1;
  status.peak_memory = before.peak_memory;
  status.epochs = length.evaluations();
  status.steps = length.steps;
  status.parameters_encoder = learner->counts().encoder;
  status.parameters_total = learner->counts().total;
  status.seed = config_.seed;
  status.threads = usable_threads(options_.runtime.threads);
  status.host = host_name();
  status.pid = ::getpid();
  status.boot_id = boot_id();
  status.revision = build_info().revision;
  status.started = time_stamp();
  step_flops_ = learner->step_flops(batches.tokens(), batches.squares()) /
                static_cast<double>(batches.steps_per_epoch());

  record.language = data_.language;
  record.id = folder_.id();
  record.study = options_.study;
  record.p = probe_.slices().empty() ? 0 : config_.model.p;
  record.layers = config_.model.depth;
  record.slices = probe_.slices();
  record.classes = data_.classes;
  std::string plugins;
  for (const PluginFile& p : config_.plugins)
    plugins += p.sha256 + " " + fs::path(p.path).filename().string() + "\n";
  record.provenance = {
      {"configuration", write_trial(config_)},
      {"plugins", plugins},
      {"data_sha256", data_.content},
      {"revision", build_info().revision},
      {"version", build_info().version},
      {"compiler", build_info().compiler},
      {"flags", build_info().flags},
      {"libraries", build_info().libraries},
      {"blas",
       blas_name() + (options_.runtime.precision == "bf16" ? ", linear maps in bfloat16 by oneDNN" : "")},
      {"host", status.host},
      {"cpu", cpu_name()},
      {"threads", std::to_string(status.threads)},
      {"started", status.started}};
}

void TrialStore::tick() {
  const double now = seconds_now();
  cursor.seconds += now - ticked_at_;
  ticked_at_ = now;
  const double processor = processor_seconds_now();
  cursor.processor_seconds += processor - processor_at_;
  processor_at_ = processor;
}

void TrialStore::fill_status() {
  tick();
  status.epoch = static_cast<int>(record.evaluations.size());
  status.step = cursor.step;
  status.best_epoch = cursor.best_epoch;
  for (const EvaluationPoint& e : record.evaluations)
    if (e.epoch == cursor.best_epoch) {
      status.train_loss = e.train_loss;
      status.train_accuracy = e.train_accuracy;
      status.validation_loss = e.validation_loss;
      status.validation_accuracy = e.validation_accuracy;
      status.validation_bits_per_byte = e.validation_bits_per_byte;
    }
  status.flops = step_flops_ * static_cast<double>(cursor.step);
  status.seconds = cursor.seconds;
  status.processor_seconds = cursor.processor_seconds;
  status.seconds_left = cursor.finished ? 0 : seconds_left;
  status.peak_memory =
      std::isfinite(status.peak_memory) ? std::max(status.peak_memory, peak_memory()) : peak_memory();
  std::vector<double> rates;
  for (const TrainPoint& t : record.train) rates.push_back(t.tokens_per_second);
  if (!rates.empty()) {
    std::nth_element(rates.begin(), rates.begin() + static_cast<std::ptrdiff_t>(rates.size() / 2),
                     rates.end());
    status.tokens_per_second = rates[rates.size() / 2];
  }
  status.updated = time_stamp();
}

void TrialStore::publish_status() {
  fill_status();
  write_status(folder_.root, status);
  published_at_ = seconds_now();
}

std::string TrialStore::write_data() {
  fill_status();
  record.status = status;
  record.provenance["created"] = status.updated;
  return write_record(folder_.data(), record);
}

TrialState TrialStore::close(TrialState state, const std::string& cause) {
  status.state = state;
  status.cause = cause;
  status.cause_kind = state == TrialState::diverged ? Cause::not_finite : Cause::none;
  if (state == TrialState::diverged) say("diverged: " + cause);
  if (state != TrialState::interrupted) {
    journal_->sync();
    status.files[layout::TrialFolder::data_name] = write_data();
    status.files[layout::TrialFolder::journal_name] = sha256_file(folder_.journal());
    if (file_is_there(folder_.config()))
      status.files[layout::TrialFolder::config_name] = sha256_file(folder_.config());
  }
  publish_status();
  std::error_code failed;
  for (int attempt = 0; attempt < 2 && is_final(state); ++attempt)
    if (fs::remove(folder_.checkpoint(), failed); !failed) break;
  return state;
}

void TrialStore::log_probe(int epoch) {
  const double start = seconds_now();
  if (const auto t = probe_.transform(*learner, epoch)) {
    record.transform.push_back(*t);
    add(to_record(*t));
  }
  if (const auto s = probe_.spectrum(*learner, epoch)) {
    record.spectrum.push_back(*s);
    add(to_record(*s));
  }
  probe_seconds += seconds_now() - start;
}

void TrialStore::flush() {
  if (seconds_now() - flushed_at_ < 1) return;
  journal_->flush();
  flushed_at_ = seconds_now();
  if (flushed_at_ - published_at_ > 5) publish_status();
}

}  // namespace tubal
