#include "experiments/plan/sweep.hpp"
#include "experiments/plan/pattern.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <stdexcept>

#include "core/error.hpp"
#include "core/random.hpp"
#include "experiments/config/schema.hpp"
#include "experiments/config/unused.hpp"

namespace tubal {

namespace {

constexpr std::size_t most_cells = 1000000;

[[noreturn]] void fail(const Location& at, const std::string& key, const std::string& message) {
  throw UsageError(at.file, at.line, key, message);
}

void need(YamlNode::Kind kind, const YamlNode& node, const std::string& key, const std::string& example) {
  if (node.kind != kind) fail(node.at, key, "found " + describe(node) + ", needs " + example);
}

// An axis: alternatives, one of which each cell takes.
using Axis = std::vector<const Layer*>;

class Expansion {
 public:
  Expansion(const Settings& base, const std::vector<std::vector<Layer>>& extra, Sweep& out)
      : base_(base), out_(out) {
    for (const std::vector<Layer>& points : extra) {
      Axis axis;
      for (const Layer& point : points) {
        out_.layers.push_back(point);
        axis.push_back(&out_.layers.back());
      }
      extra_.push_back(axis);
    }
  }

  void block(const YamlNode& block) {
    need(YamlNode::Kind::map, block, "sweep", "a map with grid, zip, when, exclude, include, sample or set");
    for (const auto& [name, node] : block.children)
      if (const auto& known = names();
          std::find(known.begin(), known.end(), name) == known.end() && name != "early_stop")
        fail(node.at, "sweep." + name,
             "unknown key; " + did_you_mean(name, known) + (did_you_mean(name, known).empty() ? "" : " ") +
                 "allowed here: " + join(known) + ", early_stop");
    Cell fixed;
    if (const YamlNode* set = block.find("set")) {
      need(YamlNode::Kind::map, *set, "sweep.set", "a map such as {model.p: 4}");
      fixed.push_back(keep(sweepable(read_layer(*set))));
    }
    const bool own_axes = block.find("grid") || block.find("zip");
    std::vector<Axis> axes = read_axes(block);
    // An axis of the command line replaces the same one of the file.
    for (const Axis& e : extra_)
      std::erase_if(
          axes, [&](const Axis& a) { return a[0]->size() == 1 && a[0]->front().key == e[0]->front().key; });
    axes.insert(axes.end(), extra_.begin(), extra_.end());
    std::vector<Cell> cells;
    if (own_axes || !block.find("include")) cells = product({fixed}, axes, block.at);
    if (const YamlNode* when = block.find("when")) conditional(*when, cells);
    if (const YamlNode* exclude = block.find("exclude")) remove(*exclude, cells);
    if (const YamlNode* sample = block.find("sample")) draw(*sample, cells);
    including_ = own_axes || !out_.cells.empty();
    if (const YamlNode* include = block.find("include")) add(*include, fixed, cells);
    including_ = false;
    out_.cells.insert(out_.cells.end(), cells.begin(), cells.end());
    for (const Axis& e : extra_) name_axes(*e[0]);  // after the file's own
  }

 private:
  static const std::vector<std::string>& names() {
    static const std::vector<std::string> all = {"grid",    "zip",    "when", "exclude",
                                                 "include", "sample", "set"};
    return all;
  }
  void name_axes(const Layer& layer) {
    for (const Assignment& a : layer) {
      const std::string& name = a.key->name;
      const bool fresh = std::find(out_.axes.begin(), out_.axes.end(), name) == out_.axes.end();
      if (fresh) out_.axes.push_back(name);
      if (fresh && including_) out_.aside.push_back(name);
      if (!including_) std::erase(out_.aside, name);
    }
  }
  const Layer* keep(Layer layer) {
    name_axes(layer);
    out_.layers.push_back(std::move(layer));
    return &out_.layers.back();
  }
  static Layer sweepable(Layer layer) {
    check_layer(layer);
    check_sweepable(layer);
    return layer;
  }

  // {model: {p: [1, 2]}}: the whole key model.p and what stands there.
  static std::pair<std::string, const YamlNode*> first_leaf(std::string key, const YamlNode& node) {
    const YamlNode* leaf = &node;
    while (leaf->kind == YamlNode::Kind::map && !leaf->children.empty()) {
      key += "." + leaf->children[0].first;
      leaf = &leaf->children[0].second;
    }
    return {key, leaf};
  }
  static std::string listed(const YamlNode& list) {
    std::vector<std::string> items;
    for (const YamlNode& item : list.items)
      items.push_back(item.kind == YamlNode::Kind::scalar ? item.text : "...");
    return join(items);
  }

