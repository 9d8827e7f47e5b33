// Golden cases: HDF5 files made in float64 by an independent program (tests/golden/generate*.py)
// that hold a configuration, a packed batch, parameters, forward values, gradients, and the
// parameters after three AdamW steps.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace tubal {

/// The largest relative error of one group: max |ours - golden| / max |golden| over a tensor, the worst
/// tensor named. A tensor that is smaller than 1e-6 of the group's largest is measured against that: the
/// gradients of key biases are 0 in mathematics (softmax does not see them) and 1e-18 in a golden file.
struct GoldenGroup {
  std::string name;  // forward, gradients, after_adamw
  double error = 0;
  std::string tensor;  // where it was found
};

struct GoldenResult {
  std::string precision;  // double, float
  double bound = 0;       // 1e-9, 1e-4
  std::vector<GoldenGroup> groups;
  /// Every error is at most the bound; false for NaN.
  bool passed() const;
};

/// Runs the case with Model<double> and Model<float>. Throws UsageError where the file is no golden case.
std::vector<GoldenResult> verify_golden(const std::filesystem::path& file, int threads = 1);

}  // namespace tubal
