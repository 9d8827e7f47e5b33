#include "experiments/runner/settle.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/error.hpp"
#include "core/format.hpp"
#include "core/sha256.hpp"
#include "experiments/config/identity.hpp"
#include "experiments/config/remembered_digest.hpp"
#include "experiments/config/trial_file.hpp"
#include "experiments/records/stored_trial.hpp"

namespace tubal::runner {

namespace {

// The data set that the trial in this folder was told to read; today's where it cannot be said.
DataConfig told(const layout::TrialFolder& folder, const DataConfig& now) {
  try {
    return read_trial(folder.config().string()).data;
  } catch (const std::exception&) {
    return now;
  }
}

}  // namespace

void renew(StudyPlan& plan, std::vector<std::string>& notes) {
  for (PluginFile& plugin : plan.plugins) {
    std::error_code none;
    if (!fs::is_regular_file(plugin.path, none))
      throw UsageError("plugins: there is no file " + plugin.path +
                       ", with which the study was planned. Put it back, or run the grid file with another: "
                       "`tubal run GRID.yaml --plugin FILE.so`");
    const std::string now = sha256_file(plugin.path);
    if (now != plugin.sha256)
      notes.push_back(
          "plug-in " + plugin.path +
          " has changed: trials that use it are new ones; those of the former one stay in the store.");
    plugin.sha256 = now;
  }
  std::set<std::string> told;
  for (Trial& t : plan.trials) {
    t.config.plugins = plan.plugins;
    const std::string& file = t.config.model.transform.file;
    const std::string now = file.empty() ? "missing" : remembered_digest(file);
    if (now != "missing") {
      if (!t.config.content.matrix.empty() && t.config.content.matrix != now && told.insert(file).second)
        notes.push_back(
            "matrix file " + file +
            " has changed: trials that use it are new ones; those of the former one stay in the store.");
      t.config.content.matrix = now;
    }
    t.sha256 = sha256_of(t.config);
    t.id = short_digest(t.sha256);
  }
}

void settle(StudyPlan& plan, const layout::StudyFolder& study, DataNow& data,
            const std::set<std::string>& before, std::vector<std::string>& notes) {
  std::map<std::string, std::vector<std::string>> variants;  // plain name -> names on other data
  for (const std::string& id : study.trial_ids())            // a copy, or a name that somebody gave, is none
    if (id.size() == 21 && id[12] == '-' && need_stored_trial(study.trial(id)).problem.empty())
      variants[short_digest(id)].push_back(id);
  // Of this name on other data, though its config.yaml was edited: it keeps its place.
  std::set<std::string> elsewhere;  // plain names of which a folder on other data is there
  for (const std::string& id : study.trial_ids())
    if (const std::size_t dash = id.find('-'); dash != id.npos) elsewhere.insert(id.substr(0, dash));
  const auto begun_on = [&](const Trial& t, const std::string& plain, const DataConfig& now) -> std::string {
    if (!elsewhere.count(plain)) return "";
    Content content = t.config.content;
    content.tokens = data.tokens(now);
    const std::string id = name_on_other_data(t.sha256, content);
    return has_begun(study.trial(id)) ? id : "";
  };
  std::size_t moved = 0;
  for (Trial& t : plan.trials) {
    const DataConfig& now = t.config.data;
    const std::string plain = short_digest(t.sha256);
    Content& content = t.config.content;
    content.sources = data.sources(now);
    content.tokens.clear();
    content.build.clear();
    t.id = plain;
    const auto others = variants.find(plain);
    if (content.sources.empty()) {  // unknown today: what the grid had
      if (others != variants.end())
        for (const std::string& id : others->second)
          if (before.count(id)) {
            t.id = id;
            content = recorded_content(study.trial(id));
          }
      continue;
    }
    const auto fits = [&](const std::string& id) {
      const layout::TrialFolder folder = study.trial(id);
      if (!has_begun(folder)) return false;
      const Content then = recorded_content(folder);
      return then.sources == content.sources || data.same(then, told(folder, now), now);
    };
    if (fits(plain)) continue;
    const std::vector<std::string> none;
    const auto& on_other_data = others == variants.end() ? none : others->second;
    const auto found = std::find_if(on_other_data.begin(), on_other_data.end(), fits);
    if (found == on_other_data.end() && !has_begun(study.trial(plain))) {
      const std::string id = begun_on(t, plain, now);
      if (id.empty()) continue;  // it will read what it finds
      content.tokens = data.tokens(now);
      t.id = id;
      continue;
    }
    content.tokens = data.tokens(now);
    t.id = found == on_other_data.end() ? name_on_other_data(t.sha256, content) : *found;
    if (!before.count(t.id)) ++moved;
  }
  for (Trial& t : plan.trials)
    if (t.config.content.tokens.empty()) t.config.content.tokens = data.known_tokens(t.config.data);
  if (moved)
    notes.push_back("the data of " + plural(moved, "trial") +
                    " are not those that the store's trials of the same configuration read: " +
                    (moved == 1 ? "it is a new one" : "they are new ones") +
                    "; the former ones stay (`tubal history` names them).");
}

}  // namespace tubal::runner
