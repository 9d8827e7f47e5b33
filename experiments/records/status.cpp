#include "experiments/records/status.hpp"

#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/json_fields.hpp"
#include "core/layout.hpp"

namespace tubal {

using Json = json::Json;

static constexpr const char* state_names[] = {"planned", "running",  "interrupted", "complete",
                                              "failed",  "diverged", "stopped"};

const char* name(TrialState state) { return state_names[static_cast<int>(state)]; }

TrialState trial_state(const std::string& word) {
  for (int i = 0; i < static_cast<int>(std::size(state_names)); ++i)
    if (word == state_names[i]) return static_cast<TrialState>(i);
  throw Error("`" + word + "` is not a trial's state; there are: " +
              join({std::begin(state_names), std::end(state_names)}));
}

static constexpr auto status_fields = [](auto& s, auto visit) {
  visit("cause", s.cause);
  visit("cause_kind", s.cause_kind);
  visit("attempt", s.attempt);
  visit("epoch", s.epoch);
  visit("epochs", s.epochs);
  visit("step", s.step);
  visit("steps", s.steps);
  visit("loss", s.loss);
  visit("seconds_left", s.seconds_left);
  visit("best_epoch", s.best_epoch);
  visit("train_loss", s.train_loss);
  visit("train_accuracy", s.train_accuracy);
  visit("validation_loss", s.validation_loss);
  visit("validation_accuracy", s.validation_accuracy);
  visit("validation_bits_per_byte", s.validation_bits_per_byte);
  visit("test_bits_per_byte", s.test_bits_per_byte);
  visit("test_loss", s.test_loss);
  visit("test_accuracy", s.test_accuracy);
  visit("parameters_encoder", s.parameters_encoder);
  visit("parameters_total", s.parameters_total);
  visit("flops", s.flops);
  visit("seconds", s.seconds);
  visit("processor_seconds", s.processor_seconds);
  visit("tokens_per_second", s.tokens_per_second);
  visit("peak_memory", s.peak_memory);
  visit("seed", s.seed);
  visit("threads", s.threads);
  visit("host", s.host);
  visit("pid", s.pid);
  visit("boot_id", s.boot_id);
  visit("revision", s.revision);
  visit("started", s.started);
  visit("updated", s.updated);
  visit("files", s.files);
};

// Earlier versions wrote no cause_kind, and searched the words of `cause`. What they wrote is read as they
// read it; these words stay as they are, whatever messages say today.
static Cause cause_of_earlier(const TrialStatus& status) {
  if (status.state == TrialState::diverged) return Cause::not_finite;
  if (status.state != TrialState::failed) return Cause::none;
  const struct {
    const char* words;
    bool at_start;
    Cause cause;
  } table[] = {{"killed by ", true, Cause::killed},
               {"the checkpoint was made by another build", true, Cause::other_build},
               {"no space left", false, Cause::no_space},
               {"quota is used up", false, Cause::quota},
               {"read-only", false, Cause::read_only},
               {"permission denied", false, Cause::denied},
               {"changed since the trial was planned", false, Cause::changed},
               {"crashed by ", true, Cause::crashed},
               {"out of memory", true, Cause::memory},
               {"the program could not be started", true, Cause::not_started}};
  for (const auto& row : table)
    if (row.at_start ? status.cause.starts_with(row.words)
                     : status.cause.find(row.words) != std::string::npos)
      return row.cause;
  return Cause::other;
}

TrialStatus read_status(const fs::path& trial_directory) {
  const fs::path file = layout::TrialFolder{trial_directory}.status();
  TrialStatus status;
  const std::optional<std::string> text = read_file_if_there(file);
  if (!text) return status;
  try {
    const Json found = Json::parse(*text);
    status.state = trial_state(found.at("state").get<std::string>());
    json::read_fields(found, status, status_fields, json::any_field);
    if (!found.contains("cause_kind")) status.cause_kind = cause_of_earlier(status);
  } catch (const Error&) {
    throw;
  } catch (const std::exception& e) {
    throw Error(file.string() + ": is damaged (" + e.what() +
                "). Delete it: the next `tubal run` writes it anew.");
  }
  return status;
}

void write_status(const fs::path& trial_directory, const TrialStatus& status) {
  Json made;
  made["state"] = name(status.state);
  json::write_fields(made, status, status_fields);
  write_file(layout::TrialFolder{trial_directory}.status(),
             made.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace tubal
