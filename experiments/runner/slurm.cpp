#include "experiments/runner/slurm.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/process.hpp"
#include "core/text.hpp"
#include "experiments/runner/process.hpp"
#include "experiments/runner/stop_token.hpp"
#include "experiments/runner/view.hpp"

namespace tubal::runner {

namespace {

// What one of Slurm's commands says.
Answer ask_slurm(const std::vector<std::string>& command) {
  const Answer answer = ask(command, Hear::both);
  if (answer.problem)
    throw UsageError("`" + command[0] + "` cannot be run on this machine (" + std::strerror(answer.problem) +
                     "): submit where Slurm's commands are installed, or use `--engine local` "
                     "or `--dry-run`.");
  return answer;
}

// A line `#SBATCH ...` ends at its line's end, and Slurm parts it at spaces: no value of an option may hold
// what makes other options of it.
void check_word(const char* option, const std::string& value) {
  if (printable(value) != value || value.find_first_of(" \"'\\") != value.npos)
    throw UsageError("", 0, option,
                     "found `" + shown(value) +
                         "`; spaces, quotes, backslashes and control characters cannot "
                         "stand in a line `#SBATCH`");
}

// The file name of logs: in double quotes, where Slurm reads %% as %.
std::string log_pattern(const std::string& path) {
  if (printable(path) != path || path.find_first_of("\"\\") != path.npos)
    throw UsageError(
        "", 0, "--studies",
        "the folder " + shown(path, 200) +
            " has a quote, a backslash or a control character in its name, which cannot stand in a line "
            "`#SBATCH`; choose another folder with --studies DIR");
  std::string out;
  for (const char c : path) out += c == '%' ? "%%" : std::string(1, c);
  return out;
}

void check_options(const SlurmOptions& o) {
  check_word("--partition", o.partition);
  check_word("--time", o.time);
  check_word("--memory", o.memory);
  check_word("--account", o.account);
  for (const std::string& extra : o.extra)
    if (printable(extra) != extra || extra.empty() || extra[0] != '-')
      throw UsageError("", 0, "--sbatch",
                       "found `" + shown(extra) +
                           "`, needs one option of sbatch on one line, such as "
                           "--sbatch=--constraint=avx512");
}

}  // namespace

std::vector<std::string> missing_trials(const layout::StudyFolder& study, const StudyIndex& index) {
  std::vector<std::string> ids;
  for (const PlannedTrial& t : index.trials) {
    const TrialView view = view_trial(study.trial(t.id));
    if (!t.earlier && view.state != TrialState::running &&
        (!is_final(view.state) || from_outside(view.status)))
      ids.push_back(t.id);
  }
  return ids;
}

int max_array_size() {
  const Answer answer = ask_slurm({"scontrol", "show", "config"});
  if (!answer.good()) throw UsageError("Slurm does not answer (`scontrol show config`): " + answer.text);
  const auto at = answer.text.find("MaxArraySize");
  const auto equals = at == std::string::npos ? at : answer.text.find('=', at);
  const int size = equals == std::string::npos ? 0 : std::atoi(answer.text.c_str() + equals + 1);
  if (size < 1)
    throw UsageError(
        "this Slurm allows no job arrays (MaxArraySize in `scontrol show config`); ask its administrators.");
  return size;
}

std::string slurm_script(const layout::StudyFolder& study, const SlurmOptions& o, const std::string& list,
                         std::size_t tasks) {
  const std::string logs = fs::path(list).replace_extension("").string();
  const StopToken stop = read_stop(study);
  check_options(o);
  std::string s = "#!/bin/bash\n";
  const auto option = [&](const std::string& text) { s += "#SBATCH " + text + "\n"; };
  option("--job-name=tubal-" + study.name());
  option("--array=0-" + std::to_string(tasks - 1) +
         (o.at_a_time > 0 ? "%" + std::to_string(o.at_a_time) : ""));
  option("--nodes=1 --ntasks=1 --cpus-per-task=" + std::to_string(o.cpus));
  option("--requeue --open-mode=append");
  option("--signal=B:TERM@" + std::to_string(o.grace));
  option("--output=\"" + log_pattern(logs) + "-%a.log\"");
  if (!o.partition.empty()) option("--partition=" + o.partition);
  if (!o.time.empty()) option("--time=" + o.time);
  if (!o.memory.empty()) option("--mem=" + o.memory);
  if (!o.account.empty()) option("--account=" + o.account);
  for (const std::string& extra : o.extra) option(extra);
  s +=
      "# One trial of the study a task. It goes on from its checkpoint, and is not run again once it is "
      "finished.\n"
      "trial=$(sed -n \"$((SLURM_ARRAY_TASK_ID + 1))p\" " +
      shell_word(list) +
      ")\n"
      "child=\n"
      "trap '[[ -n $child ]] && kill -TERM \"$child\"' TERM  # the time limit is near, or the task is "
      "preempted\n" +
      shell_word(this_program()) + " run " + shell_word(study.root.string()) +
      " --only \"$trial\" --jobs 1 --threads \"${SLURM_CPUS_PER_TASK:-1}\" --stop-token " +
      shell_word(stop.token) +
      " &\n"
      "child=$!\n"
      "while kill -0 \"$child\" 2>/dev/null; do wait \"$child\"; done  # a trapped signal ends `wait` early\n"
      "wait \"$child\"; status=$?\n"
      "# 75: interrupted. Queue again, unless somebody cancelled the task or called `tubal stop`. A "
      "preempted task is\n"
      "# queued again by Slurm itself.\n"
      "if [[ $status == 75 && $(cat " +
      shell_word(study.stop().string()) + " 2>/dev/null || echo none) == " + shell_word(stop.token) +
      " ]]; then\n"
      "  [[ $(scontrol show job \"$SLURM_JOB_ID\" 2>/dev/null) == *JobState=RUNNING* ]] && scontrol requeue "
      "\"$SLURM_JOB_ID\" && exit 0\n"
      "fi\n"
      "exit \"$status\"\n";
  return s;
}

Submission submit_slurm(const layout::StudyFolder& study, const std::vector<std::string>& trials,
                        const SlurmOptions& options) {
  const int most = max_array_size();
  const std::size_t chunk =
      static_cast<std::size_t>(options.array_size > 0 ? std::min(options.array_size, most) : most);
  int number = 1;
  while (fs::exists(study.slurm(number).root)) ++number;
  const layout::SlurmFolder folder = study.slurm(number);
  make_folder(folder.root);
  Submission submission{{}, folder.root.string()};
  for (std::size_t first = 0, n = 0; first < trials.size(); first += chunk, ++n) {
    const std::size_t last = std::min(first + chunk, trials.size());
    const fs::path list = folder.list(n), script = folder.script(n);
    std::string lines;
    for (std::size_t i = first; i < last; ++i) lines += trials[i] + "\n";
    write_file(list, lines);
    write_file(script, slurm_script(study, options, list.string(), last - first));
    const Answer answer = ask_slurm({"sbatch", "--parsable", script.string()});
    if (!answer.good())
      throw Error("sbatch refused " + script.string() + ": " + answer.text + " " +
                  (submission.jobs.empty()
                       ? "Nothing was queued."
                       : "Queued before it: job " + join(submission.jobs) +
                             ". `tubal submit` again queues what is still missing; no trial runs twice."));
    submission.jobs.push_back(answer.text.substr(0, answer.text.find(';')));  // "id;cluster" in a federation
    write_file(folder.jobs(), join(submission.jobs, "\n") + "\n");
  }
  return submission;
}

}  // namespace tubal::runner
