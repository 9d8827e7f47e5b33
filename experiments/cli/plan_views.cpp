#include "experiments/cli/plan_views.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "analysis/read/text.hpp"
#include "core/format.hpp"
#include "core/parallel.hpp"
#include "core/text_table.hpp"
#include "experiments/config/identity.hpp"
#include "experiments/config/value.hpp"
#include "experiments/data/data_hint.hpp"

namespace tubal::cli {

namespace {

using Words = std::vector<std::string>;
using Json = nlohmann::ordered_json;
using text::bytes;

std::string duration(double s) {
  return s < 100 ? format("%.0f s", s) : s < 6000 ? format("%.0f min", s / 60) : format("%.1f h", s / 3600);
}

Json json_value(const Value& v) {
  return std::visit([](const auto& x) { return Json(x); }, v);
}
Json json_values(const Values& values) {
  Json out = Json::object();
  for (const auto& [key, value] : values) out[key] = json_value(value);
  return out;
}

// Seconds until the last trial ends, where each begins in order as soon as one of `jobs` places is free.
double side_by_side(const std::vector<double>& times, int jobs) {
  std::vector<double> busy_until(static_cast<std::size_t>(jobs), 0);
  for (const double t : times) *std::min_element(busy_until.begin(), busy_until.end()) += t;
  return *std::max_element(busy_until.begin(), busy_until.end());
}

int places(const RuntimeConfig& runtime) {
  return runtime.jobs > 0 ? runtime.jobs : std::max(1, allowed_cores() / usable_threads(runtime.threads));
}

// What the figures of a cost stand on, since no data are read.
void print_assumptions(std::ostream& out, const DataConfig& data, const Estimate& e) {
  if (data.language) {
    const TextHint hint = text_hint(data);
    out << "Data are not tokenized: a vocabulary of " << grouped(e.vocabulary) << ", windows of "
        << data.max_length << " tokens, about " << grouped(static_cast<long long>(hint.train))
        << " tokens for training and " << grouped(static_cast<long long>(hint.validation))
        << " for validation (" << hint.source << ").\n";
    return;
  }
  out << "Data are not read: vocabulary at the tokenizer's limit (" << grouped(data.tokenizer.vocabulary)
      << "), " << e.classes << " classes, " << format("%.0f", e.mean_tokens) << " tokens a text ("
      << data_hint(data).source << ").\n";
}

}  // namespace

void print_plan_json(std::ostream& out, const StudyPlan& plan, const std::vector<Estimate>& estimates) {
  Json all = {{"study", plan.study},
              {"source", plan.source},
              {"axes", plan.axes},
              {"seeds", plan.seeds},
              {"baseline", json_values(plan.baseline)},
              {"warnings", plan.warnings}};
  all["dropped"] = Json::array();
  for (const Dropped& d : plan.dropped) all["dropped"].push_back({{"count", d.count}, {"reason", d.reason}});
  all["trials"] = Json::array();
  for (std::size_t i = 0; i < plan.trials.size(); ++i) {
    const Trial& t = plan.trials[i];
    const Estimate& e = estimates[i];
    Json row = {{"id", t.id},
                {"sha256", t.sha256},
                {"label", t.label},
                {"seed", t.config.seed},
                {"baseline", t.baseline}};
    const auto known = [&](double x) { return e.known ? Json(x) : Json(nullptr); };
    row["encoder_parameters"] = e.known ? Json(e.encoder) : nullptr;
    row["total_parameters"] = e.known ? Json(e.total) : nullptr;
    row["flops_per_token"] = known(e.flops);
    row["memory_bytes"] = known(e.memory);
    row["disk_bytes"] = known(e.disk);
    row["seconds"] = e.seconds ? Json(*e.seconds) : nullptr;
    row["seconds_timed"] = e.timed;
    row["seconds_of_looking"] = e.seconds_a_look ? Json(e.looks * *e.seconds_a_look) : nullptr;
    row["values"] = json_values(values_of(t.config));
    all["trials"].push_back(std::move(row));
  }
  out << all.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
}

void print_plan(std::ostream& out, const StudyPlan& plan, const std::vector<Estimate>& estimates,
                bool by_cell) {
  std::map<std::string, int> cells;
  for (const Trial& t : plan.trials) ++cells[t.label];
  out << "study " << plan.study << ": " << plural(plan.trials.size(), "trial") << ", "
      << plural(cells.size(), "cell") << " x " << plural(plan.seeds.size(), "seed") << "\n";
  for (const Dropped& d : plan.dropped)
    out << "  dropped " << plural(d.count, "duplicate") << ": " << d.reason << "\n";
  std::vector<Words> rows = {by_cell ? Words{"cell", "seeds"} : Words{"trial", "cell", "seed"}};
  for (const char* column : {"encoder", "total", "MFLOP/token", "memory", "disk", "time"})
    rows[0].push_back(column);
  std::map<std::string, bool> shown;
  double seconds = 0, disk = 0, looking = 0;
  std::vector<double> times;
  bool all_timed = true, scaled = false;
  for (std::size_t i = 0; i < plan.trials.size(); ++i) {
    const Trial& t = plan.trials[i];
    const Estimate& e = estimates[i];
    looking += e.looks * e.seconds_a_look.value_or(0);
    times.push_back(e.seconds.value_or(0));
    if (e.seconds)
      seconds += *e.seconds;
    else if (e.known)
      all_timed = false;
    scaled |= e.seconds && !e.timed;
    disk += e.disk;
    if (by_cell && shown[t.label]) continue;
    shown[t.label] = true;
    const std::string label = (t.label.empty() ? "(the only cell)" : t.label) + (t.baseline ? "  *" : "");
    Words row = by_cell ? Words{label, std::to_string(cells[t.label])}
                        : Words{t.id, label, std::to_string(t.config.seed)};
    for (std::string& text : e.known ? Words{grouped(e.encoder), grouped(e.total),
                                             format("%.2f", e.flops / 1e6), bytes(e.memory), bytes(e.disk)}
                                     : Words(5, "-"))
      row.push_back(std::move(text));
    row.push_back(e.seconds ? (e.timed ? "" : "~") + duration(*e.seconds) : "-");
    rows.push_back(std::move(row));
  }
  out << "\n";
  out << text_table(rows, by_cell ? std::vector<std::size_t>{0} : std::vector<std::size_t>{0, 1});
  out << "\n";
  if (!plan.baseline.empty()) out << "* baseline\n";
  const int jobs = places(plan.runtime);
  out << "in all: disk at most " << bytes(disk);
  if (seconds > 0)
    out << ", time " << duration(seconds) << " one after another, about "
        << duration(side_by_side(times, jobs)) << " with " << jobs << " at a time"
        << (all_timed ? "" : " (without the trials that could not be timed)");
  out << "\n";
  if (looking > 0.01 * seconds)
    out << "of it, looking into the slices after each evaluation: " << duration(looking) << " ("
        << format("%.0f", 100 * looking / seconds) << " %)\n";
  if (scaled) out << "~ scaled by FLOPs from models that were timed here\n";
  print_assumptions(out, plan.trials[0].config.data, estimates[0]);
}

std::string time_left(const StudyPlan& plan, const std::vector<Estimate>& estimates,
                      const std::vector<std::string>& ids) {
  std::set<std::string> left;
  for (const std::string& id : ids) left.insert(id.substr(0, id.find('-')));
  std::vector<double> times;
  bool all = true;
  for (std::size_t i = 0; i < plan.trials.size(); ++i)
    if (left.count(plan.trials[i].id)) {
      times.push_back(estimates[i].seconds.value_or(0));
      all &= estimates[i].seconds || !estimates[i].known;
    }
  const int jobs = places(plan.runtime);
  const double seconds = side_by_side(times, jobs);
  if (!all || seconds == 0) return "";
  return "about " + duration(seconds) + " with " + std::to_string(jobs) + " at a time";
}

}  // namespace tubal::cli
