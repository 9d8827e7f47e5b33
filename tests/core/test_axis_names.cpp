// What an axis is called, in labels, files, tables and figures alike.
#include <catch2/catch.hpp>
#include <random>
#include <set>

#include "core/axis_names.hpp"

using namespace tubal;
using Names = std::vector<std::string>;

TEST_CASE("an axis is called by the shortest end that says which it is") {
  CHECK(axis_names({"model.p", "model.transform.name"}) == Names{"p", "transform"});
  CHECK(axis_names({"model.frequency_scaling.kind", "model.frequency_scaling.at"}) ==
        Names{"frequency_scaling", "at"});
  CHECK(axis_names({"data.tokenizer.kind", "training.optimizer.kind"}) == Names{"tokenizer", "optimizer"});
  CHECK(axis_names({"model.transform.seed"}) == Names{"transform.seed"});  // `seed` is the trial's
  CHECK(axis_names({"a.x.rate", "b.x.rate", "c.rate"}) == Names{"a.x.rate", "b.x.rate", "c.rate"});
  CHECK(axis_names({"a.b.name", "a.b.kind"}) == Names{"a.b.name", "a.b.kind"});
  CHECK(axis_names({"seed", "name", "data"}) == Names{"seed", "name", "data"});
  CHECK(axis_names({}).empty());
  CHECK(axis_names({"a.b", "a.b"}) == Names{"a.b", "a.b"});
}

TEST_CASE("names of axes differ, end their keys, and do not depend on the order") {
  std::mt19937 random(19);
  const Names parts = {"a", "b", "name", "kind", "seed", "at"};
  for (int round = 0; round < 3000; ++round) {
    std::set<std::string> unlike;
    for (std::size_t n = 1 + random() % 5; n > 0; --n) {
      std::string key;
      for (std::size_t k = 1 + random() % 4; k > 0; --k)
        key += (key.empty() ? "" : ".") + parts[random() % parts.size()];
      unlike.insert(key);
    }
    Names keys(unlike.begin(), unlike.end());
    const Names names = axis_names(keys);
    REQUIRE(names.size() == keys.size());
    REQUIRE(std::set<std::string>(names.begin(), names.end()).size() == names.size());
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const bool ends = ("." + keys[i]).ends_with("." + names[i]);
      const bool said = ends || ("." + keys[i]).ends_with("." + names[i] + ".name") ||
                        ("." + keys[i]).ends_with("." + names[i] + ".kind");
      INFO(keys[i] << " is called " << names[i]);
      REQUIRE(said);
      REQUIRE((names[i] != "seed" || keys[i] == "seed"));
    }
    const Names turned = axis_names({keys.rbegin(), keys.rend()});
    REQUIRE(Names(turned.rbegin(), turned.rend()) == names);
  }
}
