// The figure of what was not measured, has too few values, or is not finite.
#pragma once
#include <limits>

namespace tubal {

inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();

}  // namespace tubal
