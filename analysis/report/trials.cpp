#include "analysis/report/trials.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/figures/over_seeds.hpp"

namespace tubal::analysis {

Json brief(double x) {
  const double y = rounded(x);
  return std::isnan(y) ? Json() : Json(y);
}

namespace {

// NaN becomes null as it is written.
Json json_of(const Ranges& r) { return {{"mean", r.mean}, {"low", r.low}, {"high", r.high}}; }

const std::vector<double>* find(const std::map<std::string, std::vector<double>>& all,
                                const std::string& name) {
  const auto found = all.find(name);
  return found == all.end() ? nullptr : &found->second;
}

}  // namespace

Json confusion_of_cell(const std::vector<TrialFigures>& trials) {
  std::vector<double> counts;
  std::size_t seeds = 0;
  for (const TrialFigures& t : trials) {
    if (t.curves->confusion.empty() || (seeds && t.curves->confusion.size() != counts.size())) continue;
    counts.resize(t.curves->confusion.size());
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += t.curves->confusion[i];
    ++seeds;
  }
  if (!seeds) return Json::object();
  return {{"counts", std::vector<long>(counts.begin(), counts.end())}, {"seeds", seeds}};
}

Json spectra_of_cell(const std::vector<TrialFigures>& trials, std::size_t most) {
  const auto first = std::find_if(trials.begin(), trials.end(),
                                  [](const TrialFigures& t) { return !t.slices.spectrum.empty(); });
  if (first == trials.end()) return Json::object();
  const std::size_t layers = first->slices.layers, slices = first->slices.slices, plane = layers * slices;
  std::set<std::string> names;
  for (const TrialFigures& t : trials)
    for (const auto& [name, values] : t.slices.spectrum) names.insert(name);
  const bool by_layer = 2 * names.size() * plane <= most;
  const std::size_t an_epoch = names.size() * (by_layer ? plane : slices);
  const auto epochs = [](const TrialFigures& t) -> const std::vector<double>& { return t.slices.epoch; };
  const std::vector<double> at =
      all_epochs(trials, epochs, std::min<std::size_t>(12, most / std::max<std::size_t>(an_epoch, 1)));
  Json values = Json::object();
  std::size_t seeds = 0;
  for (const TrialFigures& t : trials)
    seeds += t.slices.layers == layers && t.slices.slices == slices && !t.slices.spectrum.empty();
  for (const std::string& name : names) {
    Json numbers = Json::array();
    bool any = false;
    for (const double e : at) {
      std::vector<Range> r(by_layer ? plane : slices);
      for (const TrialFigures& t : trials) {
        const std::vector<double>* v = find(t.slices.spectrum, name);
        const std::size_t i = position(t.slices.epoch, e);
        if (!v || (i + 1) * plane > v->size() || t.slices.slices != slices) continue;
        for (std::size_t j = 0; j < plane; ++j) r[by_layer ? j : j % slices].add((*v)[i * plane + j]);
      }
      for (const Range& x : r) {
        numbers.push_back(brief(x.mean()));
        any |= x.n > 0;
      }
    }
    if (any) values[name] = numbers;
  }
  return {{"epoch", at},
          {"frequency", first->slices.frequency},
          {"layers", by_layer ? layers : 0},
          {"seeds", seeds},
          {"values", values}};
}

Json learned_transform_of_cell(const std::vector<TrialFigures>& trials) {
  const auto moved = [](const TrialFigures& t) {
    const auto plane = static_cast<std::ptrdiff_t>(t.slices.p) * t.slices.p;
    const std::vector<double>& m = t.slices.matrix;
    return t.slices.p > 1 && static_cast<std::ptrdiff_t>(m.size()) >= 2 * plane &&
           !std::equal(m.begin(), m.begin() + plane, m.end() - plane);
  };
  const auto first = std::find_if(trials.begin(), trials.end(), moved);
  if (first == trials.end()) return Json::object();
  const auto plane = static_cast<std::ptrdiff_t>(first->slices.p) * first->slices.p;
  const std::vector<double>& m = first->slices.matrix;
  Json start = Json::array(), end = Json::array();
  for (auto i = m.begin(); i != m.begin() + plane; ++i) start.push_back(brief(*i));
  for (auto i = m.end() - plane; i != m.end(); ++i) end.push_back(brief(*i));
  const auto epochs = [](const TrialFigures& t) -> const std::vector<double>& {
    return t.slices.transform_epoch;
  };
  const std::vector<double> at = all_epochs(trials, epochs, 40);
  Json out = {{"p", first->slices.p}, {"seed", first->seed}, {"id", first->id},
              {"start", start},       {"end", end},          {"epoch", at}};
  for (const auto& [name, key] : {std::pair{"drift_from_init", "drift"},
                                  {"orthogonality_error", "orthogonality"},
                                  {"largest_angle", "angle"}}) {
    const Ranges r = over_seeds(trials, at, epochs,
                                [&, n = name](const TrialFigures& t) { return find(t.slices.transform, n); });
    if (r.any) out[key] = json_of(r);
  }
  return out;
}

}  // namespace tubal::analysis
