// What a trial logs of its slices, and trials with slices taken away.
#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "core/files.hpp"
#include "core/hdf5.hpp"
#include "core/layout.hpp"
#include "core/layout_entries.hpp"
#include "experiments/config/identity.hpp"
#include "experiments/measure/ablation.hpp"
#include "experiments/records/status.hpp"
#include "experiments/records/verify_trial.hpp"
#include "experiments/training/probe.hpp"
#include "experiments/training/stop_request.hpp"
#include "experiments/training/trial.hpp"
#include "tests/temporary.hpp"

using namespace tubal;
using Catch::Matchers::Contains;

namespace {

TrialConfig small(const std::string& transform, int p) {
  TrialConfig c;
  c.data.name = "synthetic";
  c.data.synthetic.train = 240;
  c.data.synthetic.test = 300;
  c.data.synthetic.classes = 3;
  c.data.synthetic.words = 60;
  c.data.synthetic.length = 12;
  c.data.max_length = c.model.max_length = 16;
  c.data.validation = 0.2;
  c.model.width = 16;
  c.model.p = p;
  c.model.heads = 4;
  c.model.depth = 2;
  c.model.feed_forward = 2;
  c.model.transform.name = transform;
  c.training.epochs = 3;
  c.training.batch_size = 16;
  c.training.optimizer.learning_rate = 5e-3;
  c.training.early_stopping.patience = 0;
  c.seed = 7;
  return c;
}

constexpr const char* logged[] = {"energy", "effective_rank", "attention_entropy", "off_diagonal_mixing"};

}  // namespace

TEST_CASE("slices are logged at the start and after each epoch, the same for any number of threads") {
  const TemporaryFolder folder;
  for (const std::string transform : {"dct", "dft"}) {
    std::map<std::string, std::vector<double>> first;
    for (const int threads : {1, 2}) {
      TrialOptions options;
      options.runtime.threads = threads;
      const layout::TrialFolder trial{folder / (transform + std::to_string(threads))};
      REQUIRE(run_trial(trial.root, small(transform, 4), options) == ExitStatus::done);
      const hdf5::Reader file(trial.data());
      const std::size_t S = transform == "dft" ? 3 : 4;
      CHECK(file.read<int>("/spectrum/epoch") == std::vector<int>{0, 1, 2, 3});
      for (const char* name : logged) {
        const std::string path = std::string("/spectrum/") + name;
        INFO(transform << " " << name);
        REQUIRE(file.shape(path) == hdf5::Shape{4, 2, S});
        const std::vector<double> values = file.read<double>(path);
        for (const double x : values) CHECK(x >= 0);  // a NaN is not
        CHECK(std::vector<double>(values.begin(), values.begin() + 6) !=
              std::vector<double>(values.end() - 6, values.end()));  // training moves them
        if (threads == 1)
          first[name] = values;
        else
          CHECK(values == first[name]);
      }
      for (const double x : file.read<double>("/spectrum/effective_rank"))
        CHECK((x >= 1 && x <= (transform == "dft" ? 8 : 4)));
      CHECK_THAT(read_file(trial.log()), Contains("looking into the slices took"));
    }
  }
}

