#include "analysis/export/netcdf.hpp"

#include <algorithm>
#include <limits>

#include "analysis/compare/measure.hpp"
#include "analysis/read/trial.hpp"
#include "core/files.hpp"
#include "core/hdf5.hpp"
#include "core/layout_entries.hpp"

namespace tubal::analysis {

namespace {

using I = std::int64_t;

void copy_attributes(const hdf5::Reader& from, hdf5::Writer& to, const std::string& path) {
  for (const char* name : {"units", "long_name", "key"})
    if (from.has_attribute(path, name)) to.attribute(path, name, from.attribute(path, name));
  if (from.type(path) == 'i' && from.has_attribute(path, "_FillValue"))
    to.attribute(path, "_FillValue", I{layout::missing_integer});
  if (from.has_attribute(path, layout::flag_meanings)) {
    static constexpr I flags[] = {0, 1};
    to.attribute(path, layout::flag_values, std::span<const I>(flags));
    to.attribute(path, layout::flag_meanings, from.attribute(path, layout::flag_meanings));
  }
}

void copy_data(const hdf5::Reader& from, hdf5::Writer& to, const std::string& path) {
  const auto axes = from.axes(path);
  const bool axis = axes.size() == 1 && axes[0] == path;
  const auto put = [&](const auto& values) {
    using T = typename std::decay_t<decltype(values)>::value_type;
    const std::span<const T> span(values);
    axis ? to.axis(path, span) : to.write(path, span, from.shape(path), axes);
  };
  if (from.type(path) == 's') put(from.read_strings(path));
  if (from.type(path) == 'i') put(from.read<I>(path));
  if (from.type(path) == 'f') put(from.read<double>(path));
  copy_attributes(from, to, path);
}

// 1 where a trial belongs to the baseline, which may have been chosen anew since the file was written.
void copy_baseline(const Study& s, hdf5::Writer& to, const std::string& path) {
  const hdf5::Reader& from = *s.file;
  std::vector<I> marks = from.read<I>(path);
  const std::vector<std::string> id = from.read_strings("/trials/id");
  std::map<std::string, bool> chosen;
  for (const Row& row : s.rows) chosen[row.id] = row.baseline;
  for (std::size_t r = 0; r < marks.size(); ++r)
    if (const auto found = chosen.find(id[r]); found != chosen.end()) marks[r] = found->second;
  to.write<I>(path, marks, from.shape(path), from.axes(path));
  copy_attributes(from, to, path);
}

// The data sets of a group but metrics of a task that the study has not; axes first,
// since others lie on them.
void copy_group(const Study& s, hdf5::Writer& to, const std::string& group) {
  const hdf5::Reader& from = *s.file;
  for (const bool axes : {true, false})
    for (const std::string& name : from.list(group)) {
      const std::string path = (group == "/" ? "" : group) + "/" + name;
      if (from.is_group(path) || !belongs(s, name)) continue;
      if ((from.axes(path) == std::vector<std::string>{path}) != axes) continue;
      path == "/trials/baseline" ? copy_baseline(s, to, path) : copy_data(from, to, path);
    }
}

// [trials, epochs], NaN past a trial's end.
void write_curves(hdf5::Writer& to, const Study& s) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  std::vector<TrialCurves> curves;
  std::size_t epochs = 0;
  for (const Row& row : s.rows) {
    curves.push_back(read_curves(s.folder.trial(row.id)));
    epochs = std::max(epochs, curves.back().epoch.size());
  }
  if (epochs == 0) return;
  const std::size_t n = s.rows.size();
  std::vector<I> trial(n), epoch(epochs), seed(n), done(n);
  std::vector<std::string> id(n);
  std::map<std::string, std::vector<double>> values;
  for (std::size_t e = 0; e < epochs; ++e) epoch[e] = static_cast<I>(e + 1);
  for (std::size_t r = 0; r < n; ++r) {
    trial[r] = static_cast<I>(r);
    seed[r] = s.rows[r].seed;
    id[r] = s.rows[r].id;
    done[r] = static_cast<I>(curves[r].epoch.size());
    for (const auto& [name, curve] : curves[r].metrics) {
      if (!belongs(s, name)) continue;
      std::vector<double>& all = values.try_emplace(name, n * epochs, nan).first->second;
      std::copy(curve.begin(), curve.end(), all.begin() + static_cast<std::ptrdiff_t>(r * epochs));
    }
  }
  const std::vector<std::string> by_trial = {"/curves/trial"}, by_both = {"/curves/trial", "/curves/epoch"};
  to.axis<I>("/curves/trial", trial);
  to.axis<I>("/curves/epoch", epoch);
  to.write("/curves/id", std::span<const std::string>(id), {n}, by_trial);
  to.write<I>("/curves/seed", seed, {n}, by_trial);
  to.write<I>("/curves/epochs_done", done, {n}, by_trial);
  to.attribute("/curves/epochs_done", "long_name", "epochs trained; the curves are NaN after them");
  for (const auto& [name, all] : values) {
    const std::string path = "/curves/" + name;
    const layout::Entry& entry = layout::entry("/metrics/evaluation/" + name);
    to.write<double>(path, all, {n, epochs}, by_both);
    to.attribute(path, "units", std::string(entry.unit));
    to.attribute(path, "long_name", std::string(entry.meaning));
  }
}

}  // namespace

Written export_netcdf(const Study& s, const std::filesystem::path& folder) {
  make_folder(folder);
  const hdf5::Reader& from = *s.file;
  hdf5::Writer to(folder / "study.nc");
  for (const char* name : {"study", "created"})
    if (from.has_attribute("/", name)) to.attribute("/", name, from.attribute("/", name));
  to.attribute("/", "baseline", s.baseline);
  to.attribute("/", "tubal_format", I{layout::study_format_version});
  if (from.has_attribute("/", "grid"))
    to.attribute("/", "grid", static_cast<I>(from.attribute_number("/", "grid")));
  to.attribute("/", "rectangular", static_cast<I>(from.attribute_number("/", "rectangular")));
  for (const auto& [object, name] : {std::pair{"/", "axes"}, {"/trials", "swept"}, {"/trials", "keys"}}) {
    to.group(object);
    to.attribute(object, name, from.attribute_strings(object, name));
  }
  copy_group(s, to, "/");
  copy_group(s, to, "/trials");
  write_curves(to, s);
  to.publish();
  return {folder / "study.nc"};
}

}  // namespace tubal::analysis
