// Text as the data of a language model: parts, documents, streams of tokens, windows, and what is refused.
#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <numeric>
#include <set>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/text.hpp"
#include "core/unfinished.hpp"
#include "experiments/data/batches.hpp"
#include "experiments/data/data_hint.hpp"
#include "experiments/data/dataset.hpp"
#include "experiments/data/text_corpus.hpp"
#include "experiments/measure/estimate.hpp"
#include "tests/experiments/data/text_fixture.hpp"

using namespace tubal;
using namespace tubal::test;
using Catch::Matchers::Contains;

namespace {

std::string said(const Dataset& data, const Part& part) { return decode(data.vocabulary, part.tokens); }

std::string joined(const TextCorpus::Documents& documents) {
  std::string all;
  for (const std::string_view d : documents) all += "[" + std::string(d) + "]";
  return all;
}

}  // namespace

TEST_CASE("shares are the ends of the stream: train, validation, test are the text, cut at characters",
          "[text]") {
  const TemporaryFolder folder;
  const std::string text = made_text(60);
  DataConfig d = text_data(put(folder, "a.txt", text));
  for (const double validation : {0.1, 0.25, 0.613})
    for (const double test : {0., 0.05, 0.3})
      for (const char* tokenizer : {"char", "word", "sentencepiece"}) {
        if (std::string(tokenizer) != "char" && test != 0.05) continue;
        INFO(validation << " " << test << " " << tokenizer);
        DataConfig c = text_data(d.train, tokenizer);
        c.validation = validation;
        c.test_share = test;
        c.max_length = 4;
        const Dataset data = load_dataset(c, folder / "cache");
        const TextCorpus corpus = read_text_corpus(c);
        std::string whole;
        for (const auto* part : {&corpus.train, &corpus.validation, &corpus.test})
          for (const std::string_view piece : *part) whole += piece;
        CHECK(whole == text);
        for (const std::string_view piece : {corpus.train[0], corpus.validation[0]})
          CHECK(invalid_utf8(piece) == std::string_view::npos);
        const double n = static_cast<double>(text.size());
        CHECK(std::abs(static_cast<double>(corpus.validation[0].size()) - validation * n) <= 4);
        CHECK(data.test.tokens.empty() == (test == 0));
        // The stream is 0 and the text; all but the 0 is said, and stands for every byte.
        CHECK(data.train.tokens[0] == document_token);
        CHECK(said(data, data.train) == "\n" + std::string(corpus.train[0]));
        CHECK(data.train.bytes == static_cast<std::int64_t>(corpus.train[0].size()));
        CHECK(data.train.bytes + data.validation.bytes + data.test.bytes == static_cast<std::int64_t>(n));
        CHECK(data.train.characters < data.train.bytes);  // é has two bytes
        CHECK(load_dataset(c, folder / "cache").cached);
      }
  // As nanoGPT cuts: the first 90 % of the characters.
  d.train = put(folder, "b.txt", std::string(1115394 / 2, 'a') + std::string(1115394 / 2, 'b'));
  CHECK(read_text_corpus(d).train[0].size() == 1003854);
}

TEST_CASE("documents are the stream, its lines, its paragraphs or its files", "[text]") {
  const TemporaryFolder folder;
  const std::string one = put(folder, "one.txt", "first\nline\r\n\n  \nsecond part\n\n\nthird\n"),
                    two = put(folder, "two.txt",
                              "\xEF\xBB\xBF"
                              "other\nfile");
  DataConfig d = text_data("");
  d.train_list = {one, two};
  d.validation_file = put(folder, "validation.txt", "sacred\n\nlater on\n");
  const auto documents = [&](const char* kind) {
    d.documents = kind;
    return joined(read_text_corpus(d).train);
  };
  CHECK(documents("stream") == "[first\nline\r\n\n  \nsecond part\n\n\nthird\nother\nfile]");
  CHECK(documents("line") == "[first][line][second part][third][other][file]");
  CHECK(documents("paragraph") == "[first\nline][second part][third][other\nfile]");
  CHECK(documents("file") == "[first\nline\r\n\n  \nsecond part\n\n\nthird][other\nfile]");
  d.documents = "line";
  d.max_length = 4;
  const Dataset data = load_dataset(d, folder / "cache");
  CHECK(said(data, data.train) == "\nfirst\nline\nsecond part\nthird\nother\nfile\n");
  CHECK(data.train.size() == 6);
  CHECK(data.train.bytes == 5 + 4 + 11 + 5 + 5 + 4 + 6);
  CHECK(said(data, data.validation).size() == static_cast<std::size_t>(data.validation.bytes) + 1);
  // A share of documents is cut at their bounds.
  const std::string lines = documents("line");
  d.validation_file.clear();
  d.validation = 0.4;
  const TextCorpus corpus = read_text_corpus(d);
  CHECK(joined(corpus.train) + joined(corpus.validation) == lines);
  CHECK(corpus.validation.size() == 3);
}

