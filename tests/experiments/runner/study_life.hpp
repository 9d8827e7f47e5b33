// A study's life for the property test: grids, files that change, runners that are
// cheap, and what must be true.
//
// A cheap trial goes the way of `tubal trial` (lease, config.yaml, data, what it read recorded, status,
// sealed files), but its accuracy is a digest of what a trial depends on, as it found it in its own
// config.yaml and files: p, norm, epochs, transform, seed, the first text of the data, the matrix's first
// number, the plug-in's last byte. The test makes the same digest from what it asked for.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/layout.hpp"
#include "experiments/plan/study_plan.hpp"
#include "experiments/runner/index.hpp"

namespace tubal::life {

namespace fs = std::filesystem;

/// The files outside a study, each by the number of its content.
struct Files {
  int data = 0, matrix = 0, plugin = 0;
};

struct Grid {
  int epochs = 1, seeds = 2;
  std::vector<int> p = {1, 2};
  std::vector<std::string> norm = {"post"}, transform = {"dct"};  // dct | haar | matrix | ok (the plug-in)
  bool operator==(const Grid&) const = default;
  bool uses(const std::string& name) const;
  std::string text() const;
};

/// What a trial depends on, as the test says it: "p=2 norm=post epochs=1
/// transform=matrix seed=0 data=3 matrix=1".
std::string key_of(int p, const std::string& norm, int epochs, const std::string& transform, int seed,
                   const Files& files);
/// Every key of a grid on these files.
std::set<std::string> keys_of(const Grid& grid, const Files& files);
double accuracy_of(const std::string& key);
/// Whether these are the grid's trials, on whatever files.
bool is_plan_of(const StudyPlan& plan, const Grid& grid);

void write_data(const fs::path& folder, int content, int unread);
void write_matrix(const fs::path& folder, int content);
void write_plugin(const fs::path& folder, int content);

/// One `tubal run GRID.yaml` or (grid null) `tubal run STUDY` with cheap trials; runs what is missing. Each
/// trial's key is added to `ran` (a file) once it is finished.
void run_cheaply(const fs::path& folder, const std::string& grid_file, const layout::StudyFolder& study,
                 const fs::path& ran);

/// Of a study's folder, by reading its files as other programs would: key -> trial of
/// the store that is complete.
std::map<std::string, std::vector<std::string>> finished(const layout::StudyFolder& study);

/// Every law that is broken, one line each. `grid` on `files` is the current one. `settled`: nothing was
/// killed or moved since the last run, so that every trial is there and `tubal verify` has nothing to say.
std::vector<std::string> broken_laws(const layout::StudyFolder& study, const Grid& grid, const Files& files,
                                     bool settled);

}  // namespace tubal::life
