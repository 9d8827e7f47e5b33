// A language model in use: what it reads beyond its context, what it writes, and how likely texts are.
#include <catch2/catch.hpp>
#include <cmath>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/random.hpp"
#include "core/sha256.hpp"
#include "experiments/config/trial_file.hpp"
#include "experiments/inference/classifier.hpp"
#include "experiments/inference/writing.hpp"
#include "experiments/records/safetensors.hpp"
#include "experiments/records/status.hpp"
#include "experiments/text/utf8.hpp"
#include "tests/temporary.hpp"

using namespace tubal;
using Catch::Matchers::Contains;

namespace {

constexpr int context = 8;

std::string story() {
  std::string text;
  for (int i = 0; i < 40; ++i) text += i % 3 ? "der fuß 🦊 läuft. " : "così è – naïve!\n";
  return text;
}

// A trial that has seen a few steps of a text with characters of one to four bytes.
struct Trained {
  TemporaryFolder folder;
  StoredModel stored;

  explicit Trained(PositionKind position = PositionKind::sinusoidal, int length = context)
      : stored{{folder.path}, {}, {}} {
    ModelConfig& c = stored.config.model;
    c.task = Task::language_model;
    c.norm = NormPlace::pre;
    c.width = 16;
    c.p = 2;
    c.depth = 2;
    c.heads = 4;
    c.feed_forward = 2;
    c.dropout = 0;
    c.position.kind = position;
    c.max_length = stored.config.data.max_length = length;
    TokenizerConfig tokenizer;
    tokenizer.kind = "char";
    const std::string text = story();
    stored.format.vocabulary = learn_vocabulary(tokenizer, {text});
    const std::vector<std::int32_t> tokens = encode(stored.format.vocabulary, text, TokenLimit(100000));
    Model<float> model(c, stored.format.vocabulary.size, 0, 4);
    AdamWSettings adamw;
    adamw.learning_rate = 1e-2;
    for (int step = 1; step <= 40; ++step) {
      Batch batch{{}, {0}, {}};
      for (std::size_t i = static_cast<std::size_t>(step) % 5; i + length + 1 < tokens.size(); i += 50) {
        batch.tokens.insert(batch.tokens.end(), tokens.begin() + i, tokens.begin() + i + length);
        batch.targets.insert(batch.targets.end(), tokens.begin() + i + 1, tokens.begin() + i + length + 1);
        batch.offsets.push_back(static_cast<std::int32_t>(batch.tokens.size()));
      }
      model.gradients(batch, 1, step);
      model.update(adamw, step);
    }
    write_safetensors(stored.trial.model(), model.parameters(false), text_metadata(stored.format));
  }
};

double apart(std::span<const float> logits, const Tensor<float, 2>& whole, std::size_t row) {
  double worst = 0;
  for (std::size_t v = 0; v < logits.size(); ++v) {
    const double difference = std::abs(static_cast<double>(logits[v]) - static_cast<double>(whole(row, v)));
    worst = difference <= worst ? worst : difference;
  }
  return worst;
}

double log_share(std::span<const float> logits, std::int32_t token) {
  double sum = 0;
  for (const float x : logits) sum += std::exp(static_cast<double>(x));
  return static_cast<double>(logits[static_cast<std::size_t>(token)]) - std::log(sum);
}

}  // namespace

TEST_CASE("reading on: beyond the context the last half is read again", "[writing]") {
  for (const PositionKind position :
       {PositionKind::sinusoidal, PositionKind::learned, PositionKind::rotary, PositionKind::none})
    for (const int length : {1, 2, 7, context}) {
      const Trained trained(position, length);
      LanguageModel model(trained.stored);
      TextReader reader(model.model());
      const RandomStream random(5, Purpose::test, static_cast<std::uint64_t>(length));
      for (int round = 0; round < 2; ++round) {
        reader.restart();
        std::vector<std::int32_t> window;  // what the model sees
        for (std::uint64_t step = 0; step < 40; ++step) {
          std::vector<std::int32_t> next(round == 0 ? 1 : 1 + random.below(2 * length, 1000 + step));
          for (std::size_t i = 0; i < next.size(); ++i)
            next[i] = static_cast<std::int32_t>(random.below(model.vocabulary().size, 50 * step + i));
          const std::size_t full = window.size() + next.size();
          window.insert(window.end(), next.begin(), next.end());
          if (full > static_cast<std::size_t>(length)) {
            const std::size_t half = std::max(length / 2, 1),
                              most = std::min<std::size_t>(length, std::max(half, next.size()));
            window.erase(window.begin(), window.end() - static_cast<std::ptrdiff_t>(most));
          }
          const std::span<const float> logits = reader.append(next);
          Batch batch{window, {0, static_cast<std::int32_t>(window.size())}, {}};
          Tensor<float, 2> whole;
          model.model().evaluate(batch, &whole);
          CAPTURE(length, round, step, window.size());
          REQUIRE(apart(logits, whole, window.size() - 1) <= 1e-4);
        }
      }
    }
}

