// Figures and n-grams as the page's scripts read them.
#pragma once
#include <vector>

#include "analysis/compare/ngrams.hpp"
#include "analysis/figures/figure.hpp"
#include "analysis/report/json.hpp"

namespace tubal::analysis {

/// [{kind, id, section, title, note, x, y, small, colour, panels, points, lines, curves, references}]: the
/// members of Figure; what is not there is null.
Json figures_json(const std::vector<Figure>& figures);
/// [{cells, rows: [{name, loss, bits_per_byte, figure, validation}]}]
Json ngrams_json(const std::vector<NgramSet>& sets);

}  // namespace tubal::analysis
