// The current grid in study.h5: each metric as an array over (axes..., seed).
#pragma once
#include <string>
#include <vector>

#include "experiments/records/layout_writer.hpp"
#include "experiments/records/study_file.hpp"

namespace tubal {

/// Writes axes, seeds and layout::grid_metrics where the rows of the grid form one, and the
/// attributes that say whether they do. `keys`: swept ones in order, without the seed. Points without
/// a complete trial are NaN.
void write_grid(LayoutWriter& writer, const std::vector<std::string>& keys, std::vector<StudyRow> rows);

}  // namespace tubal
