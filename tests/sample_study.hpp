// For tests of readers: the folder of a study with made-up figures, written by the real writers.
//
// Grid: model.p in {1, 2, 4} x model.transform.name in {dct, haar, learned_orthogonal}, 6 seeds; with p = 1
// one trial stands for the three transforms. 42 trials: 39 complete, one diverged (p=4 haar seed 5), one
// failed (p=2 dct seed 4), one not begun (p=4 learned_orthogonal seed 3). Baseline p = 1. Each complete trial
// has its trial.h5, with learning curves over 4 epochs of 10 steps, spectra (2 layers), transforms, and 300
// test predictions of 3 classes.
#pragma once
#include <array>
#include <cmath>
#include <filesystem>
#include <string>

#include "core/files.hpp"
#include "core/layout.hpp"
#include "core/layout_entries.hpp"
#include "core/sha256.hpp"
#include "experiments/records/record.hpp"
#include "experiments/records/study_file.hpp"

namespace tubal {

/// In [0, 1), the same for the same text.
inline double chance(const std::string& text) {
  return static_cast<double>(std::stoull(sha256(text).substr(0, 12), nullptr, 16)) / 281474976710656.;
}

inline TrialRecord sample_record(const std::string& id, int p, const std::string& transform, int seed,
                                 int epochs = 4, int layers = 2) {
  TrialRecord r;
  r.id = id;
  r.study = "sample";
  r.p = p;
  r.layers = layers;
  r.classes = {"admin", "games", "science"};
  const double skill = 0.80 + (p == 1 ? 0.010 : 0) - 0.004 * p + (transform == "haar" ? -0.008 : 0) +
                       0.01 * (chance(id + "skill") - 0.5);
  TrialStatus& s = r.status;
  s.state = TrialState::complete;
  s.attempt = 1;
  s.epoch = s.epochs = epochs;
  s.step = s.steps = 10 * epochs;
  s.seed = static_cast<std::uint64_t>(seed);
  s.best_epoch = 3;
  s.parameters_encoder = 793088 / p;
  s.parameters_total = 3840000 + s.parameters_encoder;
  s.flops = 1e12 / p;
  s.seconds = 30. / p + chance(id + "s");
  s.processor_seconds = 0.95 * s.seconds;
  s.tokens_per_second = 20000. * p;
  s.peak_memory = 3e8;
  s.threads = 1;
  s.host = "somewhere";
  s.revision = "0123456789abcdef";
  s.started = "2026-01-01T00:00:00Z";
  s.updated = "2026-01-01T00:01:00Z";
  for (int step = 1; step <= 10 * epochs; ++step)
    r.train.push_back({step, 1.1 * std::exp(-step / 25.) + 0.05 * chance(id + std::to_string(step)), 3e-4,
                       1 + chance(id), s.tokens_per_second});
  for (int e = 1; e <= epochs; ++e) {
    const double a = skill - 0.2 / (e * e) - (e == 4 ? 0.01 : 0);
    r.evaluations.push_back({e, 10 * e, 1.1 - a, a + 0.05, 1.2 - a, a, e == 3 ? 1.25 - a : unknown,
                             e == 3 ? a - 0.01 : unknown, s.seconds / 4});
  }
  const EvaluationPoint& best = r.evaluations[2];
  s.train_loss = best.train_loss;
  s.train_accuracy = best.train_accuracy;
  s.validation_loss = best.validation_loss;
  s.validation_accuracy = best.validation_accuracy;
  const auto n = static_cast<std::size_t>(p);
  for (int k = 0; k < p; ++k) r.slices.push_back({k, false, p > 1 ? k / (p - 1.) : 0.});
  for (int e = 0; e <= epochs; ++e) {
    // A rotation in the plane of the first two axes that grows with the epoch, for the learned L.
    const double angle = transform == "learned_orthogonal" && p > 1 ? 0.05 * e : 0;
    TransformPoint t{
        e, std::vector<double>(n * n), {}, 1e-15, std::sqrt(4 - 4 * std::cos(angle)) / std::sqrt(p), angle};
    for (std::size_t k = 0; k < n; ++k) t.real[k * n + k] = 1;
    if (p > 1) {
      t.real[0] = t.real[n + 1] = std::cos(angle);
      t.real[1] = -std::sin(angle);
      t.real[n] = std::sin(angle);
    }
    r.transform.push_back(t);
    SpectrumPoint point{e, {}};
    for (const char* key : {"energy", "effective_rank", "attention_entropy", "gradient_norm", "weight_norm",
                            "off_diagonal_mixing", "gain"})
      for (std::size_t i = 0; i < static_cast<std::size_t>(layers) * n; ++i)
        point.values[key].push_back((1. + chance(id + key + std::to_string(e) + "." + std::to_string(i))) /
                                    static_cast<double>(1 + i % n));
    r.spectrum.push_back(point);
  }
  // All trials meet the same examples; a share of `skill` of them is right, in part the same ones.
  long right = 0;
  for (int i = 0; i < 300; ++i) {
    const std::string example = "example" + std::to_string(i);
    const auto label = static_cast<std::int64_t>(3 * chance(example));
    const bool hit = 0.7 * chance(example + "hard") + 0.3 * chance(example + id) < skill - 0.05;
    right += hit;
    r.label.push_back(label);
    r.prediction.push_back(hit ? label : (label + 1) % 3);
    r.probability.push_back(0.4 + 0.6 * chance(example + id + "p"));
  }
  s.test_accuracy = static_cast<double>(right) / 300;
  s.test_loss = 1.25 - s.test_accuracy;
  r.evaluations[2].test_accuracy = s.test_accuracy;
  for (const char* key : layout::provenance_attributes) r.provenance[key] = std::string("sample ") + key;
  r.provenance["configuration"] =
      "model:\n  p: " + std::to_string(p) + "\nseed: " + std::to_string(seed) + "\n";
  return r;
}

/// Makes studies/sample in `folder`; returns the study's folder.
inline std::filesystem::path write_sample_study(const std::filesystem::path& folder) {
  const layout::StudyFolder study{folder / "studies" / "sample"};
  std::vector<StudyRow> rows;
  const std::array<std::string, 3> transforms = {"dct", "haar", "learned_orthogonal"};
  for (const int p : {1, 2, 4})
    for (const std::string& transform : transforms) {
      if (p == 1 && transform != "dct") continue;
      for (int seed = 0; seed < 6; ++seed) {
        const Values values = {{"model.p", std::int64_t{p}},
                               {"model.transform.name", transform},
                               {"model.width", std::int64_t{128}},
                               {"training.optimizer.learning_rate", 3e-4},
                               {"seed", std::int64_t{seed}}};
        const std::string id = sha256(std::to_string(p) + transform + std::to_string(seed)).substr(0, 12);
        const layout::TrialFolder trial = study.trial(id);
        TrialRecord record = sample_record(id, p, transform, seed);
        TrialStatus& s = record.status;
        const bool missing = p == 4 && transform == "learned_orthogonal" && seed == 3;
        const bool diverged = p == 4 && transform == "haar" && seed == 5,
                   failed = p == 2 && transform == "dct" && seed == 4;
        if (missing) {
          s = {};
        } else if (diverged || failed) {
          s.state = diverged ? TrialState::diverged : TrialState::failed;
          s.cause = diverged ? "the loss was not finite at step 25" : "killed by signal 9 (out of memory?)";
          s.test_accuracy = s.test_loss = unknown;
          s.epoch = 2;
          s.step = 25;
          s.best_epoch = 2;
          record.evaluations.resize(2);
          record.label.clear();
        }
        s.seed = static_cast<std::uint64_t>(seed);
        if (!missing) {
          make_folder(trial.root);
          write_file(trial.config(), record.provenance["configuration"]);
          write_record(trial.data(), record);
          write_status(trial.root, s);
        }
        std::vector<Values> cells;
        for (const std::string& t : transforms)
          if (p == 1 || t == transform)
            cells.push_back({{"model.p", std::int64_t{p}}, {"model.transform.name", t}});
        rows.push_back({id, s, values, cells, p == 1, true, "", "", "", ""});
      }
    }
  write_study(study.data(), "sample", {"model.p", "model.transform.name"}, rows);
  return study.root;
}

}  // namespace tubal
