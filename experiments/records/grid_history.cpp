#include "experiments/records/grid_history.hpp"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/build_info.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/process_space.hpp"
#include "experiments/records/journal.hpp"

namespace tubal {

namespace {

using Json = nlohmann::ordered_json;

std::string user_name() {
  const passwd* entry = ::getpwuid(::geteuid());
  return entry ? entry->pw_name : std::to_string(::geteuid());
}

Json begun(const char* kind) {
  return {{"kind", kind},
          {"time", time_stamp()},
          {"user", user_name()},
          {"host", host_name()},
          {"program", build_info().version + " (" + build_info().revision + ")"}};
}

void append(const layout::StudyFolder& study, const Json& record) {
  const fs::path file = study.history();
  JournalContent before;
  try {
    before = read_journal(file);
  } catch (const Error& e) {
    if (about(e.cause()).outside) throw;  // it is whole, but cannot be read now
    fs::path aside = layout::damaged(file);
    for (int n = 2; fs::exists(aside); ++n) aside = layout::damaged(file).string() + "-" + std::to_string(n);
    fs::rename(file, aside);
  }
  Journal journal(file, before.records.size(), before.bytes);
  journal.add(record.dump(-1, ' ', false, Json::error_handler_t::replace));
  journal.sync();
}

Json value_of(const Value& value) {
  return std::visit([](const auto& x) { return Json(x); }, value);
}

}  // namespace

const GridRecord* GridHistory::grid(int number) const {
  for (auto g = grids.rbegin(); g != grids.rend(); ++g)
    if (g->number == number) return &*g;
  return nullptr;
}

const GridTrial* GridHistory::trial(const std::string& id) const {
  for (auto g = grids.rbegin(); g != grids.rend(); ++g)
    for (const GridTrial& t : g->trials)
      if (t.id == id) return &t;
  return nullptr;
}

GridHistory read_grid_history(const layout::StudyFolder& study) {
  GridHistory history;
  const JournalContent journal = read_journal(study.history());
  for (std::size_t n = 0; n < journal.records.size(); ++n) try {
      const Json j = Json::parse(journal.records[n]);
      const std::string kind = j.at("kind");
      if (kind == "grid") {
        GridRecord g;
        g.number = j.at("grid");
        g.time = j.at("time");
        g.user = j.at("user");
        g.host = j.at("host");
        g.program = j.at("program");
        g.source = j.at("source");
        g.note = j.at("note");
        for (const auto& word : j.at("command")) g.command.push_back(word);
        for (const auto& text : j.at("texts")) g.texts.emplace_back(text.at(0), text.at(1));
        for (const auto& axis : j.at("axes")) g.axes.push_back(axis);
        for (const auto& t : j.at("trials")) g.trials.push_back({t.at(0), t.at(1), t.at(2), t.at(3)});
        history.grids.push_back(std::move(g));
      } else if (kind == "run") {
        for (GridRecord& g : history.grids)
          if (g.number == j.at("grid")) g.runs.push_back(j.at("time"));
      } else if (kind == "prune") {
        history.prunes.push_back({j.at("time"), j.at("user"), j.at("host"), j.at("archive"), {}});
        for (const auto& id : j.at("trials")) history.prunes.back().trials.push_back(id);
      }  // others: of a later version, and no matter to this one
    } catch (const nlohmann::json::exception& e) {
      throw Error(study.history().string() + ":" + std::to_string(n + 1) + ": the record cannot be read (" +
                  e.what() + ").");
    }
  return history;
}

void append_grid(const layout::StudyFolder& study, const StudyPlan& plan, const std::string& note) {
  Json record = begun("grid");
  record["grid"] = plan.grid;
  record["source"] = plan.source;
  record["note"] = note;
  record["command"] = plan.command;
  record["texts"] = Json::array();
  for (const auto& [file, text] : plan.texts) record["texts"].push_back({file, text});
  record["axes"] = plan.axes;
  record["seeds"] = plan.seeds;
  record["baseline"] = Json::object();
  for (const auto& [key, value] : plan.baseline) record["baseline"][key] = value_of(value);
  record["trials"] = Json::array();
  for (const Trial& t : plan.trials)
    record["trials"].push_back(Json::array({t.id, t.label, t.config.seed, t.baseline}));
  append(study, record);
}

void append_run(const layout::StudyFolder& study, int grid) {
  Json record = begun("run");
  record["grid"] = grid;
  append(study, record);
}

void append_prune(const layout::StudyFolder& study, const std::vector<std::string>& trials,
                  const std::string& archive) {
  Json record = begun("prune");
  record["archive"] = archive;
  record["trials"] = trials;
  append(study, record);
}

}  // namespace tubal
