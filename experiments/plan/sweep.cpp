#include "experiments/plan/sweep.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "experiments/config/schema.hpp"
#include "experiments/config/unused.hpp"
#include "experiments/plan/axes.hpp"
#include "experiments/plan/pattern.hpp"
#include "experiments/plan/sample.hpp"

namespace tubal {

namespace sweeping {

namespace {

class Expansion {
 public:
  Expansion(const Settings& base, const std::vector<std::vector<Layer>>& extra, Sweep& out)
      : base_(base), out_(out), reader_(out) {
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
      fixed.push_back(reader_.keep(sweepable(read_layer(*set))));
    }
    const bool own_axes = block.find("grid") || block.find("zip");
    std::vector<Axis> axes = reader_.axes(block);
    // An axis of the command line replaces the same one of the file.
    for (const Axis& e : extra_)
      std::erase_if(
          axes, [&](const Axis& a) { return a[0]->size() == 1 && a[0]->front().key == e[0]->front().key; });
    axes.insert(axes.end(), extra_.begin(), extra_.end());
    std::vector<Cell> cells;
    if (own_axes || !block.find("include")) cells = product({fixed}, axes, block.at);
    if (const YamlNode* when = block.find("when")) conditional(*when, cells);
    if (const YamlNode* exclude = block.find("exclude")) remove(*exclude, cells);
    if (const YamlNode* sample = block.find("sample"))
      if (const std::string note = draw_cells(*sample, cells); !note.empty())
        warn(sample->at, "sweep.sample", note);
    reader_.including = own_axes || !out_.cells.empty();
    if (const YamlNode* include = block.find("include")) add(*include, fixed, cells);
    reader_.including = false;
    out_.cells.insert(out_.cells.end(), cells.begin(), cells.end());
    for (const Axis& e : extra_) reader_.name(*e[0]);  // after the file's own
  }

 private:
  static const std::vector<std::string>& names() {
    static const std::vector<std::string> all = {"grid",    "zip",    "when", "exclude",
                                                 "include", "sample", "set"};
    return all;
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
           "maps such as {if: {model.transform: learned_orthogonal}, grid: "
           "{model.transform.init: [dct, haar]}}");
      for (const auto& [name, node] : entry->children)
        if (name != "if" && name != "grid" && name != "zip")
          fail(node.at, "sweep.when." + name, "unknown key; allowed here: if, grid, zip");
      const YamlNode* condition = entry->find("if");
      if (!condition)
        fail(entry->at, "sweep.when", "needs `if:`, such as if: {model.transform: learned_orthogonal}");
      const Pattern pattern = read_pattern(*condition, "sweep.when.if");
      const std::vector<Axis> axes = reader_.axes(*entry);
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
        const Axis axis =
            several ? reader_.axis(key, node) : Axis{reader_.keep(sweepable(read_value(key, node)))};
        std::erase_if(axes, [&](const Axis& a) {
          return !extra_.empty() && a[0]->front().key == axis[0]->front().key;
        });
        axes.push_back(std::move(axis));
      }
      unique(axes);
      for (Cell& cell : product({fixed}, axes, entry->at)) cells.push_back(std::move(cell));
    }
  }

  void warn(const Location& at, const std::string& key, const std::string& message) {
    out_.warnings.push_back(UsageError(at.file, at.line, key, message).what());
  }

  const Settings& base_;
  Sweep& out_;
  AxisReader reader_;
  std::vector<Axis> extra_;
};

}  // namespace

}  // namespace sweeping

Sweep expand(const YamlNode* sweep, const Settings& base, const std::vector<std::vector<Layer>>& axes) {
  Sweep out;
  sweeping::Expansion expansion(base, axes, out);
  YamlNode nothing;
  nothing.kind = YamlNode::Kind::map;
  if (!sweep) {
    expansion.block(nothing);
  } else if (sweep->kind == YamlNode::Kind::list) {
    for (const YamlNode& block : sweep->items) expansion.block(block);
  } else if (const YamlNode* blocks = sweep->find("blocks")) {
    sweeping::need(YamlNode::Kind::list, *blocks, "sweep.blocks",
                   "a list of blocks, each with grid, zip, ...");
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