TEST_CASE(
    "where a list of transforms takes turns, each layer's own slices are logged, and L is the learned one") {
  const TemporaryFolder folder;
  TrialConfig c = small("dct", 4);
  TransformSpec dft, learned;
  dft.name = "dft";
  learned.name = "learned_orthogonal";
  c.model.transforms = {dft, learned};
  c.model.depth = 3;
  c.model.stack = {"attention", "mixer", "feed_forward"};
  c.model.rank = 2;
  c.model.activation = Activation::swiglu;
  c.model.position.kind = PositionKind::rotary;
  c.model.heads = 4;
  c.model.frequency_scaling = {ScalingKind::decay, ScalingPlace::residual, 0.5, {}};
  const layout::TrialFolder trial{folder / "t"};
  REQUIRE(run_trial(trial.root, canonical(c)) == ExitStatus::done);
  CHECK(read_status(trial.root).test_accuracy > 0.4);  // chance is 1/3
  const hdf5::Reader file(trial.data());
  CHECK(file.shape("/transform/matrix") == hdf5::Shape{4, 4, 4});  // an epoch each, real
  CHECK_FALSE(file.has("/transform/matrix_imaginary"));
  CHECK(file.read<double>("/transform/drift_from_init")[3] > 0);
  for (const char* name : {"energy", "attention_entropy", "weight_norm", "gradient_norm", "gain"}) {
    const std::string path = std::string("/spectrum/") + name;
    INFO(path);
    REQUIRE(file.shape(path) == hdf5::Shape{4, 3, 4});
    const std::vector<double> x = file.read<double>(path);
    for (std::size_t layer = 0; layer < 3; ++layer)
      for (std::size_t k = 0; k < 4; ++k)  // the last epoch's
        CHECK(std::isfinite(x[3 * 12 + layer * 4 + k]) == (layer == 1 || k < 3));
  }
  const std::vector<double> gain = file.read<double>("/spectrum/gain");
  const auto decay = [](double f) { return std::exp(-0.5 * f); };
  const double of_dft[] = {decay(0), decay(1), decay(0.5)};  // bins 0, 2, and 1, which is complex
  for (std::size_t k = 0; k < 3; ++k) CHECK(gain[k] == Approx(of_dft[k]));
  for (std::size_t k = 0; k < 4; ++k) CHECK(gain[4 + k] == Approx(decay(static_cast<double>(k) / 3)));
  CHECK_THROWS_WITH(ablate(trial, {}), Contains("equally many slices"));
}

TEST_CASE("the texts that are looked at are the same for every trial on the same data") {
  const TemporaryFolder folder;
  DataConfig config = small("dct", 4).data;
  config.synthetic.train = 4000;
  const Dataset data = load_dataset(config, folder.path);
  const Batch batch = probe_batch(data, config);
  CHECK(batch.tokens.size() >= probe_tokens(data.train.tokens.size()));
  CHECK(batch.tokens.size() < probe_tokens(data.train.tokens.size()) + 16);
  CHECK(probe_batch(data, config).tokens == batch.tokens);
  CHECK(probe_tokens(data.train.tokens.size()) >= data.train.tokens.size() / 256);
  // Texts of the validation part, no two the same row.
  const auto row_of = [&](std::size_t b) {
    for (std::size_t r = 0; r < data.validation.size(); ++r)
      if (std::equal(batch.tokens.begin() + batch.offsets[b], batch.tokens.begin() + batch.offsets[b + 1],
                     data.validation.tokens.begin() + data.validation.offsets[r],
                     data.validation.tokens.begin() + data.validation.offsets[r + 1]))
        return static_cast<long>(r);
    return -1L;
  };
  std::set<long> rows;
  for (std::size_t b = 0; b < batch.size(); ++b) rows.insert(row_of(b));
  CHECK(rows.size() == batch.size());
  CHECK(rows.count(-1) == 0);
  Dataset no_validation = data;
  no_validation.validation = {};
  const Batch of_training = probe_batch(no_validation, config);
  CHECK(of_training.tokens.size() >= probe_tokens(data.train.tokens.size()));
  CHECK(of_training.tokens != batch.tokens);
}

TEST_CASE("groups of slices go by frequency") {
  const std::vector<SliceGroup> groups =
      slice_groups({{0, false, 0}, {2, false, 1}, {1, true, 0.5}, {3, true, 0.75}});
  std::string text;
  for (const SliceGroup& g : groups) {
    text += g.name + ":";
    for (const std::size_t k : g.slices) text += std::to_string(k);
    text += " ";
  }
  CHECK(text ==
        "none: slice 0:0 slice 1:1 slice 2:2 slice 3:3 lowest 2:02 lowest 3:023 highest 2:13 highest 3:123 ");
  CHECK(slice_groups({{0, false, 0}, {1, false, 1}}).size() == 3);
}

