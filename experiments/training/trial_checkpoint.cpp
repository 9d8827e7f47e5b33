#include <algorithm>

#include "core/build_info.hpp"
#include "core/files.hpp"
#include "core/json_fields.hpp"
#include "core/sha256.hpp"
#include "core/typed.hpp"
#include "experiments/config/identity.hpp"
#include "experiments/records/checkpoint.hpp"
#include "experiments/records/history.hpp"
#include "experiments/training/trial_store.hpp"

namespace tubal {

namespace {

using Json = json::Json;

constexpr const char* processor_field = "processor_seconds";
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
  visit(processor_field, c.processor_seconds);
};

// Which build wrote a checkpoint: another one may round differently.
std::string build_name() {
  return build_info().revision + " " + build_info().compiler + " " + build_info().flags;
}

struct OtherBuild {
  std::string name;
};

}  // namespace

std::string TrialStore::identity() const {
  // Results differ with the precision: no going on from the other's checkpoint.
  const bool single = options_.runtime.precision == "float";
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
  cursor.processor_seconds = unknown;  // of what an earlier version trained
  json::read_fields(header, cursor, cursor_fields, [](std::string_view f) { return f == processor_field; });
  for (const std::string& line : journal.records) take_record(line, record);
  journal_.emplace(folder_.journal(), journal.records.size(), bytes);
}

void TrialStore::begin() {
  std::error_code none;
  fs::remove(folder_.checkpoint(), none);
  fs::remove(folder_.ablation(), none);  // of an earlier training
  journal_.emplace(folder_.journal(), 0, 0);
  cursor = {};
  best_values.clear();
  record.train.clear();
  record.evaluations.clear();
  record.transform.clear();
  record.spectrum.clear();
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

// Goes on from the checkpoint. False: there is none, or it or the journal is damaged, which is
// said: then begin() follows.
bool TrialStore::resume() {
  if (!file_is_there(folder_.checkpoint())) return false;
  try {
    restore();
  } catch (const OtherBuild& other) {
    throw Error(words(Cause::other_build) + " (" + other.name + ") than this one (" + build_name() +
                    "), whose results may differ in the last bits. `tubal run " +
                    typed(layout::StudyFolder{folder_.study()}) +
                    " --allow-code-change` goes on with it; to begin anew, delete " +
                    folder_.checkpoint().string() + ".",
                Cause::other_build);
  } catch (const std::exception& e) {
    if (about(cause_of(e)).outside) throw;  // it is whole, but cannot be read now
    say(std::string(e.what()) + " The trial begins anew.");
    make();  // the model's start, again
    return false;
  }
  say("goes on at step " + std::to_string(cursor.step) + " of " + std::to_string(length.steps));
  saved_at_ = seconds_now();
  return true;
}

}  // namespace tubal