TEST_CASE("gz, several members too, and xz are read as what they hold", "[text]") {
  const TemporaryFolder folder;
  const std::string text = made_text(3000), half = made_text(20, 5);
  const std::string plain = put(folder, "a.txt", text), more = put(folder, "b.txt", half);
  REQUIRE(std::system(("cd '" + folder.path.string() +
                       "' && gzip -k a.txt && gzip -c b.txt | cat a.txt.gz - >both.gz && xz -k a.txt && "
                       "xz -c b.txt | cat a.txt.xz - >both.xz")
                          .c_str()) == 0);
  DataConfig d = text_data(plain);
  const std::string tokens = load_dataset(d, folder / "cache").tokens;
  for (const char* packed : {"a.txt.gz", "a.txt.xz"}) {
    d.train = folder / packed;
    CHECK(load_dataset(d, folder / "cache").tokens == tokens);
  }
  for (const char* both : {"both.gz", "both.xz"}) {
    d.train = folder / both;
    const TextCorpus corpus = read_text_corpus(d);
    CHECK(std::string(corpus.train[0]) + std::string(corpus.validation[0]) == text + half);
    const std::string bytes = read_file(d.train);
    for (const std::size_t keep : {bytes.size() - 1, bytes.size() - 9, bytes.size() / 3, std::size_t{20}}) {
      INFO(both << " cut to " << keep);
      DataConfig cut = d;
      cut.train = put(folder, "cut", bytes.substr(0, keep));
      CHECK_THROWS_WITH(read_text_corpus(cut), Contains("cut: ") && Contains("cut short"));
    }
    std::string damaged = bytes;
    for (std::size_t i = 0; i < 12; ++i) damaged[bytes.size() / 4 + i] ^= 0x55;
    d.train = put(folder, "damaged", damaged);
    CHECK_THROWS_WITH(read_text_corpus(d), Contains("damaged") || Contains("cut short"));
  }
}

TEST_CASE("labelled texts are documents of a language model, without their labels", "[text]") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "imdb");
  std::string rows = "text\n", reviews = "review,sentiment\n", lines;
  for (int i = 0; i < 20; ++i) {
    rows += "\"row " + std::to_string(i) + ", and \"\"more\"\"\"\n";
    reviews += "\"Good <br /><br />film " + std::to_string(i) + " <b>x</b>\",0\n";
    lines += "{\"text\": \"line " + std::to_string(i) + "\"}\n";
  }
  put(folder, "imdb/train.csv", reviews);
  put(folder, "imdb/test.csv", reviews);
  DataConfig d = text_data(put(folder, "a.csv", rows));
  d.name = "csv";
  d.test = put(folder, "b.csv", rows);
  d.max_length = 8;
  CHECK(joined(read_text_corpus(d).train).starts_with("[row 0, and \"more\"][row 1, and"));
  CHECK(read_text_corpus(d).validation.size() == 2);
  CHECK(load_dataset(d, folder / "cache").test.size() == 20);
  d.text = "words";
  CHECK_THROWS_WITH(read_text_corpus(d), Contains("a.csv:1: data.text") && Contains("no column `words`"));
  d.text = "text";
  d.name = "jsonl";
  d.train = d.test = put(folder, "a.jsonl", lines);
  CHECK(joined(read_text_corpus(d).train).starts_with("[line 0][line 1]"));
  d.text = "words";
  CHECK_THROWS_WITH(read_text_corpus(d), Contains("a.jsonl:1: data.text"));
  d.name = "imdb";
  d.path = folder / "imdb";
  CHECK(joined(read_text_corpus(d).train).starts_with("[Good \n\nfilm 0 <b>x</b>]["));
  d.language = false;
  CHECK_THROWS_WITH(read_corpus(d), Contains("one class"));  // for a classifier labels count
}

