// What a report reads beside curves and slices: provenance and the ablation of slices.
#include "analysis/report_trials.hpp"
#include "core/error.hpp"
#include "core/hdf5.hpp"

namespace tubal::analysis {

std::map<std::string, std::string> read_provenance(const layout::TrialFolder& trial) {
  std::map<std::string, std::string> all;
  std::error_code none;
  if (!std::filesystem::exists(trial.data(), none)) return all;
  const hdf5::Reader file(trial.data());
  if (!file.has("/provenance")) return all;
  for (const std::string& name : file.attributes("/provenance"))
    if (name != "configuration") all[name] = file.attribute("/provenance", name);
  return all;
}

Ablation read_ablation(const layout::TrialFolder& trial) {
  Ablation a;
  const std::filesystem::path path = trial.ablation();
  std::error_code none;
  if (!std::filesystem::exists(path, none)) return a;
  const hdf5::Reader file(path);
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
