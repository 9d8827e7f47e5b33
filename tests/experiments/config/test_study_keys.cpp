// Keys of a study on their way to the processes that train its trials and into its index.
#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "experiments/config/schema.hpp"
#include "experiments/config/study_keys.hpp"

using namespace tubal;
using Catch::Matchers::Contains;

namespace {

Value other_than_default(const Key& k) {
  const Value now = k.standard();
  for (const std::string& choice : k.choices)
    if (Value(choice) != now) return choice;
  if (const auto* x = std::get_if<bool>(&now)) return !*x;
  if (const auto* x = std::get_if<std::int64_t>(&now)) return *x + 1;
  if (const auto* x = std::get_if<double>(&now)) return *x / 3;
  return "other";
}

}  // namespace

TEST_CASE("every key of a study comes back from its words, alone and with the others", "[config]") {
  Settings all;
  CHECK(study_words(all, true).empty());
  for (const Key& k : schema()) {
    const std::string& name = k.name;
    if (k.identity || name == "study" || name == "data.folder" || name.starts_with("seeds.")) continue;
    INFO(name);
    Settings one;
    k.set(one, other_than_default(k));
    k.set(all, other_than_default(k));
    CHECK(study_words(one, true).size() == 1);
    for (const bool changed : {true, false}) {
      const Settings back = read_study_words("--set", study_words(one, changed));
      CHECK(k.get(back) == k.get(one));
      CHECK(study_values(back) == study_values(one));
    }
  }
  const Settings back = read_study_words("--set", study_words(all));
  CHECK(back.runtime == all.runtime);
  CHECK(back.policy == all.policy);
  CHECK(back.asha == all.asha);
  CHECK(back.runtime.checkpoint_seconds == 20);
  CHECK(back.asha.eta == 4);
}

TEST_CASE("a study's words name runtime, policy and early stopping alone", "[config]") {
  const auto read = [](const std::string& word) { return read_study_words("--set", {word}); };
  for (const char* word : {"model.p=2", "data.folder=x", "study=s", "seeds.count=2", "training.epochs=2"})
    CHECK_THROWS_WITH(read(word), Contains(std::string("--set ") + word) && Contains("runtime.threads=2"));
  CHECK_THROWS_WITH(read("runtime.thread=2"), Contains("runtime.threads"));
  CHECK_THROWS_WITH(read("runtime.precision=half"), Contains("float, bf16"));
  CHECK_THROWS_WITH(read("runtime.threads"), Contains("needs the form key=value"));
}
