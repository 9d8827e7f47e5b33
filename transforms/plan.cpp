#include "transforms/plan.hpp"

#include "core/error.hpp"

namespace tubal {
namespace {

class Plan final : public TransformPlan {
 public:
  explicit Plan(PlanParts parts) : parts_(std::move(parts)) {
    if (!parts_.scheme || parts_.scheme_wins) product_ = matrix_algorithm(parts_.forward, parts_.inverse);
  }
  int p() const override { return static_cast<int>(parts_.forward.shape(0)); }
  const std::vector<Slice>& slices() const override { return parts_.slices; }
  double scale() const override { return parts_.scale; }
  const Matrix& forward_matrix() const override { return parts_.forward; }
  const Matrix& inverse_matrix() const override { return parts_.inverse; }
  Tensor<Complex, 2> matrix() const override { return parts_.matrix; }
  bool own_scheme_is_faster(std::size_t m, std::size_t scalar_size) const override {
    return parts_.scheme && (!parts_.scheme_wins || parts_.scheme_wins(m, scalar_size));
  }
  std::string description(std::size_t m, std::size_t scalar_size) const override {
    return what_runs(m, scalar_size).name();
  }

#define TUBAL_APPLY(function, type)                                                    \
  void function(const type* x, type* y, std::size_t T, std::size_t m) const override { \
    what_runs(m, sizeof(type)).apply(Map::function, x, y, T, m);                       \
  }
  TUBAL_APPLY(forward, float)
  TUBAL_APPLY(forward, double)
  TUBAL_APPLY(inverse, float)
  TUBAL_APPLY(inverse, double)
  TUBAL_APPLY(forward_adjoint, float)
  TUBAL_APPLY(forward_adjoint, double)
  TUBAL_APPLY(inverse_adjoint, float)
  TUBAL_APPLY(inverse_adjoint, double)
#undef TUBAL_APPLY

 private:
  const Algorithm& what_runs(std::size_t m, std::size_t scalar_size) const {
    return own_scheme_is_faster(m, scalar_size) ? *parts_.scheme : *product_;
  }
  PlanParts parts_;
  std::unique_ptr<Algorithm> product_;  // nothing where the scheme always wins
};

class FixedTransform final : public Transform {
 public:
  FixedTransform(std::string name, std::function<PlanParts(int)> parts,
                 std::function<std::optional<std::string>(int)> refuses)
      : name_(std::move(name)), parts_(std::move(parts)), refuses_(std::move(refuses)) {}
  std::string name() const override { return name_; }
  std::optional<std::string> refuses(int p) const override {
    if (const auto reason = refuses_below_one(name_, p)) return reason;
    return refuses_ ? refuses_(p) : std::nullopt;
  }
  std::unique_ptr<TransformPlan> plan(int p) const override {
    require_accepted(*this, p);
    return make_plan(parts_(p));
  }

 private:
  std::string name_;
  std::function<PlanParts(int)> parts_;
  std::function<std::optional<std::string>(int)> refuses_;
};

}  // namespace

std::unique_ptr<TransformPlan> make_plan(PlanParts parts) {
  const std::size_t p = parts.forward.shape(0);
  if (parts.matrix.size() == 0) {
    parts.matrix = Tensor<Complex, 2>::from_shape({p, p});
    std::copy(parts.forward.data(), parts.forward.data() + p * p, parts.matrix.data());
  }
  return std::make_unique<Plan>(std::move(parts));
}

std::vector<double> even_frequencies(int p) {
  std::vector<double> f(p, 0.0);
  for (int k = 1; k < p; ++k) f[k] = static_cast<double>(k) / (p - 1);
  return f;
}

PlanParts orthogonal_parts(Matrix L, const std::vector<double>& frequency) {
  PlanParts parts;
  for (int k = 0; k < static_cast<int>(frequency.size()); ++k)
    parts.slices.push_back({k, false, frequency[k]});
  parts.inverse = transposed(L);
  parts.forward = std::move(L);
  return parts;
}

std::unique_ptr<Transform> fixed_transform(std::string name, std::function<PlanParts(int)> parts,
                                           std::function<std::optional<std::string>(int)> refuses) {
  return std::make_unique<FixedTransform>(std::move(name), std::move(parts), std::move(refuses));
}

std::optional<std::string> refuses_below_one(const std::string& name, int p) {
  if (p >= 1) return std::nullopt;
  return name + " does not take p = " + std::to_string(p) + "; p is 1 or more";
}

void require_accepted(const Transform& transform, int p) {
  if (const auto reason = transform.refuses(p)) throw UsageError("", 0, "model.p", *reason);
}

}  // namespace tubal
