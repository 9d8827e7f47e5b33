// history.jsonl: every grid that a study has had, when it ran and what was moved out; only ever appended to.
//
// A checksummed journal (journal.hpp). Its records:
//   {"kind":"grid","grid":2,"time":..,"user":..,"host":..,"program":..,"source":FILE,"command":[..],
//    "texts":[[FILE, TEXT],..],"axes":[..],"seeds":[..],"baseline":{..},"note":..,
//    "trials":[[id, label, seed, baseline],..]}      a grid became the current one
//   {"kind":"run","grid":2,"time":..,"user":..,"host":..,"program":..}      it was run, or run again
//   {"kind":"prune","time":..,"user":..,"host":..,"archive":FOLDER,"trials":[id,..]}
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "core/layout.hpp"
#include "experiments/plan/study_plan.hpp"

namespace tubal {

struct GridTrial {
  std::string id, label;
  std::uint64_t seed = 0;
  bool baseline = false;
};

struct GridRecord {
  int number = 0;
  std::string time, user, host, program;  // of when it became the current one
  std::string source, note;
  std::vector<std::string> command;
  std::vector<std::pair<std::string, std::string>> texts;
  std::vector<std::string> axes;
  std::vector<GridTrial> trials;
  std::vector<std::string> runs;  // times
};

struct PruneRecord {
  std::string time, user, host, archive;
  std::vector<std::string> trials;
};

struct GridHistory {
  std::vector<GridRecord> grids;
  std::vector<PruneRecord> prunes;
  const GridRecord* grid(int number) const;
  /// What the trial was called in the latest grid that had it; null: no grid knows it.
  const GridTrial* trial(const std::string& id) const;
};

/// A missing file is empty. Throws Error where a record is damaged.
GridHistory read_grid_history(const layout::StudyFolder& study);

/// Each appends one record and waits until the disk has it; a torn last line is cut off first. A damaged file
/// is put aside as history.jsonl.damaged and begun anew: what it said keeps nothing from running. For one
/// process at a time (the study's lock).
void append_grid(const layout::StudyFolder& study, const StudyPlan& plan, const std::string& note = "");
void append_run(const layout::StudyFolder& study, int grid);
void append_prune(const layout::StudyFolder& study, const std::vector<std::string>& trials,
                  const std::string& archive);

}  // namespace tubal
