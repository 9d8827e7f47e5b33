#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <iostream>

#include "core/blas.hpp"
#include "core/build_info.hpp"
#include "core/error.hpp"
#include "core/file_error.hpp"
#include "core/kernels.hpp"
#include "core/memory.hpp"
#include "core/standard_output.hpp"
#include "core/text.hpp"
#include "experiments/cli/command.hpp"
#include "transforms/fast.hpp"

namespace tubal::cli {

// The table of commands: a declaration and a line for each file in this folder.
int ablate(const std::vector<std::string>&);
int compare(const std::vector<std::string>&);
int data(const std::vector<std::string>&);
int export_study(const std::vector<std::string>&);
int generate(const std::vector<std::string>&);
int predict(const std::vector<std::string>&);
int plan(const std::vector<std::string>&);
int report(const std::vector<std::string>&);
int bench(const std::vector<std::string>&);
int transforms(const std::vector<std::string>&);
int verify(const std::vector<std::string>&);

int run(const std::vector<std::string>&);
int retry(const std::vector<std::string>&);
int history(const std::vector<std::string>&);
int prune(const std::vector<std::string>&);
int status(const std::vector<std::string>&);
int watch(const std::vector<std::string>&);
int stop(const std::vector<std::string>&);
int submit(const std::vector<std::string>&);
int trial(const std::vector<std::string>&);

const std::vector<Command>& commands() {
  static const std::vector<Command> table = {
      {"ablate", "test accuracy of finished trials with spectral slices taken away", ablate},
      {"compare", "cells of a study side by side: accuracy, intervals, differences to the baseline", compare},
      {"export", "a study as CSV, LaTeX, netCDF, figures for papers, safetensors", export_study},
      {"predict", "classify lines from standard input with a finished trial, or tell how likely they are",
       predict},
      {"generate", "let a finished language model go on with a text", generate},
      {"data", "what a data set holds: texts, classes, lengths, repeats, vocabulary", data},
      {"report", "one HTML file that shows a study; needs no network", report},
      {"plan", "list every trial of a grid with parameters, FLOPs, memory and time", plan},
      {"bench", "time training steps or evaluation beside their matrix products", bench},
      {"transforms", "list transforms with their laws and cost; print a matrix", transforms},
      {"verify", "run golden cases in double and float", verify},
      {"run", "run what is missing of a grid", run},
      {"status", "how a study stands", status},
      {"watch", "a live table of a study that runs elsewhere", watch},
      {"retry", "run again what failed", retry},
      {"stop", "let a study end gently", stop},
      {"history", "the grids that a study has had, and what each added", history},
      {"prune", "move trials outside the current grid to the study's archive", prune},
      {"submit", "queue a grid as Slurm job arrays", submit},
      {"trial", "one trial in this process (`tubal run` starts it so)", trial},
  };
  return table;
}

static void print_help(std::ostream& out) {
  out << "tubal COMMAND [options]    L-product Transformers: sweeps, transforms, reports\n\n";
  for (const Command& c : commands())
    out << "  " << c.name << std::string(12 - std::min<std::size_t>(11, std::strlen(c.name)), ' ')
        << c.summary << "\n";
  out << R"(
`tubal COMMAND --help` shows options and examples, `tubal --version` the build.
Options are written in full, each once; behind `--` stand words that begin with a dash.
Exit status: 0 done, 1 some trials failed, 2 usage or configuration, 75 interrupted (run again to go on).

Environment:
  TUBAL_PLUGIN_PATH     plug-ins to load: files and folders, apart by colons
  TUBAL_PLUGIN_SECONDS  processor seconds within which a plug-in must pass its checks (20)
  TUBAL_CACHE           folder of tokenized data; else $XDG_CACHE_HOME/tubal, else ~/.cache/tubal
  TUBAL_KERNELS         avx2: leave AVX-512 alone where the processor has it
  OPENBLAS_CORETYPE     OpenBLAS's kernels; where unset, tubal names those that suit the processor
  NO_COLOR              no colours on a terminal

Files:
  studies/STUDY/plan.yaml      the study's current grid
  studies/STUDY/history.jsonl  every grid that it has had
  studies/STUDY/study.h5       all trials as one file
  studies/STUDY/trials/TRIAL/  one trial: config.yaml, log.txt, trial.h5, model.safetensors and others
)";
}

static int dispatch(const std::vector<std::string>& arguments) {
  if (arguments.empty() || arguments[0] == "--help" || arguments[0] == "-h" || arguments[0] == "help") {
    print_help(arguments.empty() ? std::cerr : std::cout);
    return arguments.empty() ? 2 : 0;
  }
  if (arguments[0] == "--version") {
    const BuildInfo& b = build_info();
    const std::string revision = b.revision == "unknown" ? "revision unknown: built outside git" : b.revision;
    std::cout << "tubal " << b.version << " (" << revision << "), " << b.compiler << ", " << b.libraries
              << ", " << blas_name() << ", " << fftw_name() << ", kernels for " << kernel_set() << "\n";
    return 0;
  }
  std::vector<std::string> names;
  for (const Command& c : commands()) {
    if (arguments[0] == c.name) return c.run({arguments.begin() + 1, arguments.end()});
    names.push_back(c.name);
  }
  throw UsageError("unknown command `" + arguments[0] + "`; there are: " + join(names) + ". " +
                   did_you_mean(arguments[0], names));
}

}  // namespace tubal::cli

// What went wrong, on standard error: one paragraph without control characters, whatever file or name it
// quotes, and never pages of it.
static void tell(const std::string& message) {
  constexpr std::size_t most = 8000;
  std::string text = tubal::printable(message, true);
  if (text.size() > most) text = tubal::shown(message, most);
  std::cerr << "tubal: " << text << "\n";
}

// The end after an error, past the exit handlers of libraries: HDF5's may crash after
// an allocation that failed.
[[noreturn]] static void leave(int status) {
  std::cerr.flush();
  std::_Exit(status);
}

int main(int argc, char** argv) {
  tubal::choose_blas_kernels(argv);
  std::signal(SIGXFSZ, SIG_IGN);  // past `ulimit -f` a write fails with EFBIG, which is told
  tubal::StandardOutput output;
  int status = 1;
  try {
    tubal::require_room(8 << 20, " to begin");  // less, and libraries crash on their way
    status = tubal::cli::dispatch({argv + 1, argv + argc});
    output.finish();
    return status;
  } catch (const tubal::OutputError& e) {
    output.abandon();
    tell(e.what());
    leave(status == 0 ? 1 : status);
  } catch (const tubal::UsageError& e) {
    output.abandon();
    tell(e.what());
    leave(2);
  } catch (const std::exception& e) {
    output.abandon();
    tell(tubal::message_of(e));
    leave(1);
  }
}
