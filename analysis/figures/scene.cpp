#include "analysis/figures/scene.hpp"

#include "core/error.hpp"

namespace tubal::analysis {

Scene set_scene(const Study& s, const Comparison& c, const std::vector<CellResult>& results,
                std::vector<std::string>& damaged) {
  Scene scene{s, c, results, factors_of(s), ngram_sets(s, c.measure, damaged), {}};
  scene.curves.resize(s.rows.size());
  for (const CellResult& r : results)
    for (const std::size_t row : s.cells[r.cell].rows) {
      if (!s.rows[row].complete()) continue;
      try {
        scene.curves[row] = read_curves(s.folder.trial(s.rows[row].id));
      } catch (const Error& e) {
        damaged.push_back(e.what());
      }
    }
  return scene;
}

}  // namespace tubal::analysis