TEST_CASE("how likely a text is: the sum over its tokens, however long it is", "[writing]") {
  const Trained trained;
  LanguageModel model(trained.stored);
  TextReader reader(model.model());
  const std::vector<std::string> texts = {"",         "d",     "der fuß", story().substr(0, 7 * context),
                                          "zzz 🦊", story(), "\n"};
  const auto found = model(texts);
  REQUIRE(found.size() == texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::vector<std::int32_t> tokens = model.tokens(texts[i]);
    reader.restart();
    std::span<const float> logits = reader.append(model.opening());
    double sum = 0;
    for (const std::int32_t t : tokens) {
      sum += log_share(logits, t);
      logits = reader.append({&t, 1});
    }
    CAPTURE(texts[i]);
    CHECK(found[i].tokens == static_cast<std::int64_t>(tokens.size()));
    CHECK(found[i].bytes == static_cast<std::int64_t>(texts[i].size()));
    CHECK(found[i].log_probability == Approx(sum).epsilon(1e-5));
    CHECK(found[i].unknown == (texts[i][0] == 'z' ? 3 : 0));
    if (tokens.empty()) continue;
    CHECK(found[i].per_token() == Approx(sum / static_cast<double>(tokens.size())).epsilon(1e-5));
    CHECK(found[i].bits_per_byte() ==
          Approx(-sum / std::log(2.0) / static_cast<double>(texts[i].size())).epsilon(1e-5));
    CHECK(model(std::vector<std::string>{texts[i]})[0].log_probability == Approx(sum).epsilon(1e-5));
  }
  CHECK(std::isnan(found[0].per_token()));
  // It has learnt something: its own text is likelier than that text backwards.
  CHECK(found[2].per_token() > model(std::vector<std::string>{"ßuf red"})[0].per_token() + 0.5);
}

TEST_CASE("writing: samples depend on seed and number alone, and are as likely as is said", "[writing]") {
  const Trained trained;
  LanguageModel model(trained.stored);
  TextReader reader(model.model());
  WritingSettings settings;
  settings.tokens = 60;
  settings.judge = true;
  settings.seed = 3;
  const std::string prompt = "der ";
  const std::vector<std::int32_t> tokens = model.tokens(prompt);
  std::vector<std::string> samples;
  for (const std::uint64_t n : {0u, 1u, 2u}) {
    std::string printed;
    bool whole = true;
    const Written w = write_text(model, reader, tokens, settings, n, [&](std::string_view piece) {
      whole = whole && invalid_utf8(piece) == std::string_view::npos;
      printed += piece;
      return true;
    });
    CHECK((whole && printed == w.text && !w.stopped));
    CHECK((w.ended ? w.tokens < 60 : w.tokens == 60));
    const auto l = model(std::vector<std::string>{prompt, prompt + w.text});
    CHECK(l[1].tokens - l[0].tokens == w.tokens);
    CHECK(w.log_probability == Approx(l[1].log_probability - l[0].log_probability).epsilon(1e-4));
    samples.push_back(w.text);
  }
  CHECK((samples[0] != samples[1] && samples[1] != samples[2]));
  TextReader fresh(model.model());
  CHECK(write_text(model, fresh, tokens, settings, 2).text == samples[2]);
  settings.tokens = 20;  // a shorter one is its beginning
  CHECK(samples[2].starts_with(write_text(model, fresh, tokens, settings, 2).text));
  settings.tokens = 60;
  settings.seed = 4;
  CHECK(write_text(model, reader, tokens, settings, 0).text != samples[0]);
  const Written stopped =
      write_text(model, reader, tokens, settings, 0, [](std::string_view) { return false; });
  CHECK((stopped.stopped && stopped.tokens == 1));
}

TEST_CASE("writing: at temperature 0 each token is the likeliest, whatever the seed", "[writing]") {
  const Trained trained(PositionKind::learned);
  LanguageModel model(trained.stored);
  TextReader reader(model.model()), other(model.model());
  WritingSettings settings;
  settings.sampling.temperature = 0;
  settings.tokens = 50;
  const Written w = write_text(model, reader, {}, settings, 0);
  settings.seed = 9;
  CHECK(write_text(model, reader, {}, settings, 7).text == w.text);
  std::span<const float> logits = other.append(model.opening());
  for (const std::int32_t t : model.tokens(w.text)) {
    for (std::size_t v = 0; v < logits.size(); ++v)
      CHECK((v == unknown_token || logits[v] <= logits[static_cast<std::size_t>(t)]));
    logits = other.append({&t, 1});
  }
}

TEST_CASE("language models and classifiers are told apart, and unknown characters named", "[writing]") {
  Trained trained;
  const LanguageModel model(trained.stored);
  CHECK(model.unknown_character("der fuß 🦊") == "");
  CHECK(model.unknown_character("der Fuß") == "F");
  CHECK(model.unknown_character("der fuß 🐍!") == "🐍");
  CHECK(model.unknown_character("") == "");
  CHECK_THROWS_WITH(Classifier(trained.stored), Contains("language model"));
  trained.stored.config.model.task = Task::classification;
  CHECK_THROWS_WITH(LanguageModel(trained.stored), Contains("tubal predict"));
}

// tests/exports/check_generate.py runs this by name: the folder of a finished trial, at TUBAL_TEST_TRIAL.
TEST_CASE("a language model's trial for scripts") {
  Trained trained;
  const AskedFolder folder("TUBAL_TEST_TRIAL");
  const layout::TrialFolder trial{folder.path};
  fs::create_directories(trial.root);
  fs::copy_file(trained.stored.trial.model(), trial.model());
  TrialConfig& config = trained.stored.config;
  write_file(trial.config(), write_trial(config));
  TrialStatus status;
  status.state = TrialState::complete;
  for (const fs::path& file : {trial.config(), trial.model()})
    status.files[file.filename()] = sha256_file(file);
  write_status(trial.root, status);
  CHECK(read_trial(trial.config().string()).model.task == Task::language_model);
  CHECK(read_status(trial.root).files == status.files);
}
