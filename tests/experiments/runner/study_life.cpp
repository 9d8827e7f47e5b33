#include "tests/experiments/runner/study_life.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>

#include "analysis/compare/comparison.hpp"
#include "analysis/export/export.hpp"
#include "analysis/read/study_reader.hpp"
#include "core/clock.hpp"
#include "core/files.hpp"
#include "core/hdf5.hpp"
#include "core/sha256.hpp"
#include "experiments/config/trial_file.hpp"
#include "experiments/data/content.hpp"
#include "experiments/data/dataset.hpp"
#include "experiments/plan/grid.hpp"
#include "experiments/records/record.hpp"
#include "experiments/records/stored_trial.hpp"
#include "experiments/records/verify_study.hpp"
#include "experiments/runner/lease.hpp"
#include "experiments/runner/prepare.hpp"
#include "experiments/runner/slurm.hpp"
#include "experiments/runner/study_lock.hpp"

namespace tubal::life {

namespace {

std::string list(const auto& items) {
  std::string out;
  for (const auto& item : items) {
    std::string text;
    if constexpr (std::is_same_v<std::decay_t<decltype(item)>, int>)
      text = std::to_string(item);
    else
      text = item == "matrix" ? "{name: matrix, file: m.csv}" : item;
    out += (out.empty() ? "" : ", ") + text;
  }
  return "[" + out + "]";
}

// The trial's key from its own folder and the files that it names.
std::string key_found(const TrialConfig& c) {
  Files files;
  std::string word;
  std::ifstream data(fs::path(c.data.folder) / c.data.train);
  std::getline(data, word);
  std::getline(data, word, ',');
  files.data = std::stoi(word.substr(word.find_first_of("0123456789")));
  if (!c.model.transform.file.empty()) {
    std::ifstream matrix(c.model.transform.file);
    std::getline(matrix, word, ',');
    files.matrix = static_cast<int>(std::lround(std::stod(word))) - 1;
  }
  if (!c.plugins.empty()) files.plugin = static_cast<unsigned char>(read_file(c.plugins[0].path).back());
  return key_of(c.model.p, name(c.model.norm), c.training.epochs, c.model.transform.name,
                static_cast<int>(c.seed), files);
}

// `tubal trial` without the training.
void train_cheaply(const layout::TrialFolder& folder, const std::string& study, const fs::path& ran) {
  const auto lease = runner::Lease::claim(folder.root);
  if (!lease || is_final(read_status(folder.root).state)) return;
  const StoredTrial stored = read_stored_trial(folder);
  if (!stored.problem.empty()) throw Error(stored.problem);
  TrialConfig config = stored.config;
  TrialRecord r;
  TrialStatus& s = r.status;
  s.state = TrialState::running;
  s.attempt = 1;
  s.seed = config.seed;
  s.updated = time_stamp();
  write_status(folder.root, s);
  const Dataset data = load_dataset(config.data);
  config.content = content_to_record(config, data);
  write_file(folder.config(), write_trial(config));
  const std::string key = key_found(config);
  r.id = folder.id();
  r.study = study;
  r.classes = {"a", "b"};
  r.provenance = {{"configuration", write_trial(config)}, {"data_sha256", data.content}};
  const double accuracy = accuracy_of(key);
  for (int i = 0; i < 200; ++i) {
    r.label.push_back(i % 2);
    r.prediction.push_back(i < std::lround(200 * accuracy) ? i % 2 : 1 - i % 2);
    r.probability.push_back(0.5);
  }
  s.state = TrialState::complete;
  s.test_accuracy = s.validation_accuracy = accuracy;
  s.test_loss = 1 - accuracy;
  s.validation_loss = 1;
  s.seconds = 1;
  s.epoch = s.epochs = config.training.epochs;
  s.best_epoch = 1;
  s.files["trial.h5"] = write_record(folder.data(), r);
  write_file(folder.journal(), "");
  write_file(folder.model(), key);
  for (const char* name : {"config.yaml", "journal.jsonl", "model.safetensors"})
    s.files[name] = sha256_file(folder.root / name);
  write_status(folder.root, s);
  std::ofstream(ran, std::ios::app) << key + "\n";
}

std::string text_between(const std::string& text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  return at == std::string::npos
             ? ""
             : text.substr(at + from.size(), text.find(to, at + from.size()) - at - from.size());
}

}  // namespace

bool Grid::uses(const std::string& name) const {
  return std::find(transform.begin(), transform.end(), name) != transform.end();
}

std::string Grid::text() const {
  return std::string("study: life\n") + (uses("ok") ? "plugins: [plug.so]\n" : "") +
         "data: {name: csv, train: d/train.csv, test: d/test.csv, max_length: 8, validation: 0.25, "
         "tokenizer: {vocabulary: 60}}\nmodel: {width: 16, depth: 1, heads: 4}\ntraining: {epochs: " +
         std::to_string(epochs) + ", batch_size: 8}\nseeds: {first: 0, count: " + std::to_string(seeds) +
         "}\nsweep: {grid: {model.p: " + list(p) + ", model.norm: " + list(norm) +
         ", model.transform: " + list(transform) + "}}\nbaseline: {model.p: " + std::to_string(p[0]) + "}\n";
}

std::string key_of(int p, const std::string& norm, int epochs, const std::string& transform, int seed,
                   const Files& files) {
  std::string key = "p=" + std::to_string(p) + " norm=" + norm + " epochs=" + std::to_string(epochs);
  if (p > 1) key += " transform=" + transform;
  key += " seed=" + std::to_string(seed) + " data=" + std::to_string(files.data);
  if (p > 1 && transform == "matrix") key += " matrix=" + std::to_string(files.matrix);
  if (p > 1 && transform == "ok") key += " plugin=" + std::to_string(files.plugin);
  return key;
}

std::set<std::string> keys_of(const Grid& g, const Files& files) {
  std::set<std::string> keys;
  for (const int p : g.p)
    for (const std::string& norm : g.norm)
      for (const std::string& transform : g.transform)
        for (int seed = 0; seed < g.seeds; ++seed)
          keys.insert(key_of(p, norm, g.epochs, transform, seed, files));
  return keys;
}

bool is_plan_of(const StudyPlan& plan, const Grid& grid) {
  std::set<std::string> keys;
  for (const Trial& t : plan.trials)
    keys.insert(key_of(t.config.model.p, name(t.config.model.norm), t.config.training.epochs,
                       t.config.model.transform.name, static_cast<int>(t.config.seed), {}));
  return keys == keys_of(grid, {});
}

double accuracy_of(const std::string& key) {
  return static_cast<double>(std::stoul(sha256(key).substr(0, 6), nullptr, 16) % 199 + 1) / 200;
}

void write_data(const fs::path& folder, int content, int unread) {
  fs::create_directories(folder / "d");
  for (const char* part : {"train", "test"}) {
    std::string text = "text,label,note\n";
    for (int i = 0; i < 12; ++i)
      text += "word" + std::to_string(content) + " other" + std::to_string(i) + "," + (i % 2 ? "b" : "a") +
              "," + std::to_string(unread) + "\n";
    write_file(folder / "d" / (std::string(part) + ".csv"), text, Durability::unsynced);
  }
}

void write_matrix(const fs::path& folder, int content) {
  write_file(folder / "m.csv", std::to_string(content + 1) + ",0\n0,1\n", Durability::unsynced);
}

// The same library with another last byte: loaders do not look there.
void write_plugin(const fs::path& folder, int content) {
  write_file(folder / "plug.so",
             read_file(TUBAL_BINARY "/tests/experiments/ok.so") + static_cast<char>(content),
             Durability::unsynced);
}

void run_cheaply(const fs::path& folder, const std::string& grid_file, const layout::StudyFolder& study,
                 const fs::path& ran) {
  const runner::StudyIndex index =
      grid_file.empty() ? runner::prepare_again(study)
                        : runner::prepare_study(load_grid((folder / grid_file).string()), study);
  for (const std::string& id : runner::missing_trials(study, index))
    if (fs::exists(study.trial(id).config())) train_cheaply(study.trial(id), study.name(), ran);
  runner::refresh_study(study);
  runner::clear_dead_locks(study);
}

std::map<std::string, std::vector<std::string>> finished(const layout::StudyFolder& study) {
  std::map<std::string, std::vector<std::string>> keys;
  for (const auto& entry : fs::directory_iterator(study.trials())) {
    const fs::path status = entry.path() / "status.json";
    if (!fs::exists(status) || read_file(status).find("\"state\": \"complete\"") == std::string::npos)
      continue;
    keys[read_file(entry.path() / "model.safetensors")].push_back(entry.path().filename().string());
  }
  return keys;
}

std::vector<std::string> broken_laws(const layout::StudyFolder& study, const Grid& grid, const Files& files,
                                     bool settled) {
  std::vector<std::string> broken;
  const auto law = [&](bool holds, const std::string& what) {
    if (!holds) broken.push_back(what);
  };
  const std::set<std::string> wanted = keys_of(grid, files);
  const auto done = finished(study);

  // The arrays: each point is its trial's value, or NaN where that is not finished.
  const hdf5::Reader h5(study.data());
  std::map<std::string, std::vector<std::string>> axis;
  law(h5.attribute_number("/", "rectangular") == 1, "study.h5 is no grid");
  std::size_t size = static_cast<std::size_t>(grid.seeds);
  for (const std::string& name : h5.attribute_strings("/", "axes")) {
    if (name.empty()) continue;
    if (h5.type("/" + name) == 's')
      axis[name] = h5.read_strings("/" + name);
    else
      for (const auto n : h5.read<std::int64_t>("/" + name)) axis[name].push_back(std::to_string(n));
  }
  const auto is_axis = [&](const std::string& name, std::size_t n) {
    const std::size_t has = axis.count(name) ? axis.at(name).size() : 0;
    law(has == (n > 1 ? n : 0),
        "axis " + name + " has " + std::to_string(has) + " values for " + std::to_string(n));
    size *= n;
  };
  is_axis("p", grid.p.size());
  is_axis("norm", grid.norm.size());
  is_axis("transform", grid.transform.size());
  // A matrix beside other transforms brings its file along as an axis: one value of
  // it is each transform's own.
  const bool files_apart = grid.uses("matrix") && grid.transform.size() > 1;
  const auto file =
      std::find_if(axis.begin(), axis.end(), [](const auto& a) { return a.first.ends_with("file"); });
  law((file != axis.end()) == files_apart && axis.size() <= 4, "other axes than the grid's");
  if (files_apart) size *= 2;
  const std::vector<std::string> file_values =
      file != axis.end() ? file->second : std::vector<std::string>{""};
  law(file_values.size() == (files_apart ? 2u : 1u),
      "the matrix's file has " + std::to_string(file_values.size()) + " values");
  std::vector<double> values;
  if (broken.empty()) values = h5.read<double>("/test_accuracy");
  law(values.size() == size,
      "test_accuracy has " + std::to_string(values.size()) + " values for " + std::to_string(size));
  if (broken.empty()) {
    std::size_t at = 0;
    const auto each = [&](const std::string& name, const std::string& only) {
      return axis.count(name) ? axis[name] : std::vector<std::string>{only};
    };
    std::vector<std::string> order = h5.attribute_strings("/", "axes");
    std::erase(order, "");
    law(std::is_sorted(order.begin(), order.end(),
                       [](const std::string& a, const std::string& b) {
                         const auto rank = [](const std::string& s) {
                           return s == "p" ? 0 : s == "norm" ? 1 : 2;
                         };
                         return rank(a) < rank(b);
                       }),
        "the axes stand in another order than in the grid");
    for (const std::string& p : each("p", std::to_string(grid.p[0])))
      for (const std::string& norm : each("norm", grid.norm[0]))
        for (const std::string& transform : each("transform", grid.transform[0]))
          for (int point = 0; point < grid.seeds * static_cast<int>(file_values.size()); ++point, ++at) {
            const int seed = point % grid.seeds;
            const std::string& of_file = file_values[static_cast<std::size_t>(point / grid.seeds)];
            const std::string key = key_of(std::stoi(p), norm, grid.epochs, transform, seed, files);
            const double value = values[at];
            if (files_apart && (transform == "matrix") == of_file.empty())
              law(std::isnan(value),
                  "test_accuracy of " + transform + " with the file `" + of_file + "` is not NaN");
            else if (settled || !std::isnan(value))
              law(value == accuracy_of(key) && done.count(key),
                  "test_accuracy at " + key + " is " + std::to_string(value) + ", its trial's " +
                      std::to_string(accuracy_of(key)) + (done.count(key) ? "" : ", and none is there"));
            else
              law(!done.count(key), "test_accuracy at " + key + " is NaN, and its trial is complete");
          }
  }

  // The table: every trial of the store once, the grid's marked.
  const auto id = h5.read_strings("/trials/id"), status = h5.read_strings("/trials/status"),
             data = h5.read_strings("/trials/data"), configuration = h5.read_strings("/trials/configuration");
  const auto in_grid = h5.read<std::int64_t>("/trials/in_grid"), cell = h5.read<std::int64_t>("/trials/cell");
  const auto accuracy = h5.read<double>("/trials/test_accuracy");
  std::map<std::string, std::string> key_of_id;
  for (const auto& [key, ids] : done) {
    law(ids.size() == 1, "the store holds " + key + " as " + join(ids, " and "));
    for (const std::string& i : ids) key_of_id[i] = key;
  }
  law(std::set<std::string>(id.begin(), id.end()).size() == id.size(), "/trials holds a trial twice");
  std::set<std::string> found;
  std::map<std::int64_t, std::string> cells;
  for (std::size_t r = 0; r < id.size(); ++r) {
    if (status[r] != "complete") continue;
    const std::string key = key_of_id.count(id[r]) ? key_of_id[id[r]] : "";
    law(!key.empty() && accuracy[r] == accuracy_of(key),
        "/trials: " + id[r] + " has another accuracy than " + key);
    law((in_grid[r] == 1) == (wanted.count(key) > 0),
        "/trials: in_grid of " + key + " is " + std::to_string(in_grid[r]));
    std::string rest = key;  // without the seed
    rest.erase(rest.find(" seed="), rest.find(" data=") - rest.find(" seed="));
    const std::string& first = cells.emplace(cell[r], rest).first->second;
    law(first == rest, "/trials: one cell holds " + rest + " and " + first);
    found.insert(key);
  }
  for (const auto& [key, ids] : done) law(found.count(key), "/trials lacks " + key);

  // Readers: the grid alone by default; never two data in one cell.
  for (const bool all : {false, true}) {
    const analysis::Study s = analysis::read_study(study, {all, false, {}});
    law(s.rows.size() + s.others.size() == id.size(), "a reader counts other trials than the table");
    for (const analysis::Cell& c : s.cells) {
      std::set<std::string> read;
      for (const std::size_t r : c.rows) {
        if (!s.rows[r].complete()) continue;
        const std::string& key = key_of_id[s.rows[r].id];
        read.insert(key.substr(key.find(" data=")));
        law(all || wanted.count(key), "compare speaks of " + key);
      }
      law(read.size() <= 1, "a cell of compare mixes" + join({read.begin(), read.end()}, " and"));
    }
    if (all || done.size() % 8) continue;  // its intervals take their time
    const analysis::Comparison compared = analysis::compare(s);
    law(s.others.empty() ==
            !std::any_of(compared.notes.begin(), compared.notes.end(),
                         [](const std::string& n) { return n.starts_with("outside its current grid"); }),
        "compare says nothing of the other trials");
  }

  if (!settled) return broken;
  for (const std::string& key : wanted) law(done.count(key), "not run: " + key);
  for (const std::string& problem : verify_study(study.root).problems) broken.push_back("verify: " + problem);
  const std::string plan = read_file(study.plan()), number = text_between(plan, "\ngrid: ", "\n");
  law(read_file(study.history()).find("{\"kind\":\"grid\",\"time\"") != std::string::npos &&
          !number.empty() && read_file(study.history()).find("\"grid\":" + number + ",") != std::string::npos,
      "the history does not know grid " + number);
  return broken;
}

}  // namespace tubal::life
