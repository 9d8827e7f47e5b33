#include "layers/model/groups.hpp"

#include <algorithm>
#include <numeric>

#include "core/error.hpp"

namespace tubal {

// Enough tokens that a product's weights are read seldom beside them, few enough that the activations of a
// layer stay in the second- and third-level caches. Wide models train no slower by small groups, and keep the
// activations of all layers in a quarter of the memory.
std::size_t group_tokens(const Structure& s, bool training) {
  return s.d < 512 ? 512 : training ? 256 : 1024;
}

namespace {

std::size_t length(const Batch& batch, std::size_t b) { return batch.offsets[b + 1] - batch.offsets[b]; }

// `most`: tokens of a group, unless one sequence alone has more.
std::vector<Group> cut(std::size_t most, const Batch& batch, const std::vector<std::size_t>& order) {
  std::vector<Group> groups;
  for (const std::size_t b : order) {
    const std::size_t n = length(batch, b);
    if (groups.empty() || groups.back().T + n > most) groups.emplace_back();
    Group& g = groups.back();
    g.sequences.push_back({b, static_cast<std::size_t>(batch.offsets[b]), g.T, n});
    g.T += n;
    g.longest = std::max(g.longest, n);
  }
  return groups;
}

}  // namespace

// Each keeps a gradient of its own: few of large ones.
std::size_t most_lanes(const Structure& s) {
  const std::size_t shared = s.head->shares_embedding() ? s.V * s.d : 0,
                    bytes = (s.effective_size() + shared) * sizeof(float);
  return bytes > (64u << 20) ? 2 : bytes > (16u << 20) ? 4 : 8;
}

std::vector<std::vector<Group>> cut_into_lanes(const Structure& s, const Batch& batch) {
  // A batch of one group's size still gives two threads something to do.
  const std::size_t T = batch.tokens.size(), least = T < 512 ? 1 : 2,
                    n = std::clamp<std::size_t>(T / group_tokens(s, true), least, most_lanes(s));
  // Longest first, each to the lane with the least to do: a sequence costs its tokens and their scores.
  std::vector<std::size_t> order(batch.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return length(batch, a) > length(batch, b); });
  std::vector<std::vector<std::size_t>> members(n);
  std::vector<double> load(n, 0.0);
  const double linear = 6.0 * static_cast<double>(s.d) / static_cast<double>(s.p);
  for (const std::size_t b : order) {
    const std::size_t lane = std::min_element(load.begin(), load.end()) - load.begin();
    const double tokens_here = static_cast<double>(length(batch, b));
    members[lane].push_back(b);
    load[lane] += tokens_here * (linear + tokens_here);
  }
  std::vector<std::vector<Group>> lanes;
  for (const auto& m : members) lanes.push_back(cut(group_tokens(s, true), batch, m));
  return lanes;
}

std::vector<Group> cut_into_groups(const Structure& s, const Batch& batch) {
  std::vector<std::size_t> order(batch.size());
  std::iota(order.begin(), order.end(), 0);
  return cut(group_tokens(s, false), batch, order);
}

void check_batch(const Structure& s, const Batch& batch) {
  const auto refuse = [](const std::string& what) { throw UsageError("batch: " + what); };
  if (batch.size() == 0) refuse("it holds no sequence");
  if (batch.offsets[0] != 0 || batch.offsets.back() != static_cast<std::int32_t>(batch.tokens.size()))
    refuse("offsets must be sequences + 1 numbers from 0 to the number of tokens");
  const bool by_token = s.head->by_token();
  if (!by_token && batch.labels.size() != batch.size())
    refuse("found " + std::to_string(batch.labels.size()) + " labels for " + std::to_string(batch.size()) +
           " sequences");
  if (by_token && !batch.targets.empty() && batch.targets.size() != batch.tokens.size())
    refuse("found " + std::to_string(batch.targets.size()) + " targets for " +
           std::to_string(batch.tokens.size()) + " tokens");
  for (std::size_t b = 0; b < batch.size(); ++b) {
    const long n = static_cast<long>(batch.offsets[b + 1]) - batch.offsets[b];
    if (n < 1 || n > s.config.max_length)
      refuse("sequence " + std::to_string(b) + " has " + std::to_string(n) +
             " tokens; 1 to max_length = " + std::to_string(s.config.max_length) + " fit");
    if (!by_token && (batch.labels[b] < 0 || batch.labels[b] >= static_cast<std::int32_t>(s.C)))
      refuse("label " + std::to_string(batch.labels[b]) + " is not in 0.." + std::to_string(s.C - 1));
  }
  for (const std::int32_t t : batch.targets)
    if (by_token && t >= static_cast<std::int32_t>(s.V))
      refuse("target " + std::to_string(t) + " is not in 0.." + std::to_string(s.V - 1) + " (below 0: none)");
  for (const std::int32_t t : batch.tokens)
    if (t < 0 || t >= static_cast<std::int32_t>(s.V))
      refuse("token " + std::to_string(t) + " is not in 0.." + std::to_string(s.V - 1));
}

}  // namespace tubal
