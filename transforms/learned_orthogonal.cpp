// L = Q(theta) B: B the `init` matrix, which a run starts from, Q(theta) a rotation (parametrization.hpp),
// Q(0) = I. B stays, because det(dct) = -1 for p = 2, 3 mod 4 and no rotation reaches that.
#include "core/error.hpp"
#include "transforms/parametrization.hpp"
#include "transforms/plan.hpp"

namespace tubal {
namespace {

class LearnedOrthogonal final : public Transform {
 public:
  LearnedOrthogonal(std::unique_ptr<Transform> base, const Parametrization& q)
      : base_(std::move(base)), q_(q) {}
  std::string name() const override { return "learned_orthogonal"; }
  std::optional<std::string> refuses(int p) const override {
    if (const auto reason = base_->refuses(p)) return "learned_orthogonal with init: " + *reason;
    return std::nullopt;
  }
  std::size_t parameter_count(int p) const override { return static_cast<std::size_t>(p) * (p - 1) / 2; }
  std::vector<double> initial_parameters(int p) const override {
    return std::vector<double>(parameter_count(p), 0.0);
  }
  std::unique_ptr<TransformPlan> plan(int p) const override { return plan(p, initial_parameters(p)); }

  std::unique_ptr<TransformPlan> plan(int p, std::span<const double> theta) const override {
    require_accepted(*this, p);
    require_count(p, theta.size());
    const std::unique_ptr<TransformPlan> base = base_->plan(p);
    const Matrix Q = q_.rotation(base->forward_matrix().shape(0), theta);
    PlanParts parts;
    parts.slices = base->slices();
    parts.scale = base->scale();
    parts.forward = product(Q, base->forward_matrix());
    parts.inverse = product(base->inverse_matrix(), transposed(Q));
    return make_plan(std::move(parts));
  }

  std::vector<double> gradient(int p, std::span<const double> theta, const Matrix& dF,
                               const Matrix& dI) const override {
    require_accepted(*this, p);
    require_count(p, theta.size());
    const std::unique_ptr<TransformPlan> base = base_->plan(p);
    const Matrix Q = q_.rotation(dF.shape(0), theta);
    const Matrix It = product(Q, transposed(base->inverse_matrix()));
    // d(F^-1) = -F^-1 dF F^-1, so d loss / d F = dF - I^T dI I^T; then F = Q B.
    const Matrix total = combination(1, dF, -1, product(product(It, dI), It));
    return q_.gradient(dF.shape(0), theta, Q, product(total, transposed(base->forward_matrix())));
  }

 private:
  void require_count(int p, std::size_t found) const {
    if (found != parameter_count(p))
      throw UsageError("", 0, "transform.skew",
                       "found " + std::to_string(found) + " parameters; learned_orthogonal at p = " +
                           std::to_string(p) + " has p(p-1)/2 = " + std::to_string(parameter_count(p)));
  }
  std::unique_ptr<Transform> base_;
  const Parametrization& q_;
};

}  // namespace

std::unique_ptr<Transform> make_learned_orthogonal(const TransformSpec& spec) {
  std::vector<std::string> names;
  const Parametrization* chosen = nullptr;
  for (const Parametrization& q : parametrizations()) {
    names.push_back(q.name);
    if (q.name == spec.parametrization) chosen = &q;
  }
  if (!chosen) {
    const std::string hint = did_you_mean(spec.parametrization, names);
    throw UsageError(
        "", 0, "model.transform.parametrization",
        "`" + spec.parametrization + "` is not one of " + join(names) + (hint.empty() ? "" : "; " + hint));
  }
  if (spec.init == "dft" || spec.init == "learned_orthogonal")
    throw UsageError("", 0, "model.transform.init",
                     "`" + spec.init +
                         "` cannot be a base: it is to be a real, fixed transform, such as dct, "
                         "haar, hartley, hadamard, cosine_product, identity or random_orthogonal");
  TransformSpec base = spec;
  base.name = spec.init;
  std::unique_ptr<Transform> transform = make_transform(base);
  return std::make_unique<LearnedOrthogonal>(std::move(transform), *chosen);
}

}  // namespace tubal
