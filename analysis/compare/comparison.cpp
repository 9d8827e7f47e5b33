#include "analysis/compare/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/compare/notes.hpp"
#include "analysis/statistics/nan.hpp"

namespace tubal::analysis {

// The figures of a cell's complete trials, NaN left out.
static std::vector<double> figures(const Study& s, const Cell& cell, const std::string& column) {
  std::vector<double> x;
  for (const std::size_t r : cell.rows)
    if (const double v = s.figure(column, r); !std::isnan(v)) x.push_back(v);
  return x;
}

// NaN where the study's file has no such column.
static double mean_where_known(const Study& s, const Cell& cell, const std::string& column) {
  return s.columns.contains(column) ? statistics::mean(figures(s, cell, column)) : nan;
}

// Parameters follow from the configuration: any trial that knows them will do.
static double parameters(const Study& s, const Cell& cell, const std::string& column) {
  for (const std::size_t r : cell.rows)
    if (const double v = s.column(column).numbers[r]; v > 0) return v;
  return nan;
}

static long reference_of(const Study& s, const Cell& cell) {
  long best = -1;
  int most = -1;
  for (std::size_t b = 0; b < s.cells.size(); ++b) {
    if (!s.cells[b].baseline) continue;
    int same = 0;
    for (std::size_t k = 0; k < cell.values.size(); ++k) same += cell.values[k] == s.cells[b].values[k];
    if (same > most) {
      most = same;
      best = static_cast<long>(b);
    }
  }
  return best;
}

// One a seed. Where a seed has several trials (on several data, by --mix-data) its figure is their mean.
static std::vector<statistics::SeedResult> seeds_of(const Study& s, const Cell& cell,
                                                    const std::string& column) {
  std::map<long, std::vector<std::size_t>> rows;
  for (const std::size_t r : cell.rows) rows[s.rows[r].seed].push_back(r);
  std::vector<statistics::SeedResult> seeds;
  for (const auto& [seed, of_seed] : rows) {
    statistics::SeedResult result{seed, s.rows[of_seed[0]].status, s.figure(column, of_seed[0])};
    std::vector<double> values;
    for (const std::size_t r : of_seed)
      if (const double v = s.figure(column, r); !std::isnan(v)) values.push_back(v);
    if (!values.empty()) {
      result.state = "complete";
      result.value = statistics::mean(values);
    }
    seeds.push_back(result);
  }
  return seeds;
}

long best_of(const Comparison& c, const std::vector<CellResult>& results) {
  long best = -1;
  for (std::size_t i = 0; i < results.size(); ++i)
    if (results[i].seeds &&
        (best < 0 || c.measure.better(results[i].mean - results[static_cast<std::size_t>(best)].mean)))
      best = static_cast<long>(i);
  return best;
}

static void pair_up(const Study& s, CellResult& r, const Cell& cell, const Cell& base, const Measure& measure,
                    const statistics::Options& options) {
  const std::string column = measure.column();
  const statistics::Comparison c =
      statistics::compare(seeds_of(s, cell, column), seeds_of(s, base, column), options);
  r.pairs = static_cast<std::size_t>(c.pairs);
  r.difference = c.difference;
  r.difference_interval = c.interval;
  r.difference_student = c.student;
  r.p = c.pairs < 2 ? nan : c.sign_flip;  // one pair has p = 1 whatever it says
  r.wilcoxon = c.pairs < 2 ? nan : c.wilcoxon;
  r.improvement = c.improvement;
  r.improvement_interval = c.improvement_interval;
  r.non_inferiority = c.non_inferiority;
  if (r.non_inferiority) r.non_inferiority->bound = measure.worth(r.non_inferiority->bound);
  r.notes = c.notes;
}

Comparison compare(const Study& s, const std::string& metric, double level, std::optional<double> margin) {
  return compare(s, measure_of(s, metric), level, margin);
}

Comparison compare(const Study& s, const Measure& measure, double level, std::optional<double> margin) {
  Comparison c{measure, level, {}, {}, measures_beside(s, measure)};
  const std::string column = measure.column();
  statistics::Options options;
  options.level = level;
  options.margin = margin;
  options.higher_is_better = !measure.lower();
  std::vector<double> encoder, worth, seconds, p, worse;
  for (std::size_t i = 0; i < s.cells.size(); ++i) {
    const Cell& cell = s.cells[i];
    CellResult r{};
    r.cell = i;
    const std::vector<double> memory = figures(s, cell, "peak_memory");
    const statistics::CellSummary summary = statistics::summarise(seeds_of(s, cell, column), options);
    r.planned = cell.rows.size();
    r.seeds = static_cast<std::size_t>(summary.used);
    r.mean = summary.mean;
    r.deviation = summary.deviation;
    for (const Measure& m : c.beside) r.beside.push_back(statistics::mean(figures(s, cell, m.column())));
    r.interval = summary.interval;
    r.student = summary.student;
    r.notes = summary.notes;
    r.encoder = parameters(s, cell, "parameters_encoder");
    r.total = parameters(s, cell, "parameters_total");
    r.seconds = statistics::mean(figures(s, cell, "seconds"));
    r.processor = mean_where_known(s, cell, "processor_seconds");
    r.flops = mean_where_known(s, cell, "flops");
    r.speed = mean_where_known(s, cell, "tokens_per_second");
    r.memory = memory.empty() ? nan : *std::max_element(memory.begin(), memory.end());
    r.compression = r.difference = r.p = r.wilcoxon = r.improvement = nan;
    r.difference_interval = r.difference_student = r.improvement_interval = {nan, nan};
    const long reference = reference_of(s, cell);
    if (reference >= 0) {
      const Cell& base = s.cells[static_cast<std::size_t>(reference)];
      r.compression = parameters(s, base, "parameters_encoder") / r.encoder;
      if (!cell.baseline) {
        r.reference = reference;
        pair_up(s, r, cell, base, measure, options);
      }
    }
    encoder.push_back(r.encoder);
    worth.push_back(measure.worth(r.mean));
    seconds.push_back(r.seconds);
    p.push_back(r.p);
    worse.push_back(r.non_inferiority ? r.non_inferiority->p : nan);
    c.results.push_back(r);
  }
  const std::vector<double> corrected = statistics::holm(p), corrected_worse = statistics::holm(worse);
  const std::vector<bool> front = statistics::pareto(encoder, worth),
                          fast = statistics::pareto(seconds, worth);
  for (std::size_t i = 0; i < c.results.size(); ++i) {
    c.results[i].p_holm = corrected[i];
    c.results[i].p_non_inferiority = corrected_worse[i];
    c.results[i].front_parameters = front[i];
    c.results[i].front_seconds = fast[i];
  }
  add_notes(s, c);
  return c;
}

}  // namespace tubal::analysis
