// The validation part: a stratified share of the training rows, drawn by the data's own seed.
#pragma once
#include <cstdint>
#include <vector>

namespace tubal {

/// Which rows are held out: of each class the nearest whole number to share * its rows, but at least one and
/// not all where it has two or more. Depends on labels, share and seed alone.
std::vector<bool> validation_rows(const std::vector<std::int32_t>& labels, std::size_t classes, double share,
                                  std::uint64_t seed);

}  // namespace tubal
