// The names of classes, as the labels of a file bring them.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "experiments/data/corpus.hpp"

namespace tubal {

/// Number of the class that a file calls `name`. Where the data set names its classes (`fixed`),
/// that is 0..C-1; else `classes` grows, and labels are all integers or all names. What is wrong
/// with the label goes to `problem`.
std::int32_t class_of(Corpus& corpus, std::string_view name, std::string& problem);

/// Puts classes in the order of their names, whole numbers by value, so that numbering does not depend on the
/// order of rows.
void sort_classes(Corpus& corpus);

}  // namespace tubal
