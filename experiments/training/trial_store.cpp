#include "experiments/training/trial_store.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "core/blas.hpp"
#include "core/build_info.hpp"
#include "core/json_fields.hpp"
#include "core/sha256.hpp"
#include "core/typed.hpp"
#include "experiments/config/identity.hpp"
#include "experiments/config/trial_file.hpp"
#include "experiments/records/checkpoint.hpp"
#include "experiments/records/history.hpp"
#include "experiments/training/trial.hpp"

namespace tubal {

namespace {

using Json = json::Json;

constexpr auto cursor_fields = [](auto& c, auto visit) {
  visit("step", c.step);
  visit("epoch", c.epoch);
  visit("batch", c.batch);
  visit("loss_sum", c.loss_sum);
  visit("correct", c.correct);
  visit("seen", c.seen);
  visit("best_epoch", c.best_epoch);
  visit("best", c.best);
  visit("finished", c.finished);
  visit("pruned", c.pruned);
  visit("cause", c.cause);
  visit("seconds", c.seconds);
  visit("epoch_seconds", c.epoch_seconds);
};

// Which build wrote a checkpoint: another one may round differently.
std::string build_name() {
  return build_info().revision + " " + build_info().compiler + " " + build_info().flags;
}

struct OtherBuild {
  std::string name;
};

}  // namespace

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
  status.threads = options_.runtime.threads;
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
      {"blas", "OpenBLAS " + blas_kernels() +
                   (options_.runtime.precision == "bf16" ? ", linear maps in bfloat16 by oneDNN" : "")},
      {"host", status.host},
      {"cpu", cpu_name()},
      {"threads", std::to_string(options_.runtime.threads)},
      {"started", status.started}};
}

std::string TrialStore::identity() const {
  const bool single =
      options_.runtime.precision == "float";  // results differ: no going on from the other's checkpoint
  return sha256(configuration_ + "\n" + data_.content + (single ? "" : "\n" + options_.runtime.precision));
}

// The same without the places where files lie, so that a study may be moved between two runs.
std::string TrialStore::trial_identity() const {
  return sha256(canonical_text(config_) + data_.tokens + "\n" + options_.runtime.precision);
}

void TrialStore::save() {
  if (!journal_) return;
  tick();
  journal_->sync();  // before the checkpoint that counts on it
  Json header;
  json::write_fields(header, cursor, cursor_fields);
  header["identity"] = identity();
  header["trial"] = trial_identity();
  header["build"] = build_name();
  header["journal_records"] = journal_->records();
  header["journal_bytes"] = journal_->bytes();
  save_checkpoint(folder_.checkpoint(), header.dump(),
                  {learner->values(), learner->first_moment(), learner->second_moment(), best_values});
  saved_at_ = seconds_now();
  publish_status();
}

void TrialStore::begin() {
  std::error_code none;
  fs::remove(folder_.checkpoint(), none);
  fs::remove(folder_.ablation(), none);  // of an earlier training
  journal_.emplace(folder_.journal(), 0, 0);
  cursor = {};
  best_values.clear();
  record.train.clear(), record.evaluations.clear(), record.transform.clear(), record.spectrum.clear();
  log_probe(0);
  const auto text = [](auto n) { return std::to_string(n); };
  say("begins: " + text(status.parameters_total) + " parameters (" + text(status.parameters_encoder) +
      " in the encoder), " +
      (data_.language ? text(data_.train.tokens.size()) + " training tokens, a vocabulary of " +
                            text(data_.vocabulary.size)
                      : text(data_.train.size()) + " training texts") +
      ", " + text(length.steps) + " steps" +
      (length.period == batches.steps_per_epoch() ? " in " + text(status.epochs) + " epochs"
                                                  : ", evaluated after each " + text(length.period)));
  if (!probe_.slices().empty())
    say("looks into the slices on " + std::to_string(probe_.batch().size()) + " " +
        (data_.language ? "sequences" : "texts") + " (" + std::to_string(probe_.batch().tokens.size()) +
        " tokens) of the " + (data_.validation.size() > 0 ? "validation" : "training") +
        " part after each epoch");
  saved_at_ = seconds_now();  // nothing to save yet: who begins anew has the same numbers again
  publish_status();
}

