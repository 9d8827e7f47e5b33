#pragma once
#include <memory>

#include "transforms/plugin.h"
#include "transforms/transform.hpp"

namespace tubal {

/// A plug-in's transform with its options bound. Its failures, and exceptions that get out of it, become
/// UsageErrors that name it; writes past the end of what it was given are noticed.
std::unique_ptr<Transform> make_plugin_transform(const tubal_transform& functions, const TransformSpec& spec);

}  // namespace tubal
