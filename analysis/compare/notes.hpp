// What a reader must know before believing a comparison.
#pragma once
#include "analysis/compare/comparison.hpp"

namespace tubal::analysis {

/// Adds to Comparison::notes what is left out, what has no baseline, and what so few seeds cannot show.
void add_notes(const Study& study, Comparison& comparison);

}  // namespace tubal::analysis
