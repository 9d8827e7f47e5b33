// For tests of readers: the folder of a study of language models with made-up figures,
// as core/layout_entries.hpp says.
//
// Grid: model.p in {1, 2, 4} x model.transform in {dct, identity}, 6 seeds; with p = 1 one trial stands for
// both. 30 trials: 28 complete, one diverged (p=4 identity seed 5), one failed (p=2 dct seed 4). Baseline
// p = 1. Each has curves over 8 evaluations of 250 steps, a little spectrum, and n-gram baselines.
#pragma once
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "core/files.hpp"
#include "core/layout.hpp"
#include "core/layout_entries.hpp"
#include "core/sha256.hpp"
#include "experiments/records/layout_writer.hpp"
#include "tests/sample_study.hpp"

namespace tubal {

struct LanguageStudy {
  std::string name = "language";
  bool test = true;         // a test part was measured
  bool tokenizers = false;  // data.tokenizer.kind is swept: char and word
  int classifiers = 0;      // so many trials more are of classifiers
};

struct LanguageTrial {
  std::string id, status = "complete", cause, transform, tokenizer = "char";
  int p = 1, seed = 0;
  bool language = true;
  double loss = unknown, bytes = 1;  // on the validation part; bytes that a token stands for
  double bits(double nats) const { return nats / std::log(2.) / bytes; }
  // A test figure of a trial that has one.
  double tested(double figure, bool test) const { return test && status == "complete" ? figure : unknown; }
};

inline constexpr double test_worse = 0.03;  // nat, of every trial
inline constexpr int evaluations = 8;

inline std::vector<LanguageTrial> language_trials(const LanguageStudy& how) {
  std::vector<LanguageTrial> all;
  for (const std::string tokenizer : {"char", "word"})
    for (const int p : {1, 2, 4})
      for (const std::string transform : {"dct", "identity"})
        for (int seed = 0; seed < 6; ++seed) {
          if ((p == 1 && transform != "dct") || (tokenizer == "word" && !how.tokenizers)) continue;
          LanguageTrial t;
          t.id = sha256(how.name + tokenizer + std::to_string(p) + transform + std::to_string(seed))
                     .substr(0, 12);
          t.transform = transform;
          t.tokenizer = tokenizer;
          t.p = p;
          t.seed = seed;
          t.bytes = tokenizer == "char" ? 1 : 4.7;
          t.loss = (tokenizer == "char" ? 1.86 : 5.1) + 0.011 * (p - 1) +
                   (transform == "identity" ? 0.05 : 0) + 0.01 * chance(t.id);
          if (p == 4 && transform == "identity" && seed == 5) {
            t.status = "diverged";
            t.cause = "the loss was not finite at step 250";
          }
          if (p == 2 && transform == "dct" && seed == 4) {
            t.status = "failed";
            t.cause = "killed by signal 9";
          }
          all.push_back(t);
        }
  for (int i = 0; i < how.classifiers; ++i) {
    LanguageTrial t;
    t.id = sha256(how.name + "classifier" + std::to_string(i)).substr(0, 12);
    t.language = false;
    t.seed = i;
    t.transform = "dct";
    t.loss = 0.4;
    all.push_back(t);
  }
  return all;
}

inline void write_language_trial(const layout::TrialFolder& folder, const LanguageTrial& t,
                                 const LanguageStudy& how) {
  make_folder(folder.root);
  LayoutWriter w(folder.data());
  w.file().attribute("/", "tubal_format", std::int64_t{layout::format_version});
  w.file().attribute("/", "trial", t.id);
  w.file().attribute("/", "study", how.name);
  w.file().attribute("/", "task", "language_model");
  w.file().attribute("/", "status", t.status);
  const int n = t.status == "complete" ? evaluations : 1;
  std::vector<std::int64_t> epoch, step;
  std::vector<double> train, validation, test, bits, test_bits, seconds;
  for (int e = 1; e <= n; ++e) {
    const double loss = t.loss + 2.3 * std::exp(-0.9 * e) - 2.3 * std::exp(-0.9 * evaluations);
    epoch.push_back(e);
    step.push_back(250 * e);
    seconds.push_back(4. / t.p);
    train.push_back(loss - 0.05 + 0.02 * chance(t.id + std::to_string(e)));
    validation.push_back(loss);
    bits.push_back(t.bits(loss));
    test.push_back(e == evaluations ? t.tested(loss + test_worse, how.test) : unknown);
    test_bits.push_back(e == evaluations ? t.tested(t.bits(loss + test_worse), how.test) : unknown);
  }
  w.write("/metrics/evaluation/epoch", epoch);
  w.write("/metrics/evaluation/step", step);
  w.write("/metrics/evaluation/train_loss", train);
  w.write("/metrics/evaluation/validation_loss", validation);
  w.write("/metrics/evaluation/test_loss", test);
  w.write("/metrics/evaluation/validation_bits_per_byte", bits);
  w.write("/metrics/evaluation/test_bits_per_byte", test_bits);
  w.write("/metrics/evaluation/seconds", seconds);

  std::vector<double> of_validation = {3.31, 2.46, 2.09, 1.99, 2.02}, of_test, bits_validation, bits_test;
  if (t.tokenizer == "word") of_validation = {6.9, 5.6, 5.4};
  for (const double nats : of_validation) {
    of_test.push_back(how.test ? nats + test_worse : unknown);
    bits_validation.push_back(t.bits(nats));
    bits_test.push_back(t.bits(of_test.back()));
  }
  std::vector<std::string> names = {"unigram"};
  for (std::size_t i = 1; i < of_validation.size(); ++i) names.push_back(std::to_string(i + 1) + "-gram");
  w.write("/baselines/name", names);
  w.write("/baselines/validation_loss", of_validation);
  w.write("/baselines/test_loss", of_test);
  w.write("/baselines/validation_bits_per_byte", bits_validation);
  w.write("/baselines/test_bits_per_byte", bits_test);

  const std::size_t slices = static_cast<std::size_t>(t.p), layers = 2;
  std::vector<double> frequency, energy;
  for (std::size_t k = 0; k < slices; ++k)
    frequency.push_back(slices > 1 ? double(k) / double(slices - 1) : 0);
  for (std::size_t i = 0; i < 2 * layers * slices; ++i)
    energy.push_back((1 + chance(t.id + "energy" + std::to_string(i))) / double(1 + i % slices));
  w.write("/spectrum/epoch", std::vector<std::int64_t>{0, n});
  w.write("/spectrum/layer", counting(layers));
  w.write("/spectrum/slice", counting(slices));
  w.write("/spectrum/frequency", frequency);
  w.write("/spectrum/energy", energy, {2, layers, slices});
  w.file().group("/provenance");
  for (const char* key : layout::provenance_attributes)
    w.file().attribute("/provenance", key, std::string("sample ") + key);
  w.file().publish();
}

/// Makes studies/<name> in `folder`; returns the study's folder.
inline std::filesystem::path write_language_study(const std::filesystem::path& folder,
                                                  const LanguageStudy& how = {}) {
  const layout::StudyFolder study{folder / "studies" / how.name};
  const std::vector<LanguageTrial> trials = language_trials(how);
  const std::size_t n = trials.size();
  make_folder(study.root);
  LayoutWriter w(study.data());
  const auto each = [&](auto of) {
    std::vector<std::decay_t<decltype(of(trials[0]))>> values;
    for (const LanguageTrial& t : trials) values.push_back(of(t));
    return values;
  };
  using T = LanguageTrial;
  const auto whole = [](auto x) { return static_cast<std::int64_t>(x); };
  const auto text = [](const char* x) { return [x](const T&) { return std::string(x); }; };
  const auto measured = [](const T& t, double x) { return t.status == "complete" ? x : unknown; };
  std::map<std::string, std::vector<double>> metrics;
  metrics["train_loss"] = each([&](const T& t) { return measured(t, t.loss - 0.05); });
  metrics["validation_loss"] = each([&](const T& t) { return measured(t, t.loss); });
  metrics["test_loss"] = each([&](const T& t) { return t.tested(t.loss + test_worse, how.test); });
  for (const std::string part : {"train", "validation", "test"})
    metrics[part + "_accuracy"] = each([](const T& t) { return t.language ? unknown : 0.8 + 0.01 * t.seed; });
  metrics["validation_bits_per_byte"] =
      each([&](const T& t) { return t.language ? measured(t, t.bits(t.loss)) : unknown; });
  metrics["test_bits_per_byte"] = each(
      [&](const T& t) { return t.language ? t.tested(t.bits(t.loss + test_worse), how.test) : unknown; });

  w.file().attribute("/", "tubal_format", std::int64_t{layout::study_format_version});
  w.file().attribute("/", "study", how.name);
  w.file().attribute("/", "grid", std::int64_t{1});
  w.file().attribute("/", "baseline", "model.p: 1");
  w.file().attribute("/", "created", "2026-01-01T00:01:00Z");
  const bool rectangular = !how.tokenizers && !how.classifiers;
  w.file().attribute("/", "rectangular", std::int64_t{rectangular});
  w.file().attribute("/", "axes", std::vector<std::string>{"p", "transform"});
  if (rectangular) {  // arrays over (p, transform, seed)
    const std::vector<std::int64_t> p = {1, 2, 4}, seeds = {0, 1, 2, 3, 4, 5};
    const std::vector<std::string> transforms = {"dct", "identity"};
    w.file().axis<std::int64_t>("/p", p);
    w.file().axis("/transform", std::span<const std::string>(transforms));
    w.file().axis<std::int64_t>("/seed", seeds);
    for (const auto& [name, values] : metrics) {
      if (name.starts_with("train_")) continue;
      std::vector<double> grid(36, unknown);
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t l = 0; l < 2; ++l)
          if (trials[i].p == 1 || trials[i].transform == transforms[l])
            grid[(static_cast<std::size_t>(trials[i].p / 2) * 2 + l) * 6 +
                 static_cast<std::size_t>(trials[i].seed)] = values[i];
      w.file().write<double>("/" + name, grid, {3, 2, 6}, {"/p", "/transform", "/seed"});
      const layout::Entry& e = layout::entry("/trials/" + name);
      w.describe("/" + name, e.unit, e.meaning);
    }
  }
  w.write("/trials/trial", counting(n));
  w.write("/trials/id", each([](const T& t) { return t.id; }));
  w.write("/trials/seed", each([&](const T& t) { return whole(t.seed); }));
  w.write("/trials/in_grid", each([&](const T&) { return whole(1); }));
  w.write("/trials/configuration", each([](const T& t) { return "configuration " + t.id; }));
  w.write("/trials/data", each([](const T& t) { return "tokens of " + t.tokenizer; }));
  for (const char* none : {"/trials/matrix", "/trials/plugin"}) w.write(none, each(text("")));
  w.write("/trials/cell", each([&](const T& t) {
            return whole(100 * !t.language + 10 * (t.tokenizer == "word") + 2 * t.p +
                         (t.transform == "identity"));
          }));
  w.write("/trials/baseline", each([&](const T& t) { return whole(t.p == 1); }));
  w.write("/trials/status", each([](const T& t) { return t.status; }));
  w.write("/trials/cause", each([](const T& t) { return t.cause; }));
  w.write("/trials/epochs_done", each([&](const T&) { return whole(evaluations); }));
  w.write("/trials/best_epoch", each([&](const T&) { return whole(evaluations); }));
  for (const auto& [name, values] : metrics) w.write(("/trials/" + name).c_str(), values);
  w.write("/trials/parameters_encoder", each([&](const T& t) { return whole(793088 / t.p); }));
  w.write("/trials/parameters_total", each([&](const T& t) { return whole(810000 + 793088 / t.p); }));
  w.write("/trials/flops", each([](const T& t) { return 1e12 / t.p; }));
  w.write("/trials/seconds", each([](const T& t) { return 30. / t.p + chance(t.id + "seconds"); }));
  w.write("/trials/tokens_per_second", each([](const T& t) { return 20000. * t.p; }));
  w.write("/trials/peak_memory", each([](const T&) { return 3e8; }));
  for (const char* some : {"/trials/host", "/trials/revision", "/trials/created"})
    w.write(some, each(text("x")));
  const std::vector<std::string> keys = {"task", "data.name", "data.tokenizer.kind", "model.p",
                                         "model.transform"};
  const auto key = [&](const std::string& name, const std::vector<std::string>& values) {
    w.file().write("/trials/" + name, std::span<const std::string>(values), {n}, {"/trials/trial"});
  };
  key("task", each([](const T& t) { return std::string(t.language ? "language_model" : "classification"); }));
  key("data.name", each(text("text")));
  key("data.tokenizer.kind", each([](const T& t) { return t.tokenizer; }));
  key("model.transform", each([](const T& t) { return t.transform; }));
  w.file().write<std::int64_t>("/trials/model.p", each([&](const T& t) { return whole(t.p); }), {n},
                               {"/trials/trial"});
  w.file().attribute("/trials", "swept", std::vector<std::string>{"model.p", "model.transform"});
  w.file().attribute("/trials", "keys", keys);
  w.file().publish();
  for (const LanguageTrial& t : trials)
    if (t.language) write_language_trial(study.trial(t.id), t, how);
  return study.root;
}

}  // namespace tubal
