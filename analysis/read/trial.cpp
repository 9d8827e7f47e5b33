#include "analysis/read/trial.hpp"

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/hdf5.hpp"
#include "core/layout.hpp"
#include "core/layout_entries.hpp"
#include "core/text.hpp"
#include "core/typed.hpp"

namespace tubal::analysis {

// A damaged file is made anew by the trial itself.
static hdf5::Reader opened(const layout::TrialFolder& trial) {
  try {
    return hdf5::Reader(trial.data());
  } catch (const hdf5::Damaged& e) {
    throw Error(sentence(e.what()) + repeats(trial));
  }
}

TrialCurves read_curves(const layout::TrialFolder& trial) {
  TrialCurves c;
  if (!file_is_there(trial.data())) return c;
  const hdf5::Reader file = opened(trial);
  if (file.has("/metrics/evaluation/epoch")) c.epoch = file.read<double>("/metrics/evaluation/epoch");
  const std::string group = "/metrics/evaluation/";
  for (const layout::Entry& e : layout::trial_entries) {
    const std::string path = e.path;
    if (path.starts_with(group) && path != group + "epoch" && file.has(path))
      c.metrics[path.substr(group.size())] = file.read<double>(path);
  }
  if (file.has("/test/class_name")) c.classes = file.read_strings("/test/class_name");
  if (file.has("/test/confusion")) c.confusion = file.read<double>("/test/confusion");
  return c;
}

NgramBaselines read_baselines(const layout::TrialFolder& trial) {
  NgramBaselines b;
  if (!file_is_there(trial.data())) return b;
  const hdf5::Reader file = opened(trial);
  const std::string group = "/baselines/", names = group + "name";
  if (!file.has(names)) return b;
  b.names = file.read_strings(names);
  for (const layout::Entry& e : layout::trial_entries) {
    const std::string path = e.path;
    if (!path.starts_with(group) || path == names || !file.has(path)) continue;
    b.figures[path.substr(group.size())] = file.read<double>(path);
    if (b.figures[path.substr(group.size())].size() != b.names.size())
      throw Error(trial.data().string() + ": data sets of /baselines differ in length.");
  }
  return b;
}

TestPredictions read_predictions(const layout::TrialFolder& trial) {
  TestPredictions t;
  if (!file_is_there(trial.data())) return t;
  const hdf5::Reader file = opened(trial);
  if (!file.has("/test/prediction")) return t;
  t.labels = file.read<std::int32_t>("/test/label");
  t.predictions = file.read<std::int32_t>("/test/prediction");
  return t;
}

TrialSlices read_slices(const layout::TrialFolder& trial) {
  TrialSlices s;
  if (!file_is_there(trial.data())) return s;
  const hdf5::Reader file = opened(trial);
  if (file.has("/transform/matrix")) {
    s.transform_epoch = file.read<double>("/transform/epoch");
    s.matrix = file.read<double>("/transform/matrix");
    s.p = static_cast<int>(file.shape("/transform/matrix").at(1));
    for (const char* name : {"orthogonality_error", "drift_from_init", "largest_angle"}) {
      const std::string path = std::string("/transform/") + name;
      if (file.has(path)) s.transform[name] = file.read<double>(path);
    }
  }
  if (!file.has("/spectrum/frequency")) return s;
  s.epoch = file.read<double>("/spectrum/epoch");
  s.frequency = file.read<double>("/spectrum/frequency");
  s.layers = file.shape("/spectrum/layer").at(0);
  s.slices = s.frequency.size();
  for (const layout::Entry& e : layout::trial_entries) {
    const std::string path = e.path, group = "/spectrum/";
    if (path.starts_with(group) && std::string(e.axes) == "epoch layer slice" && file.has(path))
      s.spectrum[path.substr(group.size())] = file.read<double>(path);
  }
  return s;
}

std::map<std::string, std::string> read_provenance(const layout::TrialFolder& trial) {
  std::map<std::string, std::string> all;
  if (!file_is_there(trial.data())) return all;
  const hdf5::Reader file = opened(trial);
  if (!file.has("/provenance")) return all;
  for (const std::string& name : file.attributes("/provenance"))
    if (name != "configuration") all[name] = file.attribute("/provenance", name);
  return all;
}

}  // namespace tubal::analysis
