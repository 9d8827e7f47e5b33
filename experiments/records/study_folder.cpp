#include "experiments/records/study_folder.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/sha256.hpp"
#include "experiments/config/identity.hpp"
#include "experiments/config/trial_file.hpp"
#include "experiments/config/unused.hpp"
#include "experiments/config/yaml_text.hpp"

namespace tubal {

namespace {

void fill(StudyRow& row, const TrialConfig& config, const std::string& identity) {
  row.values = values_of(config);
  row.idle = idle_keys(config);
  row.configuration = short_digest(identity);
  row.matrix = short_digest(config.model.transform.file.empty() ? "" : config.content.matrix);
  if (const std::vector<std::string> used = used_plugins(config); !used.empty())
    row.plugin = short_digest(used.size() == 1 ? used[0] : sha256(join(used)));
}

TrialStatus status_of(const layout::TrialFolder& folder) {
  TrialStatus status;
  try {
    status = read_status(folder.root);
  } catch (const Error& e) {
    if (e.cause() == Cause::device) throw;  // not to be taken for a trial that has not begun
    status.cause = e.what();
  }
  return status;
}

// Whether config.yaml says what the plan says, beside what it recorded.
bool as_planned(const layout::TrialFolder& folder, const TrialConfig& config) {
  if (!file_is_there(folder.config())) return true;
  try {
    const std::string bare = write_bare_trial(config), text = read_file(folder.config());
    return text == bare || (text.starts_with(bare) && text.substr(bare.size()).starts_with("content: "));
  } catch (const Error&) {
    return false;
  }
}

std::string data_key(const StudyRow& row) {
  std::string key;
  for (const auto& [name, value] : row.values)
    if (name.starts_with("data.")) key += name + "=" + show(value) + "\n";
  return key;
}

// Rows that read the same: known by any of these names (digests of files, of tokens, or the plan's word).
struct Group {
  std::string key;
  std::set<std::string> names;
  std::string data, updated;
};

std::vector<Group> group_data(const std::vector<StudyRow>& rows, const std::vector<std::string>& keys,
                              const std::vector<std::set<std::string>>& names) {
  std::vector<Group> groups;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (names[r].empty()) continue;
    Group joined{keys[r], names[r], "", ""};
    std::erase_if(groups, [&](const Group& g) {
      const bool meets =
          g.key == keys[r] && std::any_of(g.names.begin(), g.names.end(),
                                          [&](const auto& name) { return joined.names.count(name) > 0; });
      if (meets) joined.names.insert(g.names.begin(), g.names.end());
      return meets;
    });
    groups.push_back(std::move(joined));
  }
  return groups;
}

// Gives each row the digest of its data. A grid whose trials read different data (an earlier tubal took no
// notice) keeps those on the latest: the others are no part of it.
void tell_data(std::vector<StudyRow>& rows, const std::vector<Content>& contents,
               const std::vector<bool>& settled) {
  std::vector<std::string> keys;
  std::vector<std::set<std::string>> names(rows.size());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    keys.push_back(data_key(rows[r]));
    if (!contents[r].sources.empty()) names[r].insert("sources " + contents[r].sources);
    if (!contents[r].tokens.empty()) names[r].insert("tokens " + contents[r].tokens);
    if (settled[r] && !names[r].empty()) names[r].insert("plan");
  }
  std::vector<Group> groups = group_data(rows, keys, names);
  const auto group_of = [&](std::size_t r) -> Group* {
    for (Group& g : groups)
      if (!names[r].empty() && g.key == keys[r] && g.names.count(*names[r].begin())) return &g;
    return nullptr;
  };
  std::map<std::string, Group*> latest;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    Group* g = group_of(r);
    if (!g) continue;
    const std::string digest = contents[r].tokens.empty() ? "" : contents[r].tokens;
    if (!digest.empty() && (g->data.empty() || digest < g->data)) g->data = digest;
    if (rows[r].in_grid && rows[r].status.state != TrialState::planned)
      g->updated = std::max(g->updated, rows[r].status.updated);
    Group*& newest = latest[keys[r]];
    if (!newest || newest->updated < g->updated) newest = g;
  }
  for (std::size_t r = 0; r < rows.size(); ++r) {
    Group* g = group_of(r);
    const auto newest = latest.find(keys[r]);
    if (newest == latest.end()) continue;
    if (!g) g = newest->second;  // it has not begun: it will read these
    if (g->data.empty())
      for (const std::string& name : g->names)
        if (name.starts_with("sources ")) g->data = name.substr(8);
    rows[r].data = short_digest(g->data);
    rows[r].in_grid = rows[r].in_grid && g == newest->second;
  }
}

}  // namespace

std::string StudyContents::image() const {
  const StudyPlan& plan = reading.plan;
  return study_image(plan.study, plan.axes, rows, plan.grid,
                     plan.baseline.empty() ? "" : yaml_flow(plan.baseline));
}

StudyContents study_contents(const fs::path& study_directory) {
  const layout::StudyFolder folder{study_directory};
  StudyContents out{read_plan_lines(folder.plan().string()), {}, {}};
  std::vector<Content> contents;
  std::vector<bool> settled;  // the plan vouches that its trials read one content of their data
  std::set<std::string> known;
  for (const Trial& t : out.reading.plan.trials) {
    const layout::TrialFolder trial = folder.trial(t.id);
    StudyRow row{t.id, status_of(trial), {}, t.cells, t.baseline, true, "", "", "", ""};
    fill(row, t.config, t.sha256);
    contents.push_back(recorded_content(trial));
    if (!as_planned(trial, t.config))
      if (const StoredTrial stored = read_stored_trial(trial); !stored.problem.empty()) {
        out.strangers.push_back(stored);
        row.status = {};  // what lies there is another trial's
        row.status.cause = stored.problem;
        contents.back() = {};
      }
    if (contents.back() == Content{}) contents.back() = t.config.content;
    settled.push_back(out.reading.version > 1 && !t.config.content.sources.empty());
    row.status.seed = t.config.seed;
    known.insert(t.id);
    out.rows.push_back(std::move(row));
  }
  for (const std::string& id : folder.trial_ids()) {
    if (known.count(id)) continue;
    const layout::TrialFolder trial = folder.trial(id);
    const StoredTrial stored = read_stored_trial(trial);
    if (!stored.problem.empty()) {
      out.strangers.push_back(stored);
      continue;
    }
    StudyRow row{id, status_of(trial), {}, {}, false, false, "", "", "", ""};
    fill(row, stored.config, stored.sha256);
    row.status.seed = stored.config.seed;
    const Values& wanted = out.reading.plan.baseline;
    row.baseline = !wanted.empty() && std::all_of(wanted.begin(), wanted.end(), [&](const auto& test) {
      return std::find(row.values.begin(), row.values.end(), test) != row.values.end();
    });
    contents.push_back(recorded_content(trial));
    settled.push_back(false);
    out.rows.push_back(std::move(row));
  }
  tell_data(out.rows, contents, settled);
  std::stable_partition(out.rows.begin(), out.rows.end(), [](const StudyRow& row) { return row.in_grid; });
  return out;
}

void rebuild_study(const fs::path& study_directory) {
  const fs::path file = layout::StudyFolder{study_directory}.data();
  const std::string image = study_contents(study_directory).image();
  if (!file_is_there(file) || read_file(file) != image) write_file(file, image);
}

}  // namespace tubal
