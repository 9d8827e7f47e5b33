#include "experiments/runner/index.hpp"

#include <sys/stat.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/typed.hpp"
#include "experiments/config/study_keys.hpp"
#include "experiments/plan/plan_reader.hpp"
#include "experiments/records/grid_history.hpp"
#include "experiments/records/status.hpp"

namespace tubal::runner {

namespace {

constexpr int index_version = 4;

// Size, time and inode of plan.yaml: it is only ever replaced whole, so they tell its versions apart.
std::string stamp(const fs::path& file) {
  struct stat s {};
  if (::stat(file.c_str(), &s)) return "";
  return std::to_string(s.st_size) + " " + std::to_string(s.st_mtim.tv_sec) + "." +
         std::to_string(s.st_mtim.tv_nsec) + " " + std::to_string(s.st_ino);
}

}  // namespace

StudyIndex index_of(const StudyPlan& plan) {
  StudyIndex index{plan.study, plan.runtime, plan.policy, plan.asha, plan.grid, {}, {}, ""};
  for (const Trial& t : plan.trials)
    index.trials.push_back(
        {t.id, t.label, t.config.seed, t.baseline, false, t.config.model.task == Task::language_model});
  return index;
}

void save_index(const layout::StudyFolder& study, const StudyIndex& index) {
  nlohmann::json trials = nlohmann::json::array();
  for (const PlannedTrial& t : index.trials)
    trials.push_back({t.id, t.label, t.seed, t.baseline, t.language});
  const nlohmann::json json{
      {"plan", stamp(study.plan())},
      {"version", index_version},
      {"grid", index.grid},
      {"settings", study_words(study_settings(index.runtime, index.policy, index.asha))},
      {"trials", trials}};
  write_file(study.index(), json.dump() + "\n");
}

StudyIndex load_index(const layout::StudyFolder& study) {
  if (!file_is_there(study.plan()))
    throw UsageError(study.root.string() +
                     " holds no study (no plan.yaml). `tubal run GRID.yaml` makes one; `--studies DIR` says "
                     "where studies lie.");
  try {
    const auto json = nlohmann::json::parse(read_file(study.index()));
    if (json.at("plan") == stamp(study.plan()) && json.at("version") == index_version) {
      StudyIndex index;
      index.study = study.name();  // as the folder is called now
      index.grid = json.at("grid");
      const Settings s = read_study_words("settings", json.at("settings"));
      index.runtime = s.runtime;
      index.policy = s.policy;
      index.asha = s.asha;
      for (const auto& t : json.at("trials"))
        index.trials.push_back({t.at(0), t.at(1), t.at(2), t.at(3), false, t.at(4)});
      return index;
    }
  } catch (const std::exception&) {  // missing, torn or foreign: it is only a cache
  }
  const PlanReading reading = read_plan_lines(study.plan().string());
  if (reading.plan.trials.empty() && !reading.left_out.empty()) throw UsageError(reading.left_out[0]);
  StudyIndex index = index_of(reading.plan);
  index.study = study.name();
  if (reading.version == 1) return index;  // its own index says what an earlier grid had begun
  try {
    save_index(study, index);
  } catch (const Error&) {  // a reader without permission to write still reads
  }
  return index;
}

std::vector<PlannedTrial> other_trials(const layout::StudyFolder& study, const StudyIndex& index) {
  std::set<std::string> inside;
  for (const PlannedTrial& t : index.trials) inside.insert(t.id);
  std::vector<PlannedTrial> others;
  GridHistory history;
  try {
    history = read_grid_history(study);
  } catch (const Error&) {  // then they have no other name than their id
  }
  std::map<std::string, const GridTrial*> named;  // as the last grid that had it calls it
  for (const GridRecord& g : history.grids)
    for (const GridTrial& t : g.trials) named[t.id] = &t;
  for (const std::string& id : study.trial_ids()) {
    if (inside.count(id) || !file_is_there(study.trial(id).config())) continue;
    const auto found = named.find(id);
    const GridTrial* known = found == named.end() ? nullptr : found->second;
    PlannedTrial t{id, known ? known->label : "", known ? known->seed : 0, false, true, false};
    try {
      t.language = read_file(study.trial(id).config()).find("\ntask: language_model\n") != std::string::npos;
      if (!known) t.seed = read_status(study.trial(id).root).seed;
    } catch (const Error&) {
    }
    others.push_back(std::move(t));
  }
  return others;
}

std::set<std::string> ids_chosen(const std::vector<PlannedTrial>& trials,
                                 const std::vector<std::string>& only) {
  std::vector<std::string> ids;
  for (const PlannedTrial& t : trials) ids.push_back(t.id);
  std::set<std::string> chosen;
  for (const std::string& word : only)
    for (std::string& id : ids_meant(word, ids)) chosen.insert(std::move(id));
  return chosen;
}

}  // namespace tubal::runner
