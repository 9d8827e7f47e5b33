// One-line descriptions of Debian's packages, labelled by section (its area, such as contrib/, taken off). A
// fifth, by a hash of the description, is the test part: packages that share a description (transitional and
// split ones do) fall on one side, and the split stays as it is when packages come or go.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>

#include "core/error.hpp"
#include "core/process.hpp"
#include "core/random.hpp"
#include "experiments/data/readers.hpp"
#include "experiments/text/utf8.hpp"

namespace tubal {

namespace {

// apt's lists, unpacked. apt-helper knows every compression and takes a fifteenth of
// `apt-cache dumpavail`'s time.
std::string package_lists(const std::vector<std::string>& files) {
  std::vector<std::string> words = {"/usr/lib/apt/apt-helper", "cat-file"};
  words.insert(words.end(), files.begin(), files.end());
  std::string all;
  if (!files.empty()) all = ask(words, Hear::output).text;
  if (all.empty()) all = ask({"apt-cache", "dumpavail"}, Hear::output).text;
  return all;
}

std::uint64_t fnv(std::string_view text) {
  std::uint64_t h = 1469598103934665603ull;
  for (const unsigned char c : text) h = (h ^ c) * 1099511628211ull;
  return h;
}

Paths debian_files(const DataConfig&) {
  Paths files;
  std::error_code missing;
  for (const auto& entry : std::filesystem::directory_iterator("/var/lib/apt/lists", missing))
    if (entry.path().filename().string().find("_Packages") != std::string::npos)
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

void read_debian(Corpus& corpus, const DataConfig& d, const Paths&) {
  const std::string all = package_lists(debian_files(d));
  // Name: section, description.
  std::map<std::string_view, std::pair<std::string_view, std::string_view>> packages;
  std::string_view name, section, description;
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = std::min(all.find('\n', at), all.size());
    const std::string_view line(all.data() + at, end - at);
    at = end + 1;
    const auto field = [&](std::string_view key, std::string_view& into) {
      if (line.substr(0, key.size()) == key) into = line.substr(key.size());
    };
    field("Package: ", name);
    field("Section: ", section);
    field("Description: ", description);
    field("Description-en: ", description);
    if (!line.empty() && at < all.size()) continue;
    if (const auto slash = section.find('/'); slash != section.npos) section.remove_prefix(slash + 1);
    if (!name.empty() && !section.empty() && !description.empty())
      packages.try_emplace(name, section, description);
    name = section = description = {};
  }
  std::map<std::string_view, int> sizes;
  for (const auto& [key, value] : packages) ++sizes[value.first];
  std::vector<std::pair<int, std::string_view>> order;
  for (const auto& [key, n] : sizes) order.emplace_back(-n, key);
  std::sort(order.begin(), order.end());
  if (order.size() < 10)
    throw UsageError("data.name: debian: apt's package lists (/var/lib/apt/lists) hold " +
                     std::to_string(packages.size()) + " descriptions in " + std::to_string(order.size()) +
                     " sections; ten sections are needed. Fetch the lists with `sudo apt-get update` (in a "
                     "container as root: `apt-get update`); where there is no apt, use another data set.");
  order.resize(10);
  std::map<std::string_view, std::int32_t> label;
  for (const auto& [n, key] : order) label.emplace(key, 0);
  for (auto& [key, number] : label) {
    number = static_cast<std::int32_t>(corpus.classes.size());
    corpus.classes.emplace_back(key);
  }
  for (const auto& [key, value] : packages) {
    const auto found = label.find(value.first);
    if (found == label.end() || invalid_utf8(value.second) != std::string_view::npos) continue;
    LabelledTexts& rows = fnv(value.second) % 5 == 0 ? corpus.test : corpus.train;
    corpus.arena.emplace_back(value.second);
    rows.texts.push_back(corpus.arena.back());
    rows.labels.push_back(found->second);
  }
}

DataHint debian_hint(const DataConfig&) {
  return {40000, 10000, 10, 7, 6.5, "debian: about 50,000 lines in ten sections; depends on apt's lists"};
}

}  // namespace

DataReader debian_reader() {
  return {.name = "debian", .files = debian_files, .rows = read_debian, .hint = debian_hint};
}

}  // namespace tubal
