// Calls into foreign code: what a plug-in writes to stands before a guard, its failures and
// exceptions become errors.
#pragma once
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "transforms/plugin.h"

namespace tubal {

inline constexpr double guard = -7.0330086538461525e+211;  // stands behind every array that a plug-in writes

// An array of n NaN with guards behind it, four times as many:
// a plug-in that takes p for the next power of two stays inside.
class Guarded {
 public:
  explicit Guarded(std::size_t n) : values(5 * n + 64, guard), n_(n) { std::fill_n(values.begin(), n, NAN); }
  bool intact() const {
    for (std::size_t i = n_; i < values.size(); ++i)
      if (values[i] != guard) return false;
    return true;
  }
  std::vector<double> taken() const {
    return {values.begin(), values.begin() + static_cast<std::ptrdiff_t>(n_)};
  }
  std::vector<double> values;

 private:
  std::size_t n_;
};

struct PluginState {  // shared by a transform and its plans
  const tubal_transform& f;
  void* state = nullptr;
  explicit PluginState(const tubal_transform& functions) : f(functions) {}
  ~PluginState() {
    if (f.destroy) try {
        f.destroy(state);
      } catch (...) {
      }
  }
  [[noreturn]] void fail(const std::string& what, const std::string& why) const {
    throw UsageError(
        "", 0, "",
        "plug-in `" + std::string(f.name) + "`: " + what + ": " + (why.empty() ? "no reason given" : why));
  }
  /// Calls a function with (message, size); a status other than 0 or an exception becomes an error.
  template <class Call>
  void call(const std::string& what, Call&& run) const {
    if (const std::string why = reason(run); !why.empty()) fail(what, why);
  }
  /// "" for success, else the reason.
  template <class Call>
  std::string reason(Call&& run) const {
    char message[1024] = "";
    try {
      if (run(message, sizeof message) == 0) return "";
    } catch (const std::exception& e) {
      return std::string("it threw: ") + e.what();
    } catch (...) {
      return "it threw";
    }
    message[sizeof message - 1] = 0;
    return *message ? message : "it failed without a reason";
  }
};

}  // namespace tubal
