// How a batch is cut: into lanes (whose gradients are added up in order) and lanes into groups of sequences.
// Both depend on the batch and the model alone, never on the number of threads, so neither do results.
#pragma once
#include <vector>

#include "layers/model.hpp"
#include "layers/model/workspace.hpp"

namespace tubal {

/// Tokens that should go through the model at a time.
std::size_t group_tokens(const Structure& s, bool training);
/// Lanes that a batch is cut into at most.
std::size_t most_lanes(const Structure& s);
/// Lanes of groups, of nearly equal cost.
std::vector<std::vector<Group>> cut_into_lanes(const Structure& s, const Batch& batch);
/// Groups in the batch's order, for evaluation.
std::vector<Group> cut_into_groups(const Structure& s, const Batch& batch);
/// Throws UsageError where offsets, tokens or labels are out of range or a sequence is empty or too long.
void check_batch(const Structure& s, const Batch& batch);

}  // namespace tubal
