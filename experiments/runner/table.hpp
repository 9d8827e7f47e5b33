// The table at the end of a run.
#pragma once
#include <string>
#include <vector>

#include "experiments/runner/index.hpp"

namespace tubal::runner {

/// "The study holds 6 trials of other grids (5 complete, 1 failed)..." and how to see them; "" for none.
std::string others_text(const layout::StudyFolder& study, const StudyIndex& index);

/// trial, encoder and total parameters, validation and test accuracy (language models: loss), seconds;
/// failures with their cause below.
std::string result_table(const layout::StudyFolder& study, const StudyIndex& index,
                         const std::vector<std::string>& only = {});

}  // namespace tubal::runner
