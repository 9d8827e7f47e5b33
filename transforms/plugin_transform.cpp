#include "transforms/plugin_transform.hpp"

#include <cmath>

#include "core/error.hpp"
#include "transforms/matrix.hpp"
#include "transforms/plugin_calls.hpp"

namespace tubal {
namespace {

// The application that a plug-in brings: it runs wherever there is one for the type, as its author wants.
class PluginAlgorithm final : public TypedAlgorithm<PluginAlgorithm> {
 public:
  PluginAlgorithm(std::shared_ptr<PluginState> state, int p) : s_(std::move(state)), p_(p) {}
  std::string name() const override { return "plug-in"; }
  template <class T>
  void run(Map map, const T* x, T* y, std::size_t tokens, std::size_t m) const {
    s_->call("its application failed at p = " + std::to_string(p_), [&](char*, std::size_t) {
      if constexpr (std::is_same_v<T, float>)
        return s_->f.apply_float(s_->state, p_, static_cast<int>(map), x, y, tokens, m);
      else
        return s_->f.apply_double(s_->state, p_, static_cast<int>(map), x, y, tokens, m);
    });
  }

 private:
  std::shared_ptr<PluginState> s_;
  int p_;
};

class PluginTransform final : public Transform {
 public:
  explicit PluginTransform(std::shared_ptr<PluginState> state) : s_(std::move(state)) {}
  std::string name() const override { return s_->f.name; }

  std::optional<std::string> refuses(int p) const override {
    if (p < 1) return name() + " does not take p = " + std::to_string(p) + "; p is 1 or more";
    if (!s_->f.accepts) return std::nullopt;
    const std::string why = s_->reason(
        [&](char* message, std::size_t size) { return s_->f.accepts(s_->state, p, message, size); });
    if (why.empty()) return std::nullopt;
    return name() + " does not take p = " + std::to_string(p) + ": " + why;
  }

  std::size_t parameter_count(int p) const override {
    if (!s_->f.parameter_count) return 0;
    std::size_t n = 0;
    s_->call("its parameters cannot be counted",
             [&](char*, std::size_t) { return n = s_->f.parameter_count(s_->state, p), 0; });
    if (n > 100'000'000) s_->fail("it has too many parameters", std::to_string(n));
    return n;
  }
  std::vector<double> initial_parameters(int p) const override {
    const std::size_t n = parameter_count(p);
    if (n == 0) return {};
    Guarded theta(n);
    s_->call("it gives no initial parameters at p = " + std::to_string(p),
             [&](char* message, std::size_t size) {
               return s_->f.initial_parameters(s_->state, p, theta.values.data(), message, size);
             });
    if (!theta.intact())
      s_->fail("it writes more than its parameters",
               "p = " + std::to_string(p) + ", " + std::to_string(n) + " parameters");
    return theta.taken();
  }

  std::unique_ptr<TransformPlan> plan(int p) const override { return plan(p, initial_parameters(p)); }
  std::unique_ptr<TransformPlan> plan(int p, std::span<const double> theta) const override {
    require_accepted(*this, p);
    require_count(p, theta);
    const std::size_t n = static_cast<std::size_t>(p);
    Guarded F(n * n), frequency(n);
    const std::vector<double> even = even_frequencies(p);
    std::copy(even.begin(), even.end(), frequency.values.begin());
    double scale = NAN;
    s_->call("it takes p = " + std::to_string(p) + " and gives no matrix",
             [&](char* message, std::size_t size) {
               return s_->f.matrix(s_->state, p, theta.empty() ? nullptr : theta.data(), F.values.data(),
                                   frequency.values.data(), &scale, message, size);
             });
    if (!F.intact() || !frequency.intact())
      s_->fail("it writes past the end of its arrays", "at p = " + std::to_string(p) + " the matrix is " +
                                                           std::to_string(p) + " x " + std::to_string(p));
    Matrix L = Matrix::from_shape({n, n});
    for (std::size_t i = 0; i < n * n; ++i) {
      L.data()[i] = F.values[i];
      if (!std::isfinite(L.data()[i]))
        s_->fail("its matrix is not finite", "entry [" + std::to_string(i / n) + ", " +
                                                 std::to_string(i % n) + "] at p = " + std::to_string(p));
    }
    if (p == 1 && !(std::abs(L(0, 0) - 1) <= 1e-15))
      s_->fail("it is not the identity at p = 1", "found " + std::to_string(L(0, 0)));
    PlanParts parts =
        matrix_parts("plug-in `" + name() + "` at p = " + std::to_string(p), L, frequency.taken());
    if (!std::isfinite(scale) || scale < 0)
      s_->fail("it claims a wrong scale at p = " + std::to_string(p),
               std::to_string(scale) + " (the scale is 0 or above)");
    parts.scale = scale;
    if ((s_->f.apply_float || s_->f.apply_double) && theta.empty()) {
      parts.scheme = std::make_unique<PluginAlgorithm>(s_, p);
      parts.scheme_wins = [in_float = s_->f.apply_float != nullptr,
                           in_double = s_->f.apply_double != nullptr](std::size_t, std::size_t size) {
        return size == sizeof(float) ? in_float : in_double;
      };
    }
    return make_plan(std::move(parts));
  }

  std::vector<double> gradient(int p, std::span<const double> theta, const Matrix& dF,
                               const Matrix& dI) const override {
    require_count(p, theta);
    if (theta.empty()) return {};
    const auto L = plan(p, theta);
    const Matrix It = transposed(L->inverse_matrix());
    const Matrix total = combination(1, dF, -1, product(product(It, dI), It));  // d(F^-1) = -F^-1 dF F^-1
    Guarded d(theta.size());
    s_->call("it gives no gradient at p = " + std::to_string(p), [&](char* message, std::size_t size) {
      return s_->f.gradient(s_->state, p, theta.data(), total.data(), d.values.data(), message, size);
    });
    if (!d.intact())
      s_->fail("its gradient writes more than its parameters",
               std::to_string(theta.size()) + " parameters at p = " + std::to_string(p));
    return d.taken();
  }

 private:
  void require_count(int p, std::span<const double> theta) const {
    if (const std::size_t n = parameter_count(p); n != theta.size())
      s_->fail("wrong number of parameters", "found " + std::to_string(theta.size()) + ", at p = " +
                                                 std::to_string(p) + " it has " + std::to_string(n));
  }
  std::shared_ptr<PluginState> s_;
};

}  // namespace

std::unique_ptr<Transform> make_plugin_transform(const tubal_transform& functions,
                                                 const TransformSpec& spec) {
  auto state = std::make_shared<PluginState>(functions);
  std::vector<const char*> keys, values;
  for (const auto& [key, value] : spec.options) {
    keys.push_back(key.c_str());
    values.push_back(value.c_str());
  }
  if (functions.create) {
    state->call("it cannot be made with these options", [&](char* message, std::size_t size) {
      return functions.create(keys.data(), values.data(), keys.size(), &state->state, message, size);
    });
  } else if (!keys.empty()) {
    state->fail("it takes no options", "found `" + std::string(keys[0]) + "`");
  }
  return std::make_unique<PluginTransform>(std::move(state));
}

}  // namespace tubal
