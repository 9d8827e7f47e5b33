#include "experiments/plan/grid_file.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <stdexcept>

#include "core/bfloat16.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/process_space.hpp"
#include "core/sha256.hpp"
#include "core/text.hpp"
#include "experiments/config/schema.hpp"
#include "experiments/config/study_name.hpp"
#include "experiments/config/transform_text.hpp"

namespace tubal {

namespace {

namespace fs = std::filesystem;

const std::vector<std::string> study_keys = {"base", "plugins", "seeds", "sweep", "baseline"};

// Paths of a base file in another folder, said from the grid's folder.
void move_paths(Layer& layer, const fs::path& from, const fs::path& to) {
  const auto move = [&](std::string& text) {
    if (text.empty()) return;
    fs::path path = fs::path(text).lexically_normal();
    if (path.is_relative() && from != to) path = (from / path).lexically_relative(to);
    text = path.string();
  };
  for (Assignment& a : layer) {
    auto* texts = std::get_if<std::vector<std::string>>(&a.value);
    if (auto* file = std::get_if<std::string>(&a.value); a.key->path && file) move(*file);
    if (a.key->path && texts)
      for (std::string& file : *texts) move(file);
    if (a.key->name != "model.transform" || !texts) continue;
    for (std::string& text : *texts) {
      TransformSpec spec = read_transform(text);
      move(spec.file);
      text = transform_text(spec);
    }
  }
}

struct Reader {
  GridFile out;
  std::optional<YamlNode> seeds;
  std::set<std::string> open;  // files being read, to meet circles

  bool elsewhere = false;  // the trials run on other machines

  void check_precision(const Layer& layer) {
    for (const Assignment& a : layer) {
      if (a.key->name != "runtime.precision" || std::get<std::string>(a.value) != "bf16") continue;
      const std::string why = why_no_bfloat16();
      if (why.empty()) continue;
      const UsageError error(a.at.file, a.at.line, a.key->name,
                             "found `bf16`, but " + why + " (on this machine, " + host_name() + ")" +
                                 (elsewhere ? "; it has to be otherwise where the trials run"
                                            : ". Leave the key out or write float; `tubal submit` sends the "
                                              "trials to other machines"));
      if (!elsewhere) throw error;
      out.warnings.push_back(error.what());
    }
  }

  void use(Layer layer) {
    check_layer(layer);
    check_precision(layer);
    assign(layer, out.base);
    out.written.insert(out.written.end(), layer.begin(), layer.end());
  }

  void plugin(const std::string& text, const fs::path& folder, const Location& at) {
    const std::string path = (folder / text).lexically_normal().string();
    std::error_code error;
    if (!fs::is_regular_file(path, error)) fail(at, "plugins", "there is no file " + path);
    out.plugins.push_back({path, sha256_file(path)});
  }

  void read(const std::string& file, bool top) {
    const fs::path absolute = fs::absolute(file).lexically_normal(), folder = absolute.parent_path();
    YamlNode root = read_yaml(file);
    if (!open.insert(absolute.string()).second)
      throw UsageError(file, 0, "base", "this file builds on itself, through its `base`");
    if (const YamlNode* base = root.find("base")) {
      for (const YamlNode& item :
           base->kind == YamlNode::Kind::list ? base->items : std::vector<YamlNode>{*base}) {
        if (item.kind != YamlNode::Kind::scalar)
          throw UsageError(file, item.at.line, "base",
                           "found " + describe(item) + ", needs a file name, such as base: imdb.yaml");
        const fs::path other = folder / item.text;
        if (!file_is_there(other))
          throw UsageError(file, item.at.line, "base",
                           "there is no file " + other.lexically_normal().string() +
                               " (relative paths start at this file's folder)");
        const fs::path given = fs::path(item.text).is_absolute() ? fs::path(item.text)
                                                                 : fs::path(file).parent_path() / item.text;
        read(given.lexically_normal().string(), false);
      }
    }
    Layer layer = read_layer(root, "", study_keys);
    if (!top)
      std::erase_if(layer,
                    [](const Assignment& a) { return a.key->name == "study"; });  // a study's name is its own
    move_paths(layer, folder, out.folder);
    use(std::move(layer));
    for (auto& [name, node] : root.children) {
      if (name == "sweep") {
        early_stop(node);
        out.sweep = node;
      }
      if (name == "baseline") out.baseline = node;
      if (name == "seeds") seeds = node;
      if (name != "plugins") continue;
      if (node.kind != YamlNode::Kind::list)
        throw UsageError(file, node.at.line, "plugins",
                         "found " + describe(node) + ", needs a list of files, such as [./dst.so]");
      for (const YamlNode& item : node.items) {
        if (item.kind != YamlNode::Kind::scalar)
          throw UsageError(file, item.at.line, "plugins", "found " + describe(item) + ", needs a file name");
        plugin(item.text, folder, item.at);
      }
    }
    open.erase(absolute.string());
    out.texts.emplace_back(absolute.string(), read_file(file));
  }

