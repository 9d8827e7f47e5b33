// A folder of the store: which trial it holds, on which data, or why it holds none.
#pragma once
#include <string>

#include "core/cause.hpp"
#include "core/layout.hpp"
#include "experiments/config/config.hpp"

namespace tubal {

/// A trial of the store: config.yaml of a folder below trials/.
struct StoredTrial {
  std::string id;  // the folder's name
  TrialConfig config;
  std::string sha256;         // what the configuration comes out as
  std::string problem;        // why it is no trial of this name, and what to do; "" where it is one
  Cause cause = Cause::none;  // of a problem; outside: whose trial it is cannot be seen at present
};
/// Never throws.
StoredTrial read_stored_trial(const layout::TrialFolder& folder);
/// Likewise, for who would act on a problem: Error where its cause lies outside, since what cannot be read
/// for a moment is neither damaged nor another's.
StoredTrial need_stored_trial(const layout::TrialFolder& folder);

/// What the trial in this folder recorded: in config.yaml, or (older ones) in trial.h5. Empty where it says
/// nothing, as before it has begun. Never throws.
Content recorded_content(const layout::TrialFolder& trial);
/// Whether a process has begun at the trial: it has a status, a journal or a checkpoint.
bool has_begun(const layout::TrialFolder& trial);

}  // namespace tubal
