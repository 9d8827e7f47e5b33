#include "experiments/records/verify_study.hpp"

#include <cmath>
#include <map>
#include <set>

#include "core/files.hpp"
#include "core/format.hpp"
#include "core/hdf5.hpp"
#include "core/hdf5_seal.hpp"
#include "core/layout.hpp"
#include "core/layout_entries.hpp"
#include "core/sha256.hpp"
#include "core/text.hpp"
#include "core/typed.hpp"
#include "experiments/config/identity.hpp"
#include "experiments/config/trial_file.hpp"
#include "experiments/records/grid_history.hpp"
#include "experiments/records/stored_trial.hpp"
#include "experiments/records/study_file.hpp"
#include "experiments/records/study_folder.hpp"
#include "experiments/records/verify_trial.hpp"

namespace tubal {

namespace {

// What a folder that is no trial of its name needs.
std::string cure(const layout::StudyFolder& study, const StoredTrial& stranger, bool in_grid) {
  const std::string name = typed(study);
  if (in_grid) return " `tubal run " + name + "` puts the grid's configuration in its place.";
  const std::string prune = "`tubal prune " + name + " --not-in-grid` moves it to the study's archive.";
  const layout::TrialFolder own = study.trial(short_digest(stranger.sha256)), here = study.trial(stranger.id);
  if (stranger.sha256.empty() || file_is_there(own.root)) return " " + prune;
  try {  // trained by what config.yaml says: the folder was renamed
    const std::string text = hdf5::Reader(here.data()).attribute("/provenance", "configuration");
    if (identity(parse_trial(text, here.data())) == stranger.sha256)
      return " `mv '" + here.root.string() + "' '" + own.root.string() + "'` gives it its name back; " +
             prune;
  } catch (const std::exception&) {
  }
  return " " + prune;
}

// The present grid and the history against each other and the store.
void verify_history(const layout::StudyFolder& study, const StudyContents& contents, Verification& found) {
  const StudyPlan& plan = contents.reading.plan;
  if (contents.reading.version == 1) {
    found.notes.push_back(study.root.string() + ": was made by an earlier tubal; `tubal run " + typed(study) +
                          "` upgrades it and begins its history.");
    return;
  }
  const std::string anew = " `tubal run " + typed(study) + "` writes it from here on.";
  GridHistory history;
  try {
    history = read_grid_history(study);
  } catch (const std::exception& e) {
    found.problems.push_back(sentence(e.what()) + " `tubal run " + typed(study) +
                             "` puts it aside and begins a new one.");
    return;
  }
  const GridRecord* grid = history.grid(plan.grid);
  if (!grid) {
    found.problems.push_back(study.history().string() + ": does not know the current grid, " +
                             std::to_string(plan.grid) + "." + anew);
    return;
  }
  std::vector<std::string> ids;
  for (const Trial& t : plan.trials) ids.push_back(t.id);
  std::vector<std::string> told;
  for (const GridTrial& t : grid->trials) told.push_back(t.id);
  if (ids != told)
    found.problems.push_back(study.plan().string() + ": its trials are not those of grid " +
                             std::to_string(plan.grid) + " in the history." + anew);
  std::set<std::string> store, named, pruned(ids.begin(), ids.end());
  for (const StudyRow& row : contents.rows) store.insert(row.id);
  for (const PruneRecord& p : history.prunes) pruned.insert(p.trials.begin(), p.trials.end());
  std::size_t gone = 0, foreign = 0;
  std::string example;
  for (const GridRecord& g : history.grids)
    for (const GridTrial& t : g.trials)
      if (named.insert(t.id).second && !pruned.count(t.id) && !file_is_there(study.trial(t.id).root)) {
        ++gone;
        example = t.id;
      }
  if (gone)
    found.notes.push_back(plural(gone, "trial") + " of earlier grids " + (gone == 1 ? "is" : "are") +
                          " no longer in the store (" + example + (gone > 1 ? ", ..." : "") + ").");
  for (const std::string& id : store)
    if (!named.count(id)) {
      ++foreign;
      example = id;
    }
  if (foreign)
    found.notes.push_back(plural(foreign, "trial") + " of the store " + (foreign == 1 ? "is" : "are") +
                          " of no grid in the history (" + example + (foreign > 1 ? ", ..." : "") +
                          "): copied from elsewhere, or of grids before the history.");
}

void note_other_data(const StudyContents& contents, Verification& found) {
  std::map<std::string, std::string> data;
  for (const StudyRow& row : contents.rows)
    if (row.in_grid) data.emplace(row.configuration, row.data);
  for (const StudyRow& row : contents.rows) {
    const auto same = row.in_grid ? data.end() : data.find(row.configuration);
    if (same != data.end() && same->second != row.data)
      found.notes.push_back("trial " + row.id + " is the same configuration on other data (" +
                            (row.data.empty() ? "unknown" : row.data) + ", the grid's: " + same->second +
                            "); it is in no array and no mean.");
  }
}

// Each value of the arrays is that of its trial; until all have ended a trial may still be missing.
void verify_tables(const layout::StudyFolder& study, const StudyContents& contents, bool ended,
                   Verification& found) {
  const std::string cure =
      " Any look at the study rebuilds it, such as `tubal compare " + typed(study) + "`.";
  if (!file_is_there(study.data())) {
    if (ended) found.problems.push_back(study.data().string() + ": is missing." + cure);
    return;
  }
  try {
    const hdf5::Reader file(study.data());
    file.read_strings("/trials/id");
    file.read_strings("/trials/status");
    const std::string image = contents.image(), bytes = read_file(study.data());
    const bool equal = hdf5::without_seal(bytes) == hdf5::without_seal(image);  // earlier versions put none
    if (contents.reading.version == 1) {
      if (!equal)
        found.notes.push_back(
            study.data().string() +
            ": an earlier tubal wrote it, and its arrays may hold other grids' trials. `tubal run " +
            typed(study) + "` writes it anew.");
      return;
    }
    if (equal) return;
    if (ended)
      throw Error(study.data().string() +
                  ": it is not what the trials' files say: damaged, or older than they are.");
    const hdf5::Reader right(image, study.data());
    for (const char* metric : layout::grid_metrics) {
      const std::string path = std::string("/") + metric;
      if (!right.has(path) || !file.has(path)) continue;
      const auto is = file.read<double>(path), should = right.read<double>(path);
      bool wrong = is.size() != should.size();
      for (std::size_t i = 0; !wrong && i < is.size(); ++i)
        wrong = !std::isnan(is[i]) && !(is[i] == should[i]);
      if (wrong)
        throw Error(study.data().string() + ": " + path + " holds values that no trial of the grid has.");
    }
  } catch (const std::exception& e) {
    found.problems.push_back(sentence(e.what()) + cure);
  }
}

}  // namespace

Verification verify_study(const fs::path& study_directory) {
  const layout::StudyFolder folder{study_directory};
  Verification found;
  const auto add = [&](const std::vector<std::string>& more) {
    found.problems.insert(found.problems.end(), more.begin(), more.end());
  };
  std::error_code none;
  if (!fs::is_directory(folder.root, none)) return {{folder.root.string() + ": there is no such study."}, {}};
  StudyContents contents;
  try {
    contents = study_contents(folder.root);
  } catch (const std::exception& e) {
    found.problems.push_back(e.what());
    for (const std::string& id : folder.trial_ids()) add(verify_trial(folder.trial(id).root));
    return found;
  }
  add(contents.reading.left_out);
  std::set<std::string> strange, in_grid;
  for (const Trial& t : contents.reading.plan.trials) in_grid.insert(t.id);
  for (const StoredTrial& stranger : contents.strangers) {
    strange.insert(stranger.id);
    found.problems.push_back(stranger.problem + "." + cure(folder, stranger, in_grid.count(stranger.id) > 0));
  }
  bool ended = true;
  for (const StudyRow& row : contents.rows) {
    if (strange.count(row.id)) continue;
    if (!file_is_there(folder.trial(row.id).root)) {
      found.problems.push_back(folder.trial(row.id).root.string() +
                               ": the folder of this trial of the current grid is gone. `tubal run " +
                               typed(folder) + "` makes it again.");
      continue;
    }
    const std::vector<std::string> more = verify_trial(folder.trial(row.id).root);
    add(more);
    ended = ended && more.empty() && (is_final(row.status.state) || !row.in_grid);
  }
  verify_history(folder, contents, found);
  note_other_data(contents, found);
  verify_tables(folder, contents, ended, found);
  return found;
}

}  // namespace tubal
