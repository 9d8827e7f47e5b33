// One-line descriptions of Debian's packages, labelled by section (its area, such as contrib/, taken off). A
// fifth, by a hash of the description, is the test part: packages that share a description (transitional and
// split ones do) fall on one side, and the split stays as it is when packages come or go.
#pragma once
#include <string>
#include <vector>

#include "experiments/data/corpus.hpp"

namespace tubal {

void read_debian(Corpus& corpus, const std::vector<std::string>& files);

}  // namespace tubal
