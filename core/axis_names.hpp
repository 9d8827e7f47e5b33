// What an axis of a grid is called: in labels of cells, in study.h5, in tables, figures and reports.
#pragma once
#include <string>
#include <vector>

namespace tubal {

/// The shortest end of each key that no other of them shares: `p` for model.p. A last part `name` or `kind`
/// says nothing and is dropped: `transform` for model.transform.name, `frequency_scaling` for
/// model.frequency_scaling.kind. `seed` alone is the trial's, so that model.transform.seed is
/// `transform.seed`. Keys that no such end tells apart keep their whole names.
std::vector<std::string> axis_names(const std::vector<std::string>& keys);

}  // namespace tubal
