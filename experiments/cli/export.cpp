// tubal export: a study for other programs.
#include <iostream>

#include "analysis/export/export.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "core/typed.hpp"
#include "experiments/cli/arguments.hpp"
#include "experiments/cli/command.hpp"
#include "experiments/cli/comparison_options.hpp"
#include "experiments/cli/open_study.hpp"
#include "experiments/records/verify_trial.hpp"

namespace tubal::cli {

namespace po = boost::program_options;

// Damaged models are no models: the digests in status.json say which ones.
static void require_sound_models(const analysis::Study& study, const std::string& trial) {
  std::vector<std::string> ids;
  for (const analysis::Row& row : study.rows) ids.push_back(row.id);
  for (const std::string& id : ids_meant(trial, ids)) {
    const layout::TrialFolder folder = study.folder.trial(id);
    for (const auto& [file, problem] : damaged_files(folder.root, read_status(folder.root)))
      if (file == folder.model().filename()) throw Error(sentence(problem) + repeats(folder));
  }
}

int export_study(const std::vector<std::string>& arguments) {
  po::options_description options("Options");
  // clang-format off
  options.add_options()
    ("csv", "trials.csv, one row a trial, and curves.csv, one row a trial and epoch")
    ("latex", "table.tex: the table of `tubal compare` for a paper (package booktabs)")
    ("netcdf", "study.nc: grid, trials and curves in one netCDF-4 file")
    ("figures", "the metric, learning curves and Pareto fronts as PDF and SVG, with their gnuplot scripts (needs gnuplot)")
    ("safetensors", "models/: the trained models under names that say their cell")
    ("trial", po::value<std::string>()->default_value(""), "--safetensors: this trial alone; the beginning of its id will do")
    ("output", po::value<std::string>(), "folder for the files (the study's own folder `export`)");
  // clang-format on
  add_comparison_options(options);
  const auto given = parse(
      arguments,
      {"tubal export STUDY --csv | --latex | --netcdf | --figures | --safetensors [options]",
       R"(Writes a study for other programs; several kinds may be asked for at once. The table and the figures show what
--filter, --sort, --metric and --level choose; the other kinds hold the whole study. study.h5 itself opens in h5py,
xarray, R, Julia and MATLAB as it is.)",
       R"(  tubal export imdb-transforms --csv --netcdf
  tubal export imdb-transforms --latex --filter p=4 --sort accuracy --output paper/
  tubal export imdb-transforms --figures
  tubal export imdb-transforms --safetensors --trial 3fa9
)"},
      options, "study");
  if (!given) return 0;
  const auto asked = [&](const char* kind) { return given->count(kind) > 0; };
  if (!asked("csv") && !asked("latex") && !asked("netcdf") && !asked("figures") && !asked("safetensors"))
    throw UsageError(
        "export: say what to write: --csv, --latex, --netcdf, --figures or --safetensors, or "
        "several of them.");
  const std::string trial = (*given)["trial"].as<std::string>();
  if (!trial.empty() && !asked("safetensors"))
    throw UsageError("--trial chooses the model of --safetensors; the other kinds hold the whole study.");
  const analysis::Study study = open_study((*given)["study"].as<std::string>(),
                                           (*given)["studies"].as<std::string>(), selection_of(*given));
  const std::filesystem::path folder =
      asked("output") ? std::filesystem::path((*given)["output"].as<std::string>()) : study.folder.exports();
  std::error_code none;
  if (std::filesystem::exists(folder, none) && !std::filesystem::is_directory(folder, none))
    throw UsageError("", 0, "--output",
                     folder.string() + " is no folder; several files are written, so a folder is wanted" +
                         (asked("output") ? "" : ": move the file away, or give --output FOLDER") + ".");

  analysis::Written written;
  std::vector<std::string> left_out;
  const auto add = [&](const analysis::Written& more) {
    written.insert(written.end(), more.begin(), more.end());
  };
  if (asked("csv")) add(analysis::export_csv(study, folder));
  if (asked("netcdf")) add(analysis::export_netcdf(study, folder));
  if (asked("safetensors")) {
    require_sound_models(study, trial);
    add(analysis::export_models(study, trial, folder, left_out));
  }
  if (asked("latex") || asked("figures")) {
    const Chosen chosen = compare_by(study, *given, false);
    if (asked("latex")) add(analysis::export_latex(study, chosen.comparison, chosen.results, folder));
    if (asked("figures")) add(analysis::export_figures(study, chosen.comparison, chosen.results, folder));
  }
  for (const std::filesystem::path& file : written) std::cout << file.string() << "\n";
  for (const std::string& trial_line : left_out) std::cerr << "note: no model of " << trial_line << "\n";
  return 0;
}

}  // namespace tubal::cli
