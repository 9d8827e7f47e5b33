// What tubal transforms prints. Each returns the exit status: 1 where a law is broken.
#pragma once
#include <span>

#include "transforms/transform.hpp"

namespace tubal::cli {

/// All transforms, built in or plugged in, with laws, and at p and this model width the scale, the time of a
/// token and the algorithm. `spec` holds the options of those that read any. UsageError where p does not
/// divide the width.
int list_transforms(const TransformSpec& spec, int p, int width);
/// Every law with its worst error over `lengths`.
int show_laws(const Transform& transform, std::span<const int> lengths);
/// The stored matrix F at p with bins and frequencies.
int show_matrix(const Transform& transform, int p);

}  // namespace tubal::cli
