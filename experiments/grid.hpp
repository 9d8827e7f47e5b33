// From a grid file to the list of its trials, and back from a written plan.
#pragma once
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "experiments/config.hpp"

namespace tubal {

/// A value of one key. Integers are int64 (unsigned seeds fit up to 2^63-1). Of a list of transforms, an
/// entry is its text (experiments/transform_text.hpp).
using Value =
    std::variant<bool, std::int64_t, double, std::string, std::vector<double>, std::vector<std::string>>;
/// Keys with values, such as {"model.p", 4}; in the order in which they are shown.
using Values = std::vector<std::pair<std::string, Value>>;

/// For people and labels: true, 4, 0.0003, dct, [1, 0.5], [attention, mixer].
std::string show(const Value& value);

/// A trial of a study. Its folder is trials/<id>.
struct Trial {
  TrialConfig config;  // canonical: values that have no effect are at their defaults
  std::string sha256;  // of the canonical configuration, 64 hexadecimal digits
  std::string
      id;  // its first 12; where the store holds that trial on other data, "-" and eight of its data's
  std::string
      label;  // the swept values that matter, without the seed: "p=4 transform=dct"; "" if nothing is swept
  bool baseline = false;  // matches the grid's `baseline`
  std::vector<Values>
      cells;  // every point of the sweep's axes that comes to this trial (p = 1: one for each transform)
};

/// Trials that came out equal to an earlier one and were dropped.
struct Dropped {
  std::size_t count = 0;
  std::string reason;  // "model.transform has no effect with model.p: 1"
};

struct StudyPlan {
  int grid = 0;        // its number in the study's history; 0: not yet in one
  std::string study;   // name, also of its folder
  std::string source;  // the grid file, absolute
  RuntimeConfig runtime;
  PolicyConfig policy;
  AshaConfig asha;
  std::vector<std::string> axes;  // swept keys in the order of the file, without the seed
  std::vector<std::uint64_t> seeds;
  Values baseline;
  std::vector<PluginFile> plugins;
  std::vector<Trial> trials;  // seeds run fastest within a cell
  std::vector<Dropped> dropped;
  std::vector<std::string> warnings;
  // For the history; not in plan.yaml.
  std::vector<std::string> command;                        // --set, --sweep and --plugin as given
  std::vector<std::pair<std::string, std::string>> texts;  // the grid file and those it builds on: path, text
};

/// What the command line adds to a grid file.
struct GridOptions {
  std::vector<std::string> set;      // "key=value": everything after the first = is literal
  std::vector<std::string> sweep;    // "key=a,b,c": one more axis
  std::vector<std::string> plugins;  // further plug-in files
};

/// Reads and expands a grid. Every trial's shape has been checked. Throws UsageError (file:line: key: what,
/// allowed).
StudyPlan load_grid(const std::string& file, const GridOptions& options = {});

/// plan.yaml: the current grid, and back to the identical one. Reading depends on no other file: not on
/// plug-ins, matrices or data. It throws UsageError where a trial's configuration does not hash to its id.
std::string write_plan(const StudyPlan& plan);
StudyPlan read_plan(const std::string& file);

/// The same, line by line: what cannot be read is told and left out.
struct PlanReading {
  StudyPlan plan;
  int version = 2;                    // 1: of a tubal that kept earlier grids' trials in the plan
  std::vector<Trial> earlier;         // version 1: what an earlier grid had begun
  std::vector<std::string> left_out;  // "plan.yaml:12: trials: ..."
};
PlanReading read_plan_lines(const std::string& file);

/// config.yaml of one trial, every key written out (numbers so that any YAML reader takes them as numbers),
/// and back. `bare`: without its content.
std::string write_trial(const TrialConfig& config);
std::string write_bare_trial(TrialConfig config);
TrialConfig read_trial(const std::string& file);
TrialConfig parse_trial(const std::string& text, const std::string& file);

/// Every key that is part of identity and its value, sorted by key; ends with "seed".
Values values_of(const TrialConfig& config);
/// Keys whose value has no effect in this trial (model.transform when p = 1, ...).
std::vector<std::string> unused_keys(const TrialConfig& config);
/// Unused keys to their defaults, heads_per_slice into heads, a list of transforms as short as it can be,
/// what follows from other keys (follow_up).
TrialConfig canonical(TrialConfig config);
/// One "key: value" line a key, sorted: what is hashed.
std::string canonical_text(const TrialConfig& config);
/// SHA-256 of canonical_text(canonical(config)), hexadecimal.
std::string identity(const TrialConfig& config);
/// Whether a folder of this name may hold the trial of this identity: "0123456789ab", or "0123456789ab-" and
/// the first eight digits of the digest of what it read.
bool names(const std::string& folder, const std::string& sha256, const Content& content);
std::string name_on_other_data(const std::string& sha256, const Content& content);

}  // namespace tubal
