// A study as Slurm job arrays: one task a missing trial, requeued until it is finished.
// Nothing of ours stays alive.
#pragma once
#include <string>
#include <vector>

#include "experiments/runner/index.hpp"

namespace tubal::runner {

struct SlurmOptions {
  std::string partition, time, memory, account;  // as sbatch takes them; "": Slurm's default
  int cpus = 1;                                  // a task, also the trial's threads
  int array_size = 0;                            // most tasks of one array; 0: as MaxArraySize allows
  int at_a_time = 0;                             // most tasks of one array running at once; 0: no limit
  int grace = 60;                  // seconds before the time limit at which a trial saves itself
  std::vector<std::string> extra;  // further sbatch options, such as "--constraint=avx512"
};

/// Ids of the trials that `tubal run` would start, without those that run now.
std::vector<std::string> missing_trials(const layout::StudyFolder& study, const StudyIndex& index);

/// MaxArraySize of the cluster (tasks are numbered from 0 to one less). Throws UsageError where there is no
/// Slurm or it allows no arrays.
int max_array_size();

/// The script of one array, whose task i runs line i + 1 of the file `list`. Throws UsageError for options
/// and paths that cannot stand in a line `#SBATCH`.
std::string slurm_script(const layout::StudyFolder& study, const SlurmOptions& options,
                         const std::string& list, std::size_t tasks);

struct Submission {
  std::vector<std::string> jobs;  // Slurm's job ids, one an array
  std::string folder;             // scripts, lists of trials and logs
};

/// Writes scripts below <study>/slurm/ and submits them. Throws Error with sbatch's words, and which arrays
/// are already queued, where one is refused.
Submission submit_slurm(const layout::StudyFolder& study, const std::vector<std::string>& trials,
                        const SlurmOptions& options);

}  // namespace tubal::runner