  // "key: [a, b, c]" to one layer a value.
  std::vector<Layer> alternatives(const std::string& key, const YamlNode& node) {
    if (node.kind == YamlNode::Kind::map && is_section(key)) {
      const auto [whole, leaf] = first_leaf(key, node);
      fail(node.at, key,
           "found a map; an axis is named by its whole key with dots, so write `" + whole + ": " +
               (leaf->kind == YamlNode::Kind::list ? "[" + listed(*leaf) + "]" : "[1, 2, 4]") +
               "` in this place");
    }
    if (node.kind != YamlNode::Kind::list || node.items.empty()) {
      if (!find_key(key)) read_value(key, node);  // an unknown key is the better error
      fail(node.at, key,
           "found " + describe(node) + ", needs a list of the values to try, such as [1, 2, 4]");
    }
    std::vector<Layer> layers;
    for (const YamlNode& item : node.items) layers.push_back(sweepable(read_value(key, item)));
    return layers;
  }

  std::vector<Axis> read_axes(const YamlNode& block) {
    std::vector<Axis> axes;
    if (const YamlNode* grid = block.find("grid")) {
      need(YamlNode::Kind::map, *grid, "sweep.grid", "a map such as {model.p: [1, 2, 4]}");
      for (const auto& [key, node] : grid->children) {
        Axis axis;
        for (Layer& layer : alternatives(key, node)) axis.push_back(keep(std::move(layer)));
        axes.push_back(std::move(axis));
      }
    }
    if (const YamlNode* zip = block.find("zip")) {
      need(YamlNode::Kind::map, *zip, "sweep.zip",
           "named maps, such as {scaling: {model.width: [128, 256], model.heads: [4, 8]}}");
      for (const auto& [name, node] : zip->children) {
        need(YamlNode::Kind::map, node, "sweep.zip." + name,
             "a name with a map of lists of one length, such as {scaling: {model.width: [128, 256], "
             "model.heads: [4, 8]}}");
        axes.push_back(zipped(name, node));
      }
    }
    unique(axes);
    return axes;
  }

  Axis zipped(const std::string& name, const YamlNode& node) {
    std::vector<Layer> points;
    for (const auto& [key, list] : node.children) {
      std::vector<Layer> layers = alternatives(key, list);
      if (points.empty()) points.resize(layers.size());
      if (layers.size() != points.size())
        fail(list.at, "sweep.zip." + name + "." + key,
             "found " + std::to_string(layers.size()) + " values where the zip's first list has " +
                 std::to_string(points.size()) + "; lists of one zip go together and have one length");
      for (std::size_t i = 0; i < layers.size(); ++i)
        points[i].insert(points[i].end(), layers[i].begin(), layers[i].end());
    }
    if (points.empty())
      fail(node.at, "sweep.zip." + name, "the zip is empty; it needs lists such as model.width: [128, 256]");
    Axis axis;
    for (Layer& point : points) check_layer(point), axis.push_back(keep(std::move(point)));
    return axis;
  }

  // No two axes of a block may set one key: the later would win in silence.
  static void unique(const std::vector<Axis>& axes) {
    std::map<const Key*, std::size_t> owner;
    for (std::size_t i = 0; i < axes.size(); ++i)
      for (const Layer* layer : axes[i])
        for (const Assignment& a : *layer)
          if (const auto [seen, fresh] = owner.emplace(a.key, i); !fresh && seen->second != i)
            fail(a.at, a.key->name,
                 "two axes of this block set this key; keep one of the two, or use two blocks");
  }

  static std::vector<Cell> product(std::vector<Cell> cells, const std::vector<Axis>& axes,
                                   const Location& at) {
    for (const Axis& axis : axes) {
      if (cells.size() * axis.size() > most_cells)
        fail(at, "sweep",
             "this block has more than " + std::to_string(most_cells) +
                 " cells; split it, or sweep less at a time");
      std::vector<Cell> next;
      next.reserve(cells.size() * axis.size());
      for (const Cell& cell : cells)
        for (const Layer* point : axis) next.push_back(cell), next.back().push_back(point);
      cells = std::move(next);
    }
    return cells;
  }

  static std::vector<const YamlNode*> entries(const YamlNode& node) {  // a list of maps, or one map
    if (node.kind != YamlNode::Kind::list) return {&node};
    std::vector<const YamlNode*> out;
    for (const YamlNode& item : node.items) out.push_back(&item);
    return out;
  }

  void conditional(const YamlNode& when, std::vector<Cell>& cells) {
    for (const YamlNode* entry : entries(when)) {
      need(YamlNode::Kind::map, *entry, "sweep.when",
           "maps such as {if: {model.transform: learned_orthogonal}, grid: {model.transform.init: [dct, "
           "haar]}}");
      for (const auto& [name, node] : entry->children)
        if (name != "if" && name != "grid" && name != "zip")
          fail(node.at, "sweep.when." + name, "unknown key; allowed here: if, grid, zip");
      const YamlNode* condition = entry->find("if");
      if (!condition)
        fail(entry->at, "sweep.when", "needs `if:`, such as if: {model.transform: learned_orthogonal}");
      const Pattern pattern = read_pattern(*condition, "sweep.when.if");
      const std::vector<Axis> axes = read_axes(*entry);
      std::vector<Cell> next;
      bool met = false;
      for (const Cell& cell : cells)
        if (pattern.matches(agreed(at_cell(base_, cell)))) {
          met = true;
          for (Cell& c : product({cell}, axes, entry->at)) next.push_back(std::move(c));
        } else {
          next.push_back(cell);
        }
      if (!met) warn(pattern.at, "sweep.when", "this condition holds for no cell");
      cells = std::move(next);
    }
  }