  void early_stop(const YamlNode& sweep) {
    if (const YamlNode* node = sweep.find("early_stop")) use(read_value("sweep.early_stop", *node));
  }

  void read_seeds() {
    if (!seeds) return;
    if (seeds->kind == YamlNode::Kind::map) return use(read_value("seeds", *seeds));
    if (seeds->kind != YamlNode::Kind::list || seeds->items.empty())
      fail(seeds->at, "seeds",
           "found " + describe(*seeds) + ", needs {first: 0, count: 6} or a list such as [0, 1, 2]");
    const Key& first = *find_key("seeds.first");
    for (const YamlNode& item : seeds->items) {
      try {
        out.seeds.push_back(static_cast<std::uint64_t>(std::get<std::int64_t>(first.parse(item))));
      } catch (const std::invalid_argument& e) {
        fail(item.at, "seeds", e.what());
      }
      if (std::count(out.seeds.begin(), out.seeds.end(), out.seeds.back()) > 1)
        fail(item.at, "seeds", "seed " + item.text + " stands here twice; every seed is run once");
    }
  }
};

}  // namespace

GridFile read_grid_file(const std::string& file, const GridOptions& options, bool elsewhere) {
  Reader reader;
  reader.elsewhere = elsewhere;
  const fs::path absolute = fs::absolute(file).lexically_normal();
  if (!is_utf8(absolute.string()))
    throw UsageError(
        file, 0, "",
        "the path " + absolute.string() +
            " is not UTF-8, which a study's files are written in; rename the folder or the file");
  reader.out.file = file;
  reader.out.folder = absolute.parent_path().string();
  reader.out.base.study = absolute.stem().string();
  reader.out.base.trial.data.folder = reader.out.folder;
  reader.read(file, true);
  reader.read_seeds();
  GridFile& out = reader.out;
  Layer set;
  for (const std::string& text : options.set) {
    set.push_back(read_literal("--set", text));
    if (set.back().key->name.starts_with("seeds.")) out.seeds.clear();
  }
  move_paths(set, out.folder, out.folder);
  reader.use(std::move(set));
  std::string& start = out.base.trial.data.folder;
  start = (fs::path(out.folder) / start).lexically_normal().string();
  for (const std::string& path : options.plugins)
    reader.plugin(path, fs::current_path(), {"--plugin " + path, 0});
  if (const std::string fault = study_name_fault(out.base.study); !fault.empty())
    throw UsageError(file, 0, "study",
                     "missing, and the file's own name, `" + shown(out.base.study) +
                         "`, cannot be a study's (" + fault +
                         "). Write `study: " + usable_study_name(out.base.study) +
                         "` into the file, or give --set study=" + usable_study_name(out.base.study));
  if (out.seeds.empty())
    for (std::int64_t i = 0; i < out.base.seed_count; ++i)
      out.seeds.push_back(static_cast<std::uint64_t>(out.base.first_seed + i));
  return std::move(out);
}

}  // namespace tubal
