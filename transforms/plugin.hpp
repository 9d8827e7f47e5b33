// A transform of your own for Tubal in C++: derive from tubal::plugin::Transform, end the file with
// TUBAL_PLUGIN(...). Header only, needs nothing but the standard library.
// Exceptions become the host's error messages.
#pragma once
#include <algorithm>
#include <cstdio>
#include <exception>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "plugin.h"

namespace tubal::plugin {

using Options = std::map<std::string, std::string>;

/// What you write to: rows of a p x p matrix, row-major; F(k, l).
struct Square {
  double* data;
  int p;
  double& operator()(int k, int l) const { return data[static_cast<std::size_t>(k) * p + l]; }
};
struct ConstantSquare {
  const double* data;
  int p;
  double operator()(int k, int l) const { return data[static_cast<std::size_t>(k) * p + l]; }
};

class Transform {
 public:
  virtual ~Transform() = default;
  /// Why p is refused and what would be accepted; "" where it is taken.
  virtual std::string refuses(int) const { return ""; }
  /// F; theta is null for a fixed transform. At p = 1, F(0, 0) = 1.
  virtual void matrix(int p, const double* theta, Square F) const = 0;
  /// l where F^T F = l I, 0 if there is none.
  virtual double scale(int) const { return 1; }
  /// f_k in [0, 1].
  virtual double frequency(int p, int k) const { return p == 1 ? 0 : static_cast<double>(k) / (p - 1); }
  /// Learned transforms: how many parameters, where they start, and d loss / d theta from dF = d loss / d F.
  virtual std::size_t parameter_count(int) const { return 0; }
  virtual void initial_parameters(int p, double* theta) const { std::fill_n(theta, parameter_count(p), 0.0); }
  virtual void gradient(int, const double*, ConstantSquare, double*) const {}
};

// Runs `action`; an exception becomes its text and status 1.
template <class Action>
int guarded(char* message, std::size_t size, Action&& action) noexcept {
  try {
    action();
    return 0;
  } catch (const std::exception& e) {
    std::snprintf(message, size, "%s", e.what());
  } catch (...) {
    std::snprintf(message, size, "an exception that is no std::exception");
  }
  return 1;
}

/// The C interface of class T, which is constructed from Options or from nothing.
template <class T>
const tubal_transform* interface(const char* name, const char* summary, const char* allowed_p) {
  static tubal_transform t = {};
  static constexpr auto of = [](void* state) -> const Transform& {
    return *static_cast<const Transform*>(state);
  };
  t.version = TUBAL_PLUGIN_VERSION;
  t.size = sizeof t;
  t.name = name;
  t.summary = summary;
  t.allowed_p = allowed_p;
  t.create = [](const char* const* keys, const char* const* values, std::size_t n, void** state,
                char* message, std::size_t size) {
    return guarded(message, size, [&] {
      Options options;
      for (std::size_t i = 0; i < n; ++i) options[keys[i]] = values[i];
      std::unique_ptr<Transform> made;
      if constexpr (std::is_constructible_v<T, const Options&>) {
        made = std::make_unique<T>(options);
      } else {
        if (n) throw std::invalid_argument("takes no options, found `" + std::string(keys[0]) + "`");
        made = std::make_unique<T>();
      }
      *state = made.release();
    });
  };
  t.destroy = [](void* state) { delete static_cast<Transform*>(state); };
  t.accepts = [](void* state, int p, char* message, std::size_t size) {
    std::string reason;
    const int status = guarded(message, size, [&] { reason = of(state).refuses(p); });
    if (status == 0 && !reason.empty()) std::snprintf(message, size, "%s", reason.c_str());
    return status || !reason.empty() ? 1 : 0;
  };
  t.matrix = [](void* state, int p, const double* theta, double* F, double* frequency, double* scale,
                char* message, std::size_t size) {
    return guarded(message, size, [&] {
      of(state).matrix(p, theta, {F, p});
      for (int k = 0; k < p; ++k) frequency[k] = of(state).frequency(p, k);
      *scale = of(state).scale(p);
    });
  };
  t.parameter_count = [](void* state, int p) -> std::size_t {
    std::size_t n = 0;
    char message[8];
    guarded(message, sizeof message, [&] { n = of(state).parameter_count(p); });
    return n;
  };
  t.initial_parameters = [](void* state, int p, double* theta, char* message, std::size_t size) {
    return guarded(message, size, [&] { of(state).initial_parameters(p, theta); });
  };
  t.gradient = [](void* state, int p, const double* theta, const double* dF, double* d, char* message,
                  std::size_t size) {
    return guarded(message, size, [&] { of(state).gradient(p, theta, {dF, p}, d); });
  };
  return &t;
}

}  // namespace tubal::plugin

/// Exports class T as the transform `name`.
#define TUBAL_PLUGIN(T, name, summary, allowed_p)                            \
  extern "C" TUBAL_PLUGIN_EXPORT const tubal_transform* tubal_plugin(void) { \
    return tubal::plugin::interface<T>(name, summary, allowed_p);            \
  }
