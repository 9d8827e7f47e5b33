#include "experiments/plan/sample.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "core/random.hpp"
#include "experiments/config/key.hpp"
#include "experiments/plan/axes.hpp"

namespace tubal::sweeping {

std::string draw_cells(const YamlNode& sample, std::vector<Cell>& cells) {
  need(YamlNode::Kind::map, sample, "sweep.sample", "a map such as {count: 20, seed: 1}");
  std::int64_t count = -1, seed = 0;
  for (const auto& [name, node] : sample.children) {
    if (name != "count" && name != "seed")
      fail(node.at, "sweep.sample." + name, "unknown key; allowed here: count, seed");
    Key key;  // an integer like any other
    std::int64_t value = 0;
    key.slot = [&](Settings&) -> Slot { return &value; };
    key.low = name == "count" ? 1 : 0;
    try {
      (name == "count" ? count : seed) = std::get<std::int64_t>(key.parse(node));
    } catch (const std::invalid_argument& e) {
      fail(node.at, "sweep.sample." + name, e.what());
    }
  }
  if (count < 0) fail(sample.at, "sweep.sample", "needs `count`, such as {count: 20, seed: 1}");
  if (static_cast<std::size_t>(count) >= cells.size()) {
    if (static_cast<std::size_t>(count) == cells.size()) return "";
    return "asks for " + std::to_string(count) + " of " + std::to_string(cells.size()) +
           " cells; all are taken";
  }
  const RandomStream random(static_cast<std::uint64_t>(seed), Purpose::sample);
  std::vector<std::size_t> order(cells.size());
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i)
    std::swap(order[i], order[i + random.below(order.size() - i, i)]);
  order.resize(static_cast<std::size_t>(count));
  std::sort(order.begin(), order.end());
  std::vector<Cell> drawn;
  for (const std::size_t i : order) drawn.push_back(std::move(cells[i]));
  cells = std::move(drawn);
  return "";
}

}  // namespace tubal::sweeping
