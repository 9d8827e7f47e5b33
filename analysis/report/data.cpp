#include "analysis/report/data.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/figures/table.hpp"
#include "analysis/read/ablation.hpp"
#include "analysis/read/text.hpp"
#include "analysis/read/trial.hpp"
#include "analysis/report/cells.hpp"
#include "analysis/report/configuration.hpp"
#include "analysis/report/figures.hpp"
#include "analysis/report/trials.hpp"
#include "analysis/report/words.hpp"
#include "core/build_info.hpp"
#include "core/error.hpp"

namespace tubal::analysis {

namespace {

// Numbers that the largest parts may hold over all cells; about seven bytes each in the file.
constexpr std::size_t spectrum_numbers = 200000, confusion_numbers = 150000;

Json counts(const Study& s) {
  std::map<std::string, std::size_t> states;
  std::size_t seeds = 0;
  for (const Row& row : s.rows) ++states[row.status];
  for (const Cell& cell : s.cells) seeds = std::max(seeds, cell.rows.size());
  return {{"cells", s.cells.size()}, {"trials", s.rows.size()}, {"seeds", seeds}, {"states", states}};
}

// Reading `what` may meet a damaged file: it is named, and the report goes on.
template <class Read>
void attempt(Json& notes, Read read) {
  try {
    read();
  } catch (const Error& e) {
    notes.push_back(std::string(e.what()));
  }
}

Json gather_provenance(const Study& s, Json& notes) {
  std::map<std::string, std::map<std::string, std::size_t>> seen;
  std::string started, ended;
  for (const Row& row : s.rows)
    attempt(notes, [&] {
      for (const auto& [name, value] : read_provenance(s.folder.trial(row.id))) {
        if (name == "started") {
          if (!value.empty() && (started.empty() || value < started)) started = value;
        } else if (name == "created") {
          ended = std::max(ended, value);
        } else if (!value.empty()) {
          ++seen[name][value];
        }
      }
    });
  Json rows = Json::array();
  for (const std::string name : layout::provenance_attributes) {
    if (!seen.count(name)) continue;
    Json values = Json::array();
    for (const auto& [value, trials] : seen[name]) values.push_back({{"value", value}, {"trials", trials}});
    rows.push_back({{"name", name}, {"values", values}});
  }
  for (const auto& [name, value] : {std::pair{"started", started}, {"ended", ended}})
    if (!value.empty())
      rows.push_back(
          {{"name", name}, {"values", Json::array({{{"value", value}, {"trials", s.rows.size()}}})}});
  return rows;
}

Json gather_trials(const Study& s, const std::string& column) {
  std::vector<std::size_t> cell(s.rows.size());
  for (std::size_t i = 0; i < s.cells.size(); ++i)
    for (const std::size_t r : s.cells[i].rows) cell[r] = i;
  Json rows = Json::array();
  for (std::size_t r = 0; r < s.rows.size(); ++r) {
    const Row& row = s.rows[r];
    rows.push_back({row.id, cell[r], row.seed, row.status, brief(s.figure(column, r)),
                    brief(s.figure("seconds", r)), brief(s.figure("peak_memory", r)),
                    brief(s.column("best_epoch").numbers[r]), s.column("host").texts[r]});
  }
  return rows;
}

Json gather_ablation(const Study& s, Json& notes) {
  Json list = Json::array();
  for (std::size_t i = 0; i < s.cells.size(); ++i)
    for (const std::size_t r : s.cells[i].rows)
      attempt(notes, [&] {
        const Ablation a = read_ablation(s.folder.trial(s.rows[r].id));
        if (a.name.empty()) return;
        Json rows = Json::array();
        const auto at = [](const std::vector<double>& x, std::size_t k) {
          return k < x.size() ? brief(x[k]) : Json();
        };
        for (std::size_t k = 0; k < a.name.size(); ++k)
          rows.push_back({{"name", a.name[k]},
                          {"slices", k < a.slices.size() ? a.slices[k] : ""},
                          {"accuracy", brief(a.accuracy[k])},
                          {"interval", {at(a.low, k), at(a.high, k)}}});
        list.push_back({{"cell", i}, {"seed", s.rows[r].seed}, {"id", s.rows[r].id}, {"rows", rows}});
      });
  return list;
}

// What is read from each complete trial.h5, a cell at a time.
void gather_trial_files(const Study& s, const std::vector<TrialCurves>& curves, Json& out) {
  Json notes = out["notes"], spectra = Json::array(), learned = Json::array(),
       confusion = {{"classes", Json::array()}, {"cells", Json::array()}};
  const std::size_t cells = std::max<std::size_t>(s.cells.size(), 1);
  std::size_t left = confusion_numbers;
  for (std::size_t i = 0; i < s.cells.size(); ++i) {
    std::vector<TrialFigures> trials;
    for (const std::size_t r : s.cells[i].rows)
      if (s.rows[r].complete())
        attempt(notes, [&] {
          const layout::TrialFolder folder = s.folder.trial(s.rows[r].id);
          trials.push_back({s.rows[r].seed, s.rows[r].id, &curves[r], read_slices(folder)});
        });
    const auto keep = [i](Json& list, Json&& part) {
      if (part.empty()) return;
      Json row = {{"cell", i}};
      row.update(part);
      list.push_back(std::move(row));
    };
    keep(spectra, spectra_of_cell(trials, std::max<std::size_t>(spectrum_numbers / cells, 64)));
    if (learned.size() < 60) keep(learned, learned_transform_of_cell(trials));
    for (const TrialFigures& t : trials)
      if (confusion["classes"].empty()) confusion["classes"] = t.curves->classes;
    Json counted = confusion_of_cell(trials);
    if (counted.empty()) continue;
    if (const std::size_t n = counted["counts"].size(); n <= left || s.cells[i].baseline) {
      left -= std::min(n, left);
      keep(confusion["cells"], std::move(counted));
    }
  }
  out["notes"] = notes;
  out["confusion"] = confusion;
  out["spectra"] = spectra;
  out["learned"] = learned;
}

// What the data sets of /spectrum are called here.
Json gather_quantities() {
  Json list = Json::array();
  const std::string group = "/spectrum/";
  for (const layout::Entry& e : layout::trial_entries) {
    std::string name = e.path;
    if (!name.starts_with(group) || std::string(e.axes) != "epoch layer slice") continue;
    name = name.substr(group.size());
    std::string title = name, meaning = e.meaning;
    std::replace(title.begin(), title.end(), '_', ' ');
    title[0] = static_cast<char>(std::toupper(title[0]));
    meaning[0] = static_cast<char>(std::toupper(meaning[0]));
    list.push_back({{"name", name},
                    {"title", title},
                    {"unit", std::string(e.unit) == "1" ? "" : e.unit},
                    {"meaning", meaning + "."}});
  }
  return list;
}

// Share of the commonest class in the test part: what a constant answer reaches.
Json majority(const Json& confusion) {
  const std::size_t C = confusion["classes"].size();
  if (C == 0 || confusion["cells"].empty()) return nullptr;
  const auto counts = confusion["cells"][0]["counts"].get<std::vector<double>>();
  double all = 0, most = 0;
  for (std::size_t c = 0; c < C; ++c) {
    double row = 0;
    for (std::size_t k = 0; k < C; ++k) row += counts.at(c * C + k);
    all += row;
    most = std::max(most, row);
  }
  return all > 0 ? Json(most / all) : Json(nullptr);
}

}  // namespace

Json gather_report(const Study& s, const ReportOptions& options) {
  const Comparison c = compare(s, options.metric, options.level);
  const double margin = options.margin.value_or(c.measure.metric->margin);
  const BuildInfo& build = build_info();
  std::vector<std::string> damaged;
  const Scene scene = set_scene(s, c, c.results, damaged);
  const auto position = [](std::optional<std::size_t> k) { return k ? Json(*k) : Json(); };
  Json out = {{"study", s.name},
              {"created", s.created},
              {"program", build.version + " (" + build.revision + ")"},
              {"metric", c.measure.name()},
              {"measure", facts_of(c.measure)},
              {"beside", Json::array()},
              {"language", c.measure.language},
              {"level", options.level},
              {"margin", margin},
              {"margin_text", c.measure.amount(margin)},
              {"counts", counts(s)},
              {"factors", factors_json(scene.factors)},
              {"ranked", scene.factors.ranked},
              {"colour", position(scene.factors.colour)},
              {"figures", figures_json(gather_figures(scene))},
              {"cells", gather_cells(s, c, scene.factors, margin)}};
  for (const Measure& m : c.beside) out["beside"].push_back(facts_of(m));
  out["ngrams"] = ngrams_json(scene.ngrams);
  const auto data = s.columns.find("data.name");
  out["data"] = data == s.columns.end() || s.rows.empty() ? "" : data->second.texts[0];
  out["summary"] = summary_in_words(s, c, margin, out["cells"], out["ngrams"]);
  out["failures"] = gather_failures(s);
  out["notes"] = c.notes;
  if (!out["failures"].empty()) out["notes"].erase(0);  // it lists them too
  for (const std::string& note : damaged) out["notes"].push_back(note);
  gather_trial_files(s, scene.curves, out);
  out["quantities"] = gather_quantities();
  const bool of_right_answers = c.measure.metric == &first_metric(false);
  out["majority"] = of_right_answers ? majority(out["confusion"]) : Json();
  out["ablation"] = gather_ablation(s, out["notes"]);
  out["provenance"] = gather_provenance(s, out["notes"]);
  out["configuration"] = gather_configuration(s);
  out["reproduce"] = commands_to_reproduce(s, out["provenance"]);
  out["trials"] = gather_trials(s, c.measure.column());
  // A damaged file is met by each reader of it: say it once.
  Json& notes = out["notes"];
  Json once = Json::array();
  for (const Json& n : notes)
    if (std::find(once.begin(), once.end(), n) == once.end()) once.push_back(n);
  notes = once;
  return out;
}

}  // namespace tubal::analysis