  void remove(const YamlNode& exclude, std::vector<Cell>& cells) {
    std::vector<Pattern> patterns;
    for (const YamlNode* entry : entries(exclude)) patterns.push_back(read_pattern(*entry, "sweep.exclude"));
    std::vector<bool> met(patterns.size());
    std::erase_if(cells, [&](const Cell& cell) {
      const Settings s = agreed(at_cell(base_, cell));
      bool out = false;
      for (std::size_t i = 0; i < patterns.size(); ++i)
        if (patterns[i].matches(s)) met[i] = out = true;
      return out;
    });
    for (std::size_t i = 0; i < patterns.size(); ++i)
      if (!met[i]) warn(patterns[i].at, "sweep.exclude", "this entry excludes nothing");
  }

  void add(const YamlNode& include, const Cell& fixed, std::vector<Cell>& cells) {
    for (const YamlNode* entry : entries(include)) {
      need(YamlNode::Kind::map, *entry, "sweep.include", "maps such as {model.p: 4, model.transform: dft}");
      std::vector<Axis> axes = extra_;
      for (const auto& [key, node] : entry->children) {
        const Key* k = find_key(key);
        const bool several =
            node.kind == YamlNode::Kind::list && k &&
            (!k->lists() || (!node.items.empty() && node.items[0].kind == YamlNode::Kind::list));
        Axis axis;
        if (several) {
          for (Layer& layer : alternatives(key, node)) axis.push_back(keep(std::move(layer)));
        } else {
          axis.push_back(keep(sweepable(read_value(key, node))));
        }
        std::erase_if(axes, [&](const Axis& a) {
          return !extra_.empty() && a[0]->front().key == axis[0]->front().key;
        });
        axes.push_back(std::move(axis));
      }
      unique(axes);
      for (Cell& cell : product({fixed}, axes, entry->at)) cells.push_back(std::move(cell));
    }
  }

  // `count` cells without repetition, in their old order: the first of a seeded shuffle.
  void draw(const YamlNode& sample, std::vector<Cell>& cells) {
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
      if (static_cast<std::size_t>(count) > cells.size())
        warn(sample.at, "sweep.sample",
             "asks for " + std::to_string(count) + " of " + std::to_string(cells.size()) +
                 " cells; all are taken");
      return;
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
  }

  void warn(const Location& at, const std::string& key, const std::string& message) {
    out_.warnings.push_back(UsageError(at.file, at.line, key, message).what());
  }

  const Settings& base_;
  Sweep& out_;
  bool including_ = false;
  std::vector<Axis> extra_;
};

}  // namespace

Sweep expand(const YamlNode* sweep, const Settings& base, const std::vector<std::vector<Layer>>& axes) {
  Sweep out;
  Expansion expansion(base, axes, out);
  YamlNode nothing;
  nothing.kind = YamlNode::Kind::map;
  if (!sweep) {
    expansion.block(nothing);
  } else if (sweep->kind == YamlNode::Kind::list) {
    for (const YamlNode& block : sweep->items) expansion.block(block);
  } else if (const YamlNode* blocks = sweep->find("blocks")) {
    need(YamlNode::Kind::list, *blocks, "sweep.blocks", "a list of blocks, each with grid, zip, ...");
    for (const auto& [name, node] : sweep->children)
      if (name != "blocks" && name != "early_stop")
        fail(node.at, "sweep." + name, "stands beside `blocks`; move it into one of the blocks");
    for (const YamlNode& block : blocks->items) expansion.block(block);
  } else {
    expansion.block(*sweep);
  }
  if (out.cells.empty())
    fail(sweep->at, "sweep", "no cell is left; `exclude` takes out all of them, or there is no block");
  return out;
}

Settings at_cell(const Settings& base, const Cell& cell) {
  Settings s = base;
  for (const Layer* layer : cell) assign(*layer, s);
  return s;
}

Settings agreed(Settings s) {
  ModelConfig& m = s.trial.model;
  shorten_transforms(m);
  if (m.heads_per_slice > 0)
    m.heads = m.heads_per_slice * m.p;
  else if (m.p > 0 && m.heads % m.p == 0)
    m.heads_per_slice = m.heads / m.p;
  return s;
}

}  // namespace tubal
