#include "analysis/report/sentences.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/read/text.hpp"
#include "core/error.hpp"

namespace tubal::analysis::sentences {

double number(const Json& x) { return x.is_number() ? x.get<double>() : std::nan(""); }
std::string label(const Json& cell) { return cell.at("name"); }

std::string with_interval(const Comparison& c, const Json& cell) {
  const double low = number(cell["interval"][0]), high = number(cell["interval"][1]);
  std::string more;
  if (!std::isnan(low))
    more = text::format("%.0f", 100 * c.level) + " % interval " + c.measure.figure(low) + " to " +
           c.measure.figure(high);
  for (std::size_t k = 0; k < c.beside.size(); ++k)
    if (c.beside[k].exponential())
      more += (more.empty() ? "" : "; ") + std::string(c.beside[k].metric->title) + " " +
              c.beside[k].figure(number(cell["beside"][k]));
  return c.measure.with_unit(number(cell["mean"])) + (more.empty() ? "" : " (" + more + ")");
}

const Json& best_cell(const Comparison& c, const Cells& cells) {
  return **std::max_element(cells.begin(), cells.end(), [&](const Json* a, const Json* b) {
    return c.measure.worth(number((*a)["mean"])) < c.measure.worth(number((*b)["mean"]));
  });
}

std::string some(const Cells& cells) {
  std::vector<std::string> names;
  for (const Json* c : cells) names.push_back(label(*c));
  if (names.size() > 4) {
    const std::size_t more = names.size() - 3;
    names.resize(3);
    return join(names) + " and " + std::to_string(more) + " more";
  }
  if (names.size() < 2) return join(names);
  const std::string last = names.back();
  names.pop_back();
  return join(names) + " and " + last;
}

}  // namespace tubal::analysis::sentences