TEST_CASE("what is no text for a language model is refused, with the place and what to do", "[text]") {
  const TemporaryFolder folder;
  const std::string good = put(folder, "good.txt", made_text(40));
  const auto fault = [&](auto change) {
    DataConfig d = text_data(good);
    change(d);
    try {
      load_dataset(d, folder / "cache");
    } catch (const UsageError& e) {
      std::string message = e.what();
      CHECK(message.find('\n') == std::string::npos);
      return message;
    }
    return std::string("accepted");
  };
  const auto of = [&](const std::string& name, const std::string& bytes) {
    return fault([&](DataConfig& d) { d.train = put(folder, name, bytes); });
  };
  CHECK_THAT(of("empty.txt", ""), Contains("empty.txt: data.train") && Contains("the file is empty"));
  CHECK_THAT(of("blank.txt", " \n\r\n\t"), Contains("blank.txt: data.train") && Contains("white space"));
  CHECK_THAT(of("latin.txt", "good\nM\xFChle\n"),
             Contains("latin.txt:2") && Contains("byte 2 of the line (byte 7 of the file) is 0xFC"));
  CHECK_THAT(of("zero.txt", std::string("ab\nc\0d", 6)), Contains("zero.txt:2") && Contains("byte 5"));
  CHECK_THAT(of("utf16.txt",
                "\xFF\xFE"
                "a"),
             Contains("UTF-16"));
  CHECK_THAT(of("one.txt", std::string(400, 'a')), Contains("data.train") && Contains("nothing to predict"));
  CHECK_THAT(of("short.txt", "ten chars."), Contains("data.max_length") && Contains("the training part has"));
  CHECK_THAT(of("small.txt", made_text(3)), Contains("the validation part has") && Contains("at most"));
  CHECK_THAT(of("two.txt", "ab"), Contains("nothing to predict"));
  CHECK_THAT(of("a.txt", "a"), Contains("leaves nothing for"));
  CHECK_THAT(fault([&](DataConfig& d) { d.train = folder.path.string(); }), Contains("is a folder"));
  CHECK_THAT(fault([&](DataConfig& d) { d.train = (folder / "goood.txt").string(); }),
             Contains("no such file") && Contains("did you mean `good.txt`"));
  CHECK_THAT(fault([&](DataConfig& d) { d.validation_file = good; }),
             Contains("data.validation") && Contains("holds the same text as the file of data.train"));
  CHECK_THAT(fault([&](DataConfig& d) { d.test = put(folder, "copy.txt", made_text(40)); }),
             Contains("copy.txt: data.test") && Contains("data.train"));
  CHECK_THAT(fault([&](DataConfig& d) { d.max_length = 100000; }), Contains("data.max_length"));
  CHECK_THAT(fault([&](DataConfig& d) {
               d.tokenizer.kind = "sentencepiece";
               d.tokenizer.vocabulary = 5;
             }),
             Contains("data.tokenizer") && Contains("sentencepiece could not learn"));
  for (const auto& entry : std::filesystem::directory_iterator(folder / "cache"))  // nothing half-written
    CHECK_FALSE(is_unfinished(entry.path().filename()));
}

TEST_CASE("windows say every token but the first once, and documents apart see nothing of each other",
          "[text]") {
  const TemporaryFolder folder;
  for (const char* kind : {"stream", "line"})
    for (const int context : {1, 2, 7, 16, 64}) {
      DataConfig d = text_data(put(folder, "a.txt", made_text(30)));
      d.documents = kind;
      d.max_length = context;
      d.validation = 0.3;
      const Dataset data = load_dataset(d, folder / "cache");
      for (const bool across : {true, false}) {
        INFO(kind << " " << context << " " << across);
        const Windows windows(data.train, context, across);
        std::vector<std::size_t> all(windows.count());
        std::iota(all.begin(), all.end(), 0);
        const Batch batch = windows.numbered(all);
        const auto& tokens = data.train.tokens;
        CHECK(std::equal(batch.tokens.begin(), batch.tokens.end(), tokens.begin(), tokens.end() - 1));
        CHECK(std::equal(batch.targets.begin(), batch.targets.end(), tokens.begin() + 1, tokens.end()));
        CHECK(batch.offsets.back() == static_cast<std::int32_t>(tokens.size()) - 1);
        double squares = 0;
        for (std::size_t b = 0; b < batch.size(); ++b) {
          const int n = batch.offsets[b + 1] - batch.offsets[b];
          REQUIRE((n >= 1 && n <= context));
          squares += n * n;
          if (across || std::string(kind) == "stream") continue;
          for (int i = batch.offsets[b] + 1; i < batch.offsets[b + 1]; ++i)
            REQUIRE(batch.tokens[static_cast<std::size_t>(i)] != document_token);
        }
        CHECK(windows.squares() == squares);
        if (across) CHECK(batch.size() == windows.count());
      }
    }
}

