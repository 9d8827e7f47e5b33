// McNemar's test on the stored test predictions of trials that share a seed.
#pragma once
#include "analysis/compare/comparison.hpp"

namespace tubal::analysis {

/// McNemar's test of each cell against its baseline, on the test predictions of all pairs of trials with the
/// same seed, pooled. Reads their trial.h5; says in the cell's notes where predictions are missing or the two
/// trials were tested on other texts.
void add_mcnemar(const Study& study, Comparison& comparison);

}  // namespace tubal::analysis
