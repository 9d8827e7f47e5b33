#include "analysis/report/trials.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "analysis/read/text.hpp"
#include "analysis/statistics/nan.hpp"
#include "core/hdf5.hpp"
#include "core/metrics.hpp"

namespace tubal::analysis {

Json brief(double x) {
  if (!std::isfinite(x)) return nullptr;
  return std::stod(text::format("%.5g", x));
}

std::vector<std::size_t> thinned(std::size_t n, std::size_t most) {
  const std::size_t m = std::min(n, std::max<std::size_t>(most, 2));
  std::vector<std::size_t> at;
  for (std::size_t i = 0; i < m; ++i) at.push_back(m == 1 ? 0 : (i * (n - 1) + (m - 1) / 2) / (m - 1));
  return at;
}

namespace {

// Mean, lowest and highest of values that come one by one; NaN is left out.
struct Range {
  std::size_t n = 0;
  double sum = 0, low = std::numeric_limits<double>::infinity(), high = -low;
  void add(double x) {
    if (!std::isfinite(x)) return;
    ++n, sum += x, low = std::min(low, x), high = std::max(high, x);
  }
  double mean() const { return n ? sum / static_cast<double>(n) : nan; }
};

struct Ranges {
  Json mean = Json::array(), low = Json::array(), high = Json::array();
  bool any = false;
  void add(const Range& r) {
    any |= r.n > 0;
    mean.push_back(brief(r.mean())), low.push_back(brief(r.n ? r.low : nan)),
        high.push_back(brief(r.n ? r.high : nan));
  }
  Json json() const { return {{"mean", mean}, {"low", low}, {"high", high}}; }
};

// Epochs that any trial has, rising, thinned.
template <class Epochs>
std::vector<double> all_epochs(const std::vector<TrialFigures>& trials, Epochs epochs, std::size_t most) {
  std::set<double> all;
  for (const TrialFigures& t : trials) all.insert(epochs(t).begin(), epochs(t).end());
  const std::vector<double> sorted(all.begin(), all.end());
  std::vector<double> kept;
  for (const std::size_t i : thinned(sorted.size(), most)) kept.push_back(sorted[i]);
  return kept;
}

std::size_t position(const std::vector<double>& epochs, double e) {
  return static_cast<std::size_t>(std::find(epochs.begin(), epochs.end(), e) - epochs.begin());
}

// One series of each trial over the epochs `at`.
template <class Epochs, class Values>
Ranges over_seeds(const std::vector<TrialFigures>& trials, const std::vector<double>& at, Epochs epochs,
                  Values values) {
  Ranges out;
  for (const double e : at) {
    Range r;
    for (const TrialFigures& t : trials) {
      const std::vector<double>* v = values(t);
      if (const std::size_t i = position(epochs(t), e); v && i < v->size()) r.add((*v)[i]);
    }
    out.add(r);
  }
  return out;
}

const std::vector<double>* find(const std::map<std::string, std::vector<double>>& all,
                                const std::string& name) {
  const auto found = all.find(name);
  return found == all.end() ? nullptr : &found->second;
}

}  // namespace

Json curves_of_cell(const std::vector<TrialFigures>& trials, std::size_t most) {
  const auto epochs = [](const TrialFigures& t) -> const std::vector<double>& { return t.curves.epoch; };
  const std::vector<double> at = all_epochs(trials, epochs, most);
  Json out = Json::object();
  if (at.empty()) return out;
  out["epoch"] = at;
  out["seeds"] = Json::array();
  for (const double e : at)
    out["seeds"].push_back(std::count_if(trials.begin(), trials.end(), [&](const TrialFigures& t) {
      return position(t.curves.epoch, e) < t.curves.epoch.size();
    }));
  const auto series = [&](const std::string& name) {
    return over_seeds(trials, at, epochs,
                      [&](const TrialFigures& t) { return find(t.curves.metrics, name); });
  };
  out["step"] = series("step").mean;
  for (const Metric& m : metrics())
    for (const std::string part : {"train_", "validation_"})
      if (const Ranges r = series(part + m.name); r.any) out[part + m.name] = r.json();
  return out;
}

Json confusion_of_cell(const std::vector<TrialFigures>& trials) {
  std::vector<double> counts;
  std::size_t seeds = 0;
  for (const TrialFigures& t : trials) {
    if (t.curves.confusion.empty() || (seeds && t.curves.confusion.size() != counts.size())) continue;
    counts.resize(t.curves.confusion.size());
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += t.curves.confusion[i];
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
      for (const Range& x : r) numbers.push_back(brief(x.mean())), any |= x.n > 0;
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
    if (r.any) out[key] = r.json();
  }
  return out;
}

}  // namespace tubal::analysis
