#include "experiments/records/next_step.hpp"

#include "core/typed.hpp"

namespace tubal {

std::string next_step(const layout::TrialFolder& trial, TrialState state) {
  const layout::TrialFolder whole{std::filesystem::weakly_canonical(trial.root)};
  const std::string name = typed(study_of(trial));
  switch (state) {
    case TrialState::failed:
      return "`tubal retry " + name + " --failed --only " + whole.id() + "` runs it again.";
    case TrialState::diverged:
      return "`tubal retry " + name + " --failed --only " + whole.id() +
             "` runs it again, with the same end unless the grid changes (a smaller learning rate, "
             "training.gradient_clip, policy.on_nan: skip).";
    case TrialState::running:
      return "`tubal watch " + name + "` shows how far it is.";
    case TrialState::planned:
    case TrialState::interrupted:
      return "`tubal run " + name + " --only " + whole.id() + "` goes on with it.";
    case TrialState::complete:
    case TrialState::stopped:
      break;
  }
  return "`tubal status " + name + "` shows how its study stands.";
}

}  // namespace tubal
