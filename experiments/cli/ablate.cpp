// tubal ablate: what finished trials lose without some of their spectral slices.
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/format.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"
#include "core/text_table.hpp"
#include "experiments/cli/arguments.hpp"
#include "experiments/cli/command.hpp"
#include "experiments/cli/open_trial.hpp"
#include "experiments/measure/ablation.hpp"

namespace tubal::cli {

namespace po = boost::program_options;

namespace {

std::string numbers(const std::vector<std::size_t>& slices) {
  std::string text;
  for (const std::size_t k : slices) text += (text.empty() ? "" : ",") + std::to_string(k);
  return text;
}

std::string interval_text(const statistics::Interval& i, bool sign) {
  const char* how = sign ? "%+.4f" : "%.4f";
  return "[" + format(how, i.low) + ", " + format(how, i.high) + "]";
}

void print(const Ablation& a, const std::string& label) {
  const char* place = a.at == ScalingPlace::output     ? "the spectral encoder output"
                      : a.at == ScalingPlace::residual ? "each sub-layer's output in the spectral domain"
                                                       : "the spectral encoder input";
  std::cout << a.trial << "  " << label << "\n"
            << a.examples << " test texts; slices zeroed on " << place << "; "
            << format("%.4g", 100 * a.level) << " % intervals\n\n";
  std::vector<std::vector<std::string>> rows = {
      {"  zeroed", "slices", "frequency", "accuracy", "interval", "difference", "interval"}};
  for (const AblationRow& r : a.rows) {
    const std::vector<std::size_t>& slices = r.group.slices;
    rows.push_back({"  " + r.group.name, numbers(slices),
                    slices.size() == 1 ? format("%.3f", a.slices[slices[0]].frequency) : "",
                    format("%.4f", r.accuracy), interval_text(r.interval, false),
                    slices.empty() ? "" : format("%+.4f", r.difference),
                    slices.empty() ? "" : interval_text(r.difference_interval, true)});
  }
  std::cout << text_table(rows, {0, 1, 4, 6});
  std::cout << "\n";
}

nlohmann::ordered_json to_json(const Ablation& a, const std::string& label) {
  nlohmann::ordered_json j = {{"trial", a.trial},
                              {"label", label},
                              {"study", a.study},
                              {"at", name(a.at)},
                              {"level", a.level},
                              {"examples", a.examples},
                              {"test_accuracy", a.test_accuracy}};
  for (const AblationRow& r : a.rows)
    j["ablation"].push_back(
        {{"name", r.group.name},
         {"slices", r.group.slices},
         {"accuracy", r.accuracy},
         {"interval", {r.interval.low, r.interval.high}},
         {"loss", r.loss},
         {"difference", r.difference},
         {"difference_interval", {r.difference_interval.low, r.difference_interval.high}}});
  return j;
}

}  // namespace

int ablate(const std::vector<std::string>& arguments) {
  po::options_description options("Options");
  // clang-format off
  options.add_options()
    ("studies", po::value<std::string>()->default_value("studies"), "folder in which studies lie")
    ("at", po::value<std::string>()->default_value("output"),
     "where slices are zeroed: output (of the encoder), residual (each sub-layer's output) or input (of the encoder)")
    ("level", po::value<double>()->default_value(0.95, "0.95"), "of the intervals")
    ("threads", po::value<int>()->default_value(allowed_cores(), "all allowed cores"), "threads; results do not depend on them")
    ("json", "as JSON");
  // clang-format on
  const auto given = parse(
      arguments,
      {"tubal ablate STUDY[/TRIAL] [options]",
       R"(Test accuracy of a finished trial, or of all complete ones of a study, with spectral slices zeroed:
each slice alone, and the 2, 3, ... lowest and highest frequencies. `none` is the trial as it is.
By default a slice is zeroed on the encoder's output, in the spectral domain: what the classifier
loses without it. Intervals are Wilson's for accuracies and Bonett and Price's for differences to
`none` on the same texts. The figures are kept in the trial's ablation.h5 (the last --at wins), where
`tubal report` finds them.)",
       R"(  tubal ablate imdb/3fa9c1d0e2b4              the beginning of the trial's id will do
  tubal ablate imdb/3fa9 --at residual        without what the slice's own layers add
  tubal ablate imdb --json > ablation.json    every complete trial
)"},
      options, "study");
  if (!given) return 0;
  AblationOptions how;
  const std::string place = (*given)["at"].as<std::string>();
  const std::vector<std::string> places = {"output", "residual", "input"};
  if (std::find(places.begin(), places.end(), place) == places.end())
    throw UsageError("--at " + place + ": allowed are output, residual and input. " +
                     did_you_mean(place, places));
  how.at = *choice<ScalingPlace>(place);
  how.level = (*given)["level"].as<double>();
  how.threads = (*given)["threads"].as<int>();
  if (!(how.level > 0 && how.level < 1))
    throw UsageError("--level: allowed is a number between 0 and 1, such as 0.95");
  if (how.threads < 1) throw UsageError("--threads: allowed is 1 or more");
  const bool terminal = ::isatty(2);
  if (terminal)
    how.progress = [](const SliceGroup& group, std::size_t i, std::size_t n) {
      std::fprintf(stderr, "\r\033[K%zu of %zu: %s%s", i + 1, n, group.name.c_str(),
                   i + 1 < n ? "" : "\r\033[K");
    };

  const NamedTrials named =
      find_trials((*given)["study"].as<std::string>(), (*given)["studies"].as<std::string>());
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  std::size_t done = 0, failed = 0;
  std::string last_refusal;
  for (const NamedTrial& t : named.trials) {
    try {
      const std::string refusal = named.one ? "" : ablation_refusal(t.folder);  // of one it is an error
      if (!refusal.empty()) {
        std::cerr << "left out: " << t.folder.id() << " " << t.label << ": " << refusal << "\n";
        last_refusal = refusal;
        continue;
      }
      const Ablation a = ablate(t.folder, how);
      write_ablation(t.folder, a);
      if (a.differing)
        std::cerr << "tubal: " << a.differing << " of " << a.examples << " test predictions of " << a.trial
                  << " are not those that the trial made: this build or processor rounds differently\n";
      if (given->count("json"))
        all.push_back(to_json(a, t.label));
      else
        print(a, t.label);
      ++done;
    } catch (const Error& e) {
      if (named.one) throw;
      std::cerr << "tubal: " << e.what() << "\n";
      ++failed;
    }
  }
  if (!done && !failed)
    throw UsageError("no trial of " + named.study.root.string() + " can be ablated" +
                     (last_refusal.empty() ? ": it has none."
                                           : "; the last was left out because " + sentence(last_refusal)));
  if (given->count("json")) std::cout << nlohmann::ordered_json{{"trials", all}}.dump(1) << "\n";
  return failed ? 1 : 0;
}

}  // namespace tubal::cli
