#include "analysis/read/ablation.hpp"

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/hdf5.hpp"
#include "core/text.hpp"
#include "core/typed.hpp"

namespace tubal::analysis {

static hdf5::Reader opened_ablation(const layout::TrialFolder& trial) {
  try {
    return hdf5::Reader(trial.ablation());
  } catch (const hdf5::Damaged& e) {
    throw Error(sentence(e.what()) + " `tubal ablate " + typed(study_of(trial)) + "/" + trial.id() +
                "` makes it again.");
  }
}

Ablation read_ablation(const layout::TrialFolder& trial) {
  Ablation a;
  const std::filesystem::path path = trial.ablation();
  if (!file_is_there(path)) return a;
  const hdf5::Reader file = opened_ablation(trial);
  if (!file.has("/ablation/name") || !file.has("/ablation/accuracy")) return a;
  a.name = file.read_strings("/ablation/name");
  a.accuracy = file.read<double>("/ablation/accuracy");
  if (file.has("/ablation/slices")) a.slices = file.read_strings("/ablation/slices");
  if (file.has("/ablation/interval_low")) a.low = file.read<double>("/ablation/interval_low");
  if (file.has("/ablation/interval_high")) a.high = file.read<double>("/ablation/interval_high");
  for (const std::size_t n : {a.accuracy.size(), a.low.size(), a.high.size(), a.slices.size()})
    if (n && n != a.name.size())
      throw Error(path.string() + ": data sets of /ablation differ in length. Run `tubal ablate` again.");
  return a;
}

}  // namespace tubal::analysis