TEST_CASE("ablation: none is the trial itself, each slice costs what it should, the file says it all") {
  const TemporaryFolder folder;
  TrialConfig config = small("dct", 4);
  config.training.epochs = 8;
  config.data.synthetic.noise = 0;
  const layout::TrialFolder trial{folder / "t"};
  CHECK_THAT(ablation_refusal(trial), Contains("planned"));
  REQUIRE(run_trial(trial.root, config) == ExitStatus::done);
  CHECK(ablation_refusal(trial).empty());
  const double accuracy = read_status(trial.root).test_accuracy;
  REQUIRE(accuracy >= 0.5);  // chance is 1/3
  for (const ScalingPlace at : {ScalingPlace::output, ScalingPlace::residual, ScalingPlace::input}) {
    AblationOptions options;
    options.at = at;
    const Ablation a = ablate(trial, options);
    options.threads = 3;
    const Ablation again = ablate(trial, options);
    INFO(at);
    REQUIRE(a.rows.size() == 9);
    CHECK(a.differing == 0);
    CHECK(a.rows[0].accuracy == accuracy);
    CHECK(a.rows[0].loss == read_status(trial.root).test_loss);
    CHECK(a.rows[0].difference == 0);
    bool lost = false;
    for (std::size_t i = 0; i < a.rows.size(); ++i) {
      const AblationRow& r = a.rows[i];
      CHECK(r.accuracy == again.rows[i].accuracy);
      CHECK(r.loss == again.rows[i].loss);
      CHECK(std::abs(r.accuracy - accuracy - r.difference) <= 1e-12);
      CHECK((r.interval.low <= r.accuracy && r.accuracy <= r.interval.high));
      CHECK((r.difference_interval.low <= r.difference && r.difference <= r.difference_interval.high));
      if (i > 0) CHECK(r.loss != a.rows[0].loss);
      lost |= r.difference_interval.high < 0;
    }
    CHECK(lost);  // some group of slices is missed
    write_ablation(trial, a);
    const hdf5::Reader file(trial.ablation());
    CHECK(file.read_strings("/ablation/name")[5] == "lowest 2");
    CHECK(file.read_strings("/ablation/slices")[8] == "1,2,3");
    CHECK(file.read<double>("/ablation/accuracy")[3] == a.rows[3].accuracy);
    CHECK(file.axes("/ablation/accuracy") == std::vector<std::string>{"/ablation/name"});
    for (const layout::Entry& e : layout::ablation_entries) CHECK(file.shape(e.path) == hdf5::Shape{9});
    std::size_t told = 0;
    for (const layout::Attribute& a : layout::ablation_attributes) told += file.has_attribute("/", a.name);
    CHECK(told == std::size(layout::ablation_attributes));
    CHECK(file.attributes("/").size() == told);
    CHECK(file.attribute("/", "at") == name(at));
    CHECK(file.attribute_number("/", "test_accuracy") == accuracy);
  }
  CHECK(verify_trial(trial.root).size() == 1);  // only the folder's name is not the configuration's hash
  // Trained anew, the trial does not keep the figures of its earlier self.
  write_file(trial.model(), "damaged");
  CHECK_THROWS_WITH(ablate(trial, {}), Contains("SHA-256") && Contains("tubal run"));
  REQUIRE(run_trial(trial.root, config) == ExitStatus::done);
  CHECK_FALSE(fs::exists(trial.ablation()));
}

TEST_CASE("trials without slices to take away are refused with the reason") {
  const TemporaryFolder folder;
  TrialConfig one = small("dct", 1), words = small("dct", 4);
  one.training.epochs = words.training.epochs = 1;
  words.model.kind = ModelKind::bag_of_words;
  REQUIRE(run_trial(folder / "one", one) == ExitStatus::done);
  REQUIRE(run_trial(folder / "words", words) == ExitStatus::done);
  CHECK_THROWS_WITH(ablate({folder / "one"}, {}), Contains("p = 1"));
  CHECK_THROWS_WITH(ablate({folder / "words"}, {}), Contains("bag_of_words has no slices"));
  CHECK_THROWS_AS(ablate({folder / "nothing"}, {}), UsageError);
  clear_stop_request();
  TrialOptions options;
  options.progress = [](const Progress& p) {
    if (p.step == 3) request_stop();
  };
  REQUIRE(run_trial(folder / "part", small("dct", 4), options) == ExitStatus::interrupted);
  clear_stop_request();
  CHECK_THROWS_WITH(ablate({folder / "part"}, {}), Contains("interrupted") && Contains("tubal run"));
}
