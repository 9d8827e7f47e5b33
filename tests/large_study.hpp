// For tests of reports: a study of 315 trials that has all there is to show, and names that try to break out
// of where they stand.
//
// width {128, 256} x p {1, 2, 4, 8} x 5 transforms x scaling {none, learned} x 5 seeds (with p = 1 one trial
// stands for all transforms), and a bag of words. 10 epochs, 4 layers; one trial failed, one diverged, one
// has an ablation.
#pragma once
#include "core/hdf5.hpp"
#include "tests/sample_study.hpp"

namespace tubal {

inline void write_sample_ablation(const layout::TrialFolder& trial, int p) {
  hdf5::Writer w(trial.root / "ablation.h5");
  std::vector<std::string> name = {"none"}, slices = {""};
  std::vector<double> accuracy = {0.80};
  for (int k = 0; k < p; ++k) {
    name.push_back("slice " + std::to_string(k));
    slices.push_back(std::to_string(k));
    accuracy.push_back(0.78 - 0.3 / (1 + k));
  }
  std::vector<double> low, high;
  for (const double a : accuracy) {
    low.push_back(a - 0.02);
    high.push_back(a + 0.02);
  }
  const std::vector<std::string> axis = {"/ablation/name"};
  w.axis("/ablation/name", name);
  w.write<double>("/ablation/accuracy", accuracy, {name.size()}, axis);
  w.write<double>("/ablation/interval_low", low, {name.size()}, axis);
  w.write<double>("/ablation/interval_high", high, {name.size()}, axis);
  w.write("/ablation/slices", slices, {name.size()}, axis);
  w.publish();
}

/// Makes studies/large in `folder`; the study is called `name`. Returns the study's folder.
inline std::filesystem::path write_large_study(const std::filesystem::path& folder, const std::string& name) {
  const layout::StudyFolder study{folder / "studies" / "large"};
  std::vector<StudyRow> rows;
  const auto add = [&](const std::string& kind, int width, int p, const std::string& transform,
                       const std::string& scaling) {
    for (int seed = 0; seed < 5; ++seed) {
      const bool bag = kind == "bag_of_words";
      const std::string id = sha256(kind + std::to_string(width) + std::to_string(p) + transform + scaling +
                                    std::to_string(seed))
                                 .substr(0, 12);
      TrialRecord r = sample_record(id, p, transform, seed, 10, 4);
      TrialStatus& s = r.status;
      r.study = name;
      r.classes = {"</script><script>alert(1)</script>", "café – naïve \"quoted\"", "a & b <i>"};
      s.parameters_encoder = bag ? 0 : s.parameters_encoder * width / 128 * width / 128;
      s.seconds *= width / 128.;
      if (bag) {
        r.p = 0;
        r.transform.clear();
        r.spectrum.clear();
        r.slices.clear();
      }
      const bool failed = width == 256 && p == 8 && transform == "haar" && seed == 4;
      if (failed) {
        s.state = scaling == "none" ? TrialState::failed : TrialState::diverged;
        s.cause = "</script><!-- the loss was not finite -->";
        s.test_accuracy = s.test_loss = unknown;
        r.label.clear();
      }
      make_folder(study.trial(id).root);
      write_record(study.trial(id).data(), r);
      write_status(study.trial(id).root, s);
      if (p == 8 && seed == 0 && transform == "dct" && scaling == "none")
        write_sample_ablation(study.trial(id), p);
      rows.push_back({id,
                      s,
                      {{"data.name", std::string("synthetic")},
                       {"model.frequency_scaling.kind", scaling},
                       {"model.kind", kind},
                       {"model.p", std::int64_t{p}},
                       {"model.transform", transform},
                       {"model.width", std::int64_t{width}},
                       {"seed", std::int64_t{seed}}},
                      {},
                      p == 1 && !bag,
                      true,
                      "",
                      "",
                      "",
                      ""});
    }
  };
  for (const int width : {128, 256})
    for (const int p : {1, 2, 4, 8})
      for (const char* transform : {"dct", "haar", "hartley", "identity", "learned_orthogonal"})
        for (const char* scaling : {"none", "learned"})
          if (p > 1 || (std::string(transform) == "dct" && std::string(scaling) == "none"))
            add("transformer", width, p, transform, scaling);
  add("bag_of_words", 128, 1, "dct", "none");
  write_study(study.data(), name, {}, rows);
  return study.root;
}

}  // namespace tubal
