// What figures are made from: a study with its comparison, and what its trials' files hold.
#pragma once
#include <string>
#include <vector>

#include "analysis/compare/comparison.hpp"
#include "analysis/compare/factors.hpp"
#include "analysis/compare/ngrams.hpp"
#include "analysis/read/trial.hpp"

namespace tubal::analysis {

struct Scene {
  const Study& study;
  const Comparison& comparison;
  const std::vector<CellResult>& results;  // those to draw: all, or what --filter leaves
  Factors factors;
  std::vector<NgramSet> ngrams;
  std::vector<TrialCurves> curves;  // as Study::rows; empty where a trial is not complete or not drawn

  const Cell& cell(const CellResult& r) const { return study.cells[r.cell]; }
};

/// Reads the trials' files. One that is damaged is named in `damaged`, and the others go on.
Scene set_scene(const Study& study, const Comparison& comparison, const std::vector<CellResult>& results,
                std::vector<std::string>& damaged);

}  // namespace tubal::analysis
