#include "experiments/data/class_names.hpp"

#include <algorithm>
#include <cctype>
#include <numeric>

#include "core/text.hpp"

namespace tubal {

namespace {

bool is_number(const std::string& s) {
  const std::size_t sign = !s.empty() && s[0] == '-';
  return s.size() > sign && std::all_of(s.begin() + static_cast<std::ptrdiff_t>(sign), s.end(),
                                        [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::int32_t class_of(Corpus& corpus, std::string_view name, std::string& problem) {
  const std::string shown = "`" + tubal::shown(name) + "`";
  const auto integer = [](std::string_view s) {
    if (!s.empty() && s[0] == '-') s.remove_prefix(1);
    return !s.empty() && s.size() < 18 && s.find_first_not_of("0123456789") == s.npos &&
           (s[0] != '0' || s.size() == 1);
  };
  auto& classes = corpus.classes;
  if (name.find('\0') != name.npos) {
    problem = "the label " + shown + " holds a NUL byte, which no class's name can; remove it.";
    return 0;
  }
  if (corpus.fixed) {
    if (integer(name) && name[0] != '-')
      if (const long long k = std::stoll(std::string(name)); k < static_cast<long long>(classes.size()))
        return static_cast<std::int32_t>(k);
    for (std::size_t k = 0; k < classes.size(); ++k)  // or by its name, in any case of letters
      if (std::equal(name.begin(), name.end(), classes[k].begin(), classes[k].end(), [](char a, char b) {
            return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
          }))
        return static_cast<std::int32_t>(k);
    std::string allowed;
    for (std::size_t k = 0; k < classes.size(); ++k)
      allowed += (k ? ", " : "") + std::to_string(k) + " " + classes[k];
    problem = "the label is " + shown + "; allowed are " + allowed + ".";
    return 0;
  }
  for (std::size_t k = 0; k < classes.size(); ++k)
    if (classes[k] == name) return static_cast<std::int32_t>(k);
  if (name.empty())
    problem = "the label is empty.";
  else if (!classes.empty() && integer(classes[0]) != integer(name))
    problem = "the label " + shown + (integer(name) ? " is an integer" : " is no integer") +
              " and the first row's, `" + classes[0] + (integer(name) ? "`, is none" : "`, is one") +
              "; a file labels with integers or with names, not with both.";
  else if (classes.size() >= 1000)
    problem = shown + " is the 1001st different label; is this the right column?";
  else
    classes.emplace_back(name);
  return static_cast<std::int32_t>(classes.size()) - 1;
}

void sort_classes(Corpus& corpus) {
  const bool numbers = std::all_of(corpus.classes.begin(), corpus.classes.end(),
                                   [](const auto& s) { return is_number(s) && s.size() < 18; });
  std::vector<std::int32_t> order(corpus.classes.size()), place(order.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](auto a, auto b) {
    const std::string &x = corpus.classes[a], &y = corpus.classes[b];
    return numbers ? std::stoll(x) < std::stoll(y) : x < y;
  });
  std::vector<std::string> sorted;
  for (std::size_t i = 0; i < order.size(); ++i) {
    place[order[i]] = static_cast<std::int32_t>(i);
    sorted.push_back(corpus.classes[order[i]]);
  }
  corpus.classes = sorted;
  for (LabelledTexts* rows : {&corpus.train, &corpus.test})
    for (std::int32_t& label : rows->labels) label = place[label];
}

}  // namespace tubal
