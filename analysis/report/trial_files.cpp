#include "analysis/report/trial_files.hpp"

#include <algorithm>
#include <cctype>

#include "analysis/read/ablation.hpp"
#include "analysis/report/attempt.hpp"
#include "analysis/report/trials.hpp"
#include "core/layout.hpp"
#include "core/layout_entries.hpp"

namespace tubal::analysis {

// Numbers that the largest parts may hold over all cells; about seven bytes each in the file. So much of its
// spectra a cell keeps in any case, and of so many cells the learned transforms are shown.
static constexpr std::size_t spectrum_numbers = 200000, confusion_numbers = 150000, least_of_a_cell = 64,
                             learned_cells = 60;

void gather_trial_files(const Study& s, const std::vector<TrialCurves>& curves, Json& report) {
  Json spectra = Json::array(), learned = Json::array(),
       confusion = {{"classes", Json::array()}, {"cells", Json::array()}};
  const std::size_t cells = std::max<std::size_t>(s.cells.size(), 1);
  std::size_t left = confusion_numbers;
  for (std::size_t i = 0; i < s.cells.size(); ++i) {
    std::vector<TrialFigures> trials;
    for (const std::size_t r : s.cells[i].rows)
      if (s.rows[r].complete())
        attempt(report["notes"], [&] {
          const layout::TrialFolder folder = s.folder.trial(s.rows[r].id);
          trials.push_back({s.rows[r].seed, s.rows[r].id, &curves[r], read_slices(folder)});
        });
    const auto keep = [i](Json& list, Json&& part) {
      if (part.empty()) return;
      Json row = {{"cell", i}};
      row.update(part);
      list.push_back(std::move(row));
    };
    keep(spectra, spectra_of_cell(trials, std::max(spectrum_numbers / cells, least_of_a_cell)));
    if (learned.size() < learned_cells) keep(learned, learned_transform_of_cell(trials));
    for (const TrialFigures& t : trials)
      if (confusion["classes"].empty()) confusion["classes"] = t.curves->classes;
    Json counted = confusion_of_cell(trials);
    if (counted.empty()) continue;
    if (const std::size_t n = counted["counts"].size(); n <= left || s.cells[i].baseline) {
      left -= std::min(n, left);
      keep(confusion["cells"], std::move(counted));
    }
  }
  report["confusion"] = confusion;
  report["spectra"] = spectra;
  report["learned"] = learned;
}

Json spectrum_quantities() {
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

Json majority_share(const Json& confusion) {
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

}  // namespace tubal::analysis
