#include "analysis/read/study.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/read/text.hpp"
#include "analysis/statistics/nan.hpp"
#include "core/axis_names.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/metrics.hpp"
#include "core/typed.hpp"

namespace tubal::analysis {

std::vector<std::string> Study::outside() const {
  std::vector<std::string> notes;
  if (other_task)
    notes.push_back(text::plural(other_task, "trial") + " of the other task " +
                    (other_task == 1 ? "is" : "are") + " left out (--task).");
  if (others.empty()) return notes;
  std::map<std::string, std::string> data;
  for (const Row& row : rows) data.emplace(row.configuration, row.data);
  std::vector<std::string> same;
  for (const Row& row : others)
    if (const auto found = data.find(row.configuration);
        found != data.end() && !row.configuration.empty() && found->second != row.data)
      same.push_back(row.id + " (data " + (row.data.empty() ? "unknown" : row.data) + ")");
  notes.push_back("outside its current grid the study holds " + text::plural(others.size(), "trial") +
                  ", which " + (others.size() == 1 ? "enters" : "enter") +
                  " no figure here: --all takes them in, `tubal history " + typed(folder) +
                  "` tells their grids.");
  if (same.empty()) return notes;
  const std::size_t count = same.size();
  if (count > 6) {
    same.resize(6);
    same.push_back("and " + std::to_string(count - 6) + " more");
  }
  notes.push_back(text::plural(count, "trial") + " of these " + (count == 1 ? "is" : "are") +
                  " the same configuration on other data than the grid's now: " + join(same) +
                  ". --all shows them as cells of their own, --mix-data takes them into the grid's means.");
  return notes;
}

const Column& Study::column(const std::string& wanted) const {
  const auto found = columns.find(wanted);
  if (found != columns.end()) return found->second;
  std::vector<std::string> names;
  for (const auto& [n, c] : columns) names.push_back(n);
  throw UsageError(folder.data().string() + ": /trials has no column `" + wanted + "`. " +
                   did_you_mean(wanted, names) + " There are: " + join(names) + ".");
}

bool Study::language(std::size_t row) const {
  const auto task = columns.find("task");
  return task != columns.end() && task->second.texts[row] == "language_model";
}

bool Study::measured(std::size_t row) const {
  for (const std::string part : {"test_", "validation_"}) {
    const auto found = columns.find(part + first_metric(language(row)).name);
    if (found != columns.end() && rows[row].complete() && !std::isnan(found->second.numbers[row]))
      return true;
  }
  return false;
}

std::string Study::state_of(std::size_t row) const {
  const std::string metric = first_metric(language(row)).title;
  const bool vowel = std::string("aeiou").find(metric[0]) != std::string::npos;
  return rows[row].complete() ? "complete, but without " + std::string(vowel ? "an " : "a ") + metric
                              : rows[row].status;
}

double Study::figure(const std::string& name, std::size_t row) const {
  return rows[row].complete() ? column(name).numbers[row] : nan;
}

std::string Study::key(const std::string& wanted) const {
  std::vector<std::string> all = keys;
  all.push_back("seed");
  all.push_back("status");
  all.push_back("id");
  if (std::find(all.begin(), all.end(), wanted) != all.end()) return wanted;
  const std::vector<std::string> spoken = axis_names(swept);  // as labels say them
  if (const auto named = std::find(spoken.begin(), spoken.end(), wanted); named != spoken.end())
    return swept[static_cast<std::size_t>(named - spoken.begin())];
  for (const std::vector<std::string>& among :
       {swept, all}) {  // a swept key wins over one that is the same everywhere
    std::set<std::string> fits;
    for (const std::string& k : among)
      if (k.ends_with("." + wanted) || k.ends_with("." + wanted + ".name") ||
          k.ends_with("." + wanted + ".kind"))
        fits.insert(k);
    if (fits.size() == 1) return *fits.begin();
    if (fits.size() > 1)
      throw UsageError("`" + wanted + "` may mean " + join({fits.begin(), fits.end()}, " or ") +
                       ": give more of it.");
  }
  for (const std::string& name : axis_names(keys)) all.push_back(name);
  throw UsageError("`" + wanted + "` is not a key of this study. " + did_you_mean(wanted, all) +
                   (swept.empty() ? "" : " Swept here: " + join(swept) + "."));
}

std::vector<std::string> Study::troubles() const {
  std::vector<std::string> lines;
  for (const Cell& cell : cells) {
    std::vector<std::string> planned;
    for (const std::size_t r : cell.rows) {
      const Row& row = rows[r];
      if (measured(r)) continue;
      if (row.status == "planned")
        planned.push_back(std::to_string(row.seed));
      else
        lines.push_back(cell.label + " seed " + std::to_string(row.seed) + " (" + row.id +
                        "): " + state_of(r) + (row.cause.empty() ? "" : ": " + row.cause));
    }
    if (!planned.empty()) lines.push_back(cell.label + " seed " + join(planned) + ": planned");
  }
  return lines;
}

std::size_t Study::without_figure() const {
  std::size_t n = 0;
  for (std::size_t r = 0; r < rows.size(); ++r) n += !measured(r);
  return n;
}

std::string Study::unfinished() const {
  std::size_t open = 0, broken = 0;
  for (const Row& row : rows) {
    open += row.status == "planned" || row.status == "interrupted";
    broken += row.status == "failed" || row.status == "diverged";
  }
  std::string out;
  const bool runs = file_is_there(folder.plan());  // a study.h5 that was copied alone is for reading
  const auto tell = [&](std::size_t n, const std::string& states, const std::string& command) {
    if (n == 0) return;
    out += (out.empty() ? "" : " ") + text::plural(n, "trial") + " " + states +
           (runs ? ": `tubal " + command : "") + ".";
  };
  tell(open, open == 1 ? "is planned or interrupted" : "are planned or interrupted",
       "run " + typed(folder) + "` goes on");
  tell(broken, "failed or diverged",
       "retry " + typed(folder) + " --failed` runs " + (broken == 1 ? "it" : "them") + " again");
  return out;
}

}  // namespace tubal::analysis
