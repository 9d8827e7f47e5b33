#include "core/error.hpp"
#include "transforms/transform.hpp"

namespace tubal {

std::unique_ptr<TransformPlan> Transform::plan(int p, std::span<const double>) const { return plan(p); }

std::vector<double> Transform::gradient(int, std::span<const double>, const Tensor<double, 2>&, const Tensor<double, 2>&) const {
  return {};
}

const std::vector<TransformEntry>& transform_table() {
  static const std::vector<TransformEntry> table = {};
  return table;
}

std::unique_ptr<Transform> make_transform(const TransformSpec& spec) {
  std::vector<std::string> names;
  for (const TransformEntry& entry : transform_table()) {
    if (entry.name == spec.name) return entry.make(spec);
    names.push_back(entry.name);
  }
  throw UsageError("", 0, "model.transform", "`" + spec.name + "` is no transform; there are " + join(names) + ". " +
                                                 did_you_mean(spec.name, names));
}

}  // namespace tubal
