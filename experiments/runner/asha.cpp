#include "experiments/runner/asha.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/metrics.hpp"

namespace tubal::runner {

namespace fs = std::filesystem;

double ValidationFigures::of(const std::string& metric) const {
  const std::string stored = metric_of(metric).stored;
  for (const auto& [name, figure] :
       {std::pair{"accuracy", accuracy}, {"loss", loss}, {"bits_per_byte", bits_per_byte}})
    if (stored == name) return figure;
  throw Error("no validation figure of `" + metric + "`");
}

bool is_rung(const AshaConfig& asha, int epoch) {
  if (asha.metric.empty()) return false;
  for (long long rung = std::max(1, asha.min); rung <= epoch; rung *= std::max(2, asha.eta))
    if (rung == epoch) return true;
  return false;
}

bool among_best(const std::map<std::string, double>& scores, const std::string& id, int eta) {
  const auto value = [](double x) { return std::isnan(x) ? -std::numeric_limits<double>::infinity() : x; };
  if (std::isnan(scores.at(id))) return false;
  const double mine = value(scores.at(id));
  std::size_t better = 0;
  for (const auto& [other, score] : scores)
    better += value(score) > mine || (value(score) == mine && other < id);
  return better < std::max<std::size_t>(1, scores.size() / static_cast<std::size_t>(std::max(2, eta)));
}

bool asha_goes_on(const layout::StudyFolder& study, const AshaConfig& asha, const std::string& id, int epoch,
                  const ValidationFigures& figures, const std::set<std::string>& among) {
  if (!is_rung(asha, epoch)) return true;
  const double score = worth(metric_of(asha.metric), figures.of(asha.metric));
  const fs::path rung = study.rung(epoch);
  make_folder(rung);
  std::map<std::string, double> scores{{id, score}};
  std::error_code none;
  for (fs::directory_iterator i(rung, none), end; i != end; i.increment(none)) {
    if (i->path().extension() != ".json") continue;
    const auto json = nlohmann::json::parse(read_file(i->path()), nullptr, false);
    if (!json.is_object()) continue;
    const std::string other = i->path().stem().string();
    if (json.value("metric", asha.metric) != asha.metric || (!among.empty() && !among.count(other))) continue;
    const double theirs =
        json.value("score", nlohmann::json()).is_number() ? json["score"].get<double>() : std::nan("");
    if (other != id)
      scores[other] = theirs;
    else if (theirs == score || (std::isnan(theirs) && std::isnan(score)))
      return json.value("goes_on", true);
  }
  const bool goes_on = among_best(scores, id, asha.eta);
  write_file(rung / (id + ".json"),
             nlohmann::json{{"score", std::isfinite(score) ? nlohmann::json(score) : nlohmann::json()},
                            {"metric", asha.metric},
                            {"among", scores.size()},
                            {"goes_on", goes_on}}
                     .dump() +
                 "\n");
  return goes_on;
}

}  // namespace tubal::runner
