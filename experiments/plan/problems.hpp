// Which trials of a grid cannot be built, found before the first one runs.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "experiments/config/assignment.hpp"

namespace tubal {

class Problems {
 public:
  Problems(std::string file, const Layer& written) : file_(std::move(file)), written_(written) {}
  /// Builds the cell's model shape-only and looks at its data block. `cell`: what the
  /// cell sets over `written`.
  void check(const Settings& settings, const std::vector<const Layer*>& cell);
  /// Throws one UsageError that tells all; nothing if there are none.
  void report() const;

 private:
  struct Problem {
    std::string text;
    std::size_t cells = 0;
  };
  void check_metrics(const Settings& settings, const std::vector<const Layer*>& cell,
                     std::vector<ModelProblem>& out) const;
  void add(const std::string& key, const std::string& message, const std::vector<const Layer*>& cell);
  std::string file_;
  const Layer& written_;
  std::vector<Problem> problems_;
  std::map<std::string, std::size_t> index_;  // text -> problem
  std::size_t cells_ = 0, broken_ = 0;
};

}  // namespace tubal