TEST_CASE("a step's batch depends on seed and step alone, an epoch's walk meets every window once",
          "[text]") {
  const TemporaryFolder folder;
  TrialConfig config;
  config.data = text_data(put(folder, "a.txt", made_text(40)));
  config.model.task = Task::language_model;
  config.training.batch_size = 5;
  config.seed = 3;
  const Dataset data = load_dataset(config.data, folder / "cache");
  const std::size_t positions = data.train.tokens.size() - 1;
  for (const char* order : {"walk", "random"}) {
    INFO(order);
    config.training.order = order;
    TrainingBatches batches(config, data), again(config, data);
    const std::int64_t n = batches.steps_per_epoch();
    CHECK(n == static_cast<std::int64_t>((positions + 79) / 80));
    std::vector<Batch> first;
    for (std::int64_t s = 0; s < 2 * n; ++s) first.push_back(batches(s));
    for (const std::int64_t s : {2 * n - 1, std::int64_t{0}, n, n - 1}) {
      CHECK(again(s).tokens == first[static_cast<std::size_t>(s)].tokens);
      CHECK(again(s).targets == first[static_cast<std::size_t>(s)].targets);
    }
    CHECK(first[0].tokens != first[static_cast<std::size_t>(n)].tokens);
    config.seed = 4;
    CHECK(TrainingBatches(config, data)(0).tokens != first[0].tokens);
    config.seed = 3;
    if (std::string(order) == "walk") {
      std::multiset<std::int32_t> seen;
      for (std::int64_t s = 0; s < n; ++s)
        seen.insert(first[static_cast<std::size_t>(s)].targets.begin(),
                    first[static_cast<std::size_t>(s)].targets.end());
      CHECK(seen == std::multiset<std::int32_t>(data.train.tokens.begin() + 1, data.train.tokens.end()));
    } else {
      for (const Batch& b : first) {
        CHECK(b.size() == 5);
        CHECK(b.tokens.size() == 80);
        for (std::size_t i = 0; i + 1 < 80; ++i)
          if ((i + 1) % 16) REQUIRE(b.tokens[i + 1] == b.targets[i]);
      }
    }
  }
}

TEST_CASE("training lasts as long as it says, and is evaluated when it says", "[text]") {
  TrainingConfig t;
  t.epochs = 3;
  const TrainingLength whole(t, 10);
  CHECK(whole.steps == 30);
  CHECK(whole.evaluations() == 3);
  CHECK(whole.steps_of(3) == 10);
  t.evaluate_every = 8;
  const TrainingLength often(t, 10);
  CHECK(often.evaluations() == 4);
  CHECK(often.steps_of(4) == 6);
  t.steps = 25;
  t.evaluate_every = 0;
  const TrainingLength steps(t, 10);
  CHECK(steps.steps == 25);
  CHECK(steps.evaluations() == 3);
  CHECK(steps.steps_of(3) == 5);
  t.steps = 4;
  CHECK(TrainingLength(t, 10).evaluations() == 1);
  CHECK(TrainingLength(t, 10).steps_of(1) == 4);
}

TEST_CASE("a plan knows a text's size and its characters before it is read", "[text]") {
  const TemporaryFolder folder;
  const std::string text = made_text(400);
  TrialConfig c;
  c.data = text_data(put(folder, "a.txt", text));
  c.model.task = Task::language_model;
  c.model.width = 16;
  c.model.p = 1;
  c.model.depth = 1;
  c.training.steps = 50;
  c.training.batch_size = 4;
  c.training.evaluate_every = 25;
  const Dataset data = load_dataset(c.data, folder / "cache");
  const Estimate e = estimate(c, {});
  CHECK(e.vocabulary == data.vocabulary.size);
  CHECK(e.mean_tokens == 16);
  CHECK(e.tokens == Approx(50. * 4 * 16 + 2 * static_cast<double>(data.validation.bytes) / 3).epsilon(1e-3));
  CHECK(text_hint(c.data).train == Approx(static_cast<double>(data.train.bytes)).epsilon(1e-3));
  c.data.train = "missing.txt";
  CHECK(estimate(c, {}).vocabulary == 256);
  CHECK(estimate(c, {}).tokens == 50. * 4 * 16);
}