// Goes on from the checkpoint. False: there is none, or it or the journal is damaged, which is said and
// begun anew.
bool TrialStore::resume() {
  if (!fs::exists(folder_.checkpoint())) return false;
  try {
    restore();
  } catch (const OtherBuild& other) {
    throw Error(words(Cause::other_build) + " (" + other.name + ") than this one (" + build_name() +
                    "), whose results may differ in the last bits. `tubal run " +
                    typed(layout::StudyFolder{folder_.root.parent_path().parent_path()}) +
                    " --allow-code-change` goes on with it; to "
                    "begin anew, delete " +
                    folder_.checkpoint().string() + ".",
                Cause::other_build);
  } catch (const std::exception& e) {
    if (about(cause_of(e)).outside) throw;  // it is whole, but cannot be read now
    say(std::string(e.what()) + " The trial begins anew.");
    // The model's start, again.
    make();
    record.train.clear(), record.evaluations.clear(), record.transform.clear(), record.spectrum.clear();
    return false;
  }
  say("goes on at step " + std::to_string(cursor.step) + " of " + std::to_string(length.steps));
  saved_at_ = seconds_now();
  return true;
}

void TrialStore::tick() {
  const double now = seconds_now();
  cursor.seconds += now - ticked_at_;
  ticked_at_ = now;
}

void TrialStore::fill_status() {
  tick();
  status.epoch = static_cast<int>(record.evaluations.size());
  status.step = cursor.step;
  status.best_epoch = cursor.best_epoch;
  for (const EvaluationPoint& e : record.evaluations)
    if (e.epoch == cursor.best_epoch) {
      status.train_loss = e.train_loss, status.train_accuracy = e.train_accuracy;
      status.validation_loss = e.validation_loss, status.validation_accuracy = e.validation_accuracy;
      status.validation_bits_per_byte = e.validation_bits_per_byte;
    }
  status.flops = step_flops_ * static_cast<double>(cursor.step);
  status.seconds = cursor.seconds;
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
    if (fs::exists(folder_.config()))
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
  if (const auto t = probe_.transform(*learner, epoch)) record.transform.push_back(*t), add(to_record(*t));
  if (const auto s = probe_.spectrum(*learner, epoch)) record.spectrum.push_back(*s), add(to_record(*s));
  probe_seconds += seconds_now() - start;
}
void TrialStore::flush() {
  if (seconds_now() - flushed_at_ < 1) return;
  journal_->flush();
  flushed_at_ = seconds_now();
  if (flushed_at_ - published_at_ > 5) publish_status();
}

// Everything that the checkpoint and its part of the journal hold; throws where they do not fit.
void TrialStore::restore() {
  const Checkpoint saved = load_checkpoint(folder_.checkpoint());
  const Json header = Json::parse(saved.header);
  if (header.at("identity") != identity() && header.value("trial", std::string()) != trial_identity())
    throw Error(folder_.checkpoint().string() +
                ": the checkpoint is of another configuration or other data.");
  if (const std::string build = header.at("build"); build != build_name() && !options_.allow_code_change)
    throw OtherBuild{build};
  const std::size_t bytes = header.at("journal_bytes");
  const JournalContent journal = read_journal(folder_.journal(), bytes);
  if (journal.bytes != bytes || journal.records.size() != header.at("journal_records").get<std::size_t>())
    throw Error(folder_.journal().string() + ": the journal is shorter than its checkpoint says.");
  const std::span<float> own[] = {learner->values(), learner->first_moment(), learner->second_moment()};
  if (saved.arrays.size() != 4) throw Error(folder_.checkpoint().string() + ": the checkpoint lacks arrays.");
  for (std::size_t i = 0; i < 3; ++i)
    if (saved.arrays[i].size() != own[i].size())
      throw Error(folder_.checkpoint().string() + ": the checkpoint is of another model.");
  for (std::size_t i = 0; i < 3; ++i)
    std::copy(saved.arrays[i].begin(), saved.arrays[i].end(), own[i].begin());
  best_values = saved.arrays[3];
  json::read_fields(header, cursor, cursor_fields, json::no_field);
  for (const std::string& line : journal.records) take_record(line, record);
  journal_.emplace(folder_.journal(), journal.records.size(), bytes);
}

}  // namespace tubal
