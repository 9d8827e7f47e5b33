#include "experiments/training/trial.hpp"
#include "core/append_file.hpp"
#include "core/file_error.hpp"
#include "core/unfinished.hpp"
#include "experiments/records/status.hpp"

#include <iostream>

#include "core/clock.hpp"
#include "core/files.hpp"
#include "core/layout.hpp"
#include "experiments/config/plugin_loading.hpp"
#include "experiments/config/trial_file.hpp"
#include "experiments/data/content.hpp"
#include "experiments/records/status.hpp"
#include "experiments/records/verify_trial.hpp"
#include "experiments/training/trainer.hpp"

namespace tubal {

// The cause goes to status.json and log.txt; where these cannot be written, to standard error.
static ExitStatus record_failure(const layout::TrialFolder& folder, const TrialConfig& config,
                                 const TrialOptions& options, const std::string& cause, Cause kind,
                                 ExitStatus exit) {
  if (options.failed) options.failed(kind);
  try {
    TrialStatus status;
    try {
      status = read_status(folder.root);
    } catch (const Error&) {  // damaged: it is written anew here
    }
    status.state = TrialState::failed;
    status.cause = cause;
    status.cause_kind = kind;
    status.attempt = std::max(1, status.attempt);
    status.seed = config.seed;
    status.updated = time_stamp();
    write_status(folder.root, status);
    AppendFile log(folder.log());
    log.line(time_stamp() + " failed: " + cause);
    log.flush();
  } catch (const std::exception& e) {  // run again, it may say more
    if (options.failed && !about(kind).outside) options.failed(cause_of(e));
    std::cerr << "tubal: trial " << folder.id() << ": " << cause
              << "\ntubal: and that could not be recorded: " << e.what() << "\n";
  }
  return exit;
}

static ExitStatus train(const layout::TrialFolder& folder, const TrialConfig& planned,
                        const TrialOptions& options) {
  make_folder(folder.root);
  remove_unfinished(folder.root);
  std::error_code none;
  TrialStatus status;
  try {
    status = read_status(folder.root);
  } catch (const Error& e) {  // damaged: the journal and the checkpoint know
    if (about(e.cause()).outside) throw;
  }
  if (status.state == TrialState::complete || status.state == TrialState::stopped) {
    const std::vector<DamagedFile> damaged = damaged_files(folder.root, status);
    if (damaged.empty()) return ExitStatus::done;
    AppendFile log(folder.log());
    for (const DamagedFile& file : damaged)
      log.line(time_stamp() + " " + file.problem + " The trial begins anew.");
    fs::remove(folder.checkpoint(), none);
  }
  load_study_plugins(planned.plugins);
  if (Progress p; options.progress) {
    p.phase = "preparing";
    options.progress(p);
  }
  const Dataset data = load_dataset(planned.data, options.cache);
  TrialConfig config = planned;
  config.content = content_to_record(planned, data);
  const std::string text = write_trial(config);
  if (!file_is_there(folder.config()) || read_file(folder.config()) != text)
    write_file(folder.config(), text);
  switch (train_trial(folder.root, config, write_bare_trial(config), data, options)) {
    case TrialState::complete:
    case TrialState::stopped:
      return ExitStatus::done;
    case TrialState::interrupted:
      return ExitStatus::interrupted;
    default:
      return ExitStatus::some_failed;
  }
}

ExitStatus run_trial(const fs::path& trial_directory, const TrialConfig& config,
                     const TrialOptions& options) {
  const layout::TrialFolder folder{trial_directory};
  try {
    return train(folder, config, options);
  } catch (const UsageError& e) {
    return record_failure(folder, config, options, e.what(), e.cause(), ExitStatus::usage);
  } catch (const std::exception& e) {
    return record_failure(folder, config, options, message_of(e), cause_of(e), ExitStatus::some_failed);
  } catch (...) {
    return record_failure(folder, config, options,
                          "something that is no std::exception was thrown, perhaps by a plug-in",
                          Cause::other, ExitStatus::some_failed);
  }
}

}  // namespace tubal
