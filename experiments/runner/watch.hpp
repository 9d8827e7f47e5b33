// What `tubal status` and `tubal watch` print.
#pragma once
#include "experiments/runner/display.hpp"
#include "experiments/runner/index.hpp"

namespace tubal::runner {

/// A summary line, then a table; at most `rows` trials (running and failed ones first where there are more).
std::string status_text(const layout::StudyFolder& study, const StudyIndex& index, std::size_t rows);

/// {"study", "total", "complete", ..., "trials": [{"id", "name", "state", ...}]}.
std::string status_json(const layout::StudyFolder& study, const StudyIndex& index);

struct Snapshot {
  std::vector<std::string> lines;  // for a terminal: a bar a running trial, then the summary
  std::string summary;
  bool settled = false;  // nothing runs and nothing is left
};
Snapshot look(const layout::StudyFolder& study, const StudyIndex& index, const Display& display);

}  // namespace tubal::runner
