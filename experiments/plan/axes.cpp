#include "experiments/plan/axes.hpp"

#include <algorithm>
#include <map>

#include "core/error.hpp"
#include "experiments/config/schema.hpp"

namespace tubal::sweeping {

namespace {

constexpr std::size_t most_cells = 1000000;

// {model: {p: [1, 2]}}: the whole key model.p and what stands there.
std::pair<std::string, const YamlNode*> first_leaf(std::string key, const YamlNode& node) {
  const YamlNode* leaf = &node;
  while (leaf->kind == YamlNode::Kind::map && !leaf->children.empty()) {
    key += "." + leaf->children[0].key;
    leaf = &leaf->children[0].value;
  }
  return {key, leaf};
}

std::string listed(const YamlNode& list) {
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
    fail(node.at, key, "found " + describe(node) + ", needs a list of the values to try, such as [1, 2, 4]");
  }
  std::vector<Layer> layers;
  for (const YamlNode& item : node.items) layers.push_back(sweepable(read_value(key, item)));
  return layers;
}

}  // namespace

void need(YamlNode::Kind kind, const YamlNode& node, const std::string& key, const std::string& example) {
  if (node.kind != kind) fail(node.at, key, "found " + describe(node) + ", needs " + example);
}

Layer sweepable(Layer layer) {
  check_layer(layer);
  check_sweepable(layer);
  return layer;
}

void unique(const std::vector<Axis>& axes) {
  std::map<const Key*, std::size_t> owner;
  for (std::size_t i = 0; i < axes.size(); ++i)
    for (const Layer* layer : axes[i])
      for (const Assignment& a : *layer)
        if (const auto [seen, fresh] = owner.emplace(a.key, i); !fresh && seen->second != i)
          fail(a.at, a.key->name,
               "two axes of this block set this key; keep one of the two, or use two blocks");
}

std::vector<Cell> product(std::vector<Cell> cells, const std::vector<Axis>& axes, const Location& at) {
  for (const Axis& axis : axes) {
    if (cells.size() * axis.size() > most_cells)
      fail(at, "sweep",
           "this block has more than " + std::to_string(most_cells) +
               " cells; split it, or sweep less at a time");
    std::vector<Cell> next;
    next.reserve(cells.size() * axis.size());
    for (const Cell& cell : cells)
      for (const Layer* point : axis) {
        next.push_back(cell);
        next.back().push_back(point);
      }
    cells = std::move(next);
  }
  return cells;
}

void AxisReader::name(const Layer& layer) {
  for (const Assignment& a : layer) {
    const std::string& name = a.key->name;
    const bool fresh = std::find(out_.axes.begin(), out_.axes.end(), name) == out_.axes.end();
    if (fresh) out_.axes.push_back(name);
    if (fresh && including) out_.aside.push_back(name);
    if (!including) std::erase(out_.aside, name);
  }
}

const Layer* AxisReader::keep(Layer layer) {
  name(layer);
  out_.layers.push_back(std::move(layer));
  return &out_.layers.back();
}

Axis AxisReader::axis(const std::string& key, const YamlNode& list) {
  Axis axis;
  for (Layer& layer : alternatives(key, list)) axis.push_back(keep(std::move(layer)));
  return axis;
}

Axis AxisReader::zip(const std::string& name, const YamlNode& node) {
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
  for (Layer& point : points) {
    check_layer(point);
    axis.push_back(keep(std::move(point)));
  }
  return axis;
}

std::vector<Axis> AxisReader::axes(const YamlNode& block) {
  std::vector<Axis> all;
  if (const YamlNode* grid = block.find("grid")) {
    need(YamlNode::Kind::map, *grid, "sweep.grid", "a map such as {model.p: [1, 2, 4]}");
    for (const auto& [key, node] : grid->children) all.push_back(axis(key, node));
  }
  if (const YamlNode* zips = block.find("zip")) {
    need(YamlNode::Kind::map, *zips, "sweep.zip",
         "named maps, such as {scaling: {model.width: [128, 256], model.heads: [4, 8]}}");
    for (const auto& [name, node] : zips->children) {
      need(YamlNode::Kind::map, node, "sweep.zip." + name,
           "a name with a map of lists of one length, such as {scaling: {model.width: [128, 256], "
           "model.heads: [4, 8]}}");
      all.push_back(zip(name, node));
    }
  }
  unique(all);
  return all;
}

}  // namespace tubal::sweeping
