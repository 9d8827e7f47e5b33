// tubal predict: texts from standard input, classes or likelihoods to standard output, line by line.
#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "core/error.hpp"
#include "core/text.hpp"
#include "experiments/cli/answers.hpp"
#include "experiments/cli/arguments.hpp"
#include "experiments/cli/command.hpp"
#include "experiments/cli/stored.hpp"
#include "experiments/text/utf8.hpp"

namespace tubal::cli {

namespace po = boost::program_options;

namespace {

constexpr std::size_t longest_line = 1 << 20;  // bytes; far beyond any max_length

// A line without its end, at most longest_line bytes of it (whole characters); false at the end.
bool read_line(std::string& line, bool& shortened) {
  line.clear();
  shortened = false;
  int c;
  while ((c = std::getc(stdin)) != EOF && c != '\n')
    if (line.size() < longest_line + 4) line += static_cast<char>(c);
  if (c == EOF && line.empty()) return false;
  if (line.size() > longest_line) {
    shortened = true;
    std::size_t n = longest_line;
    while (n > 0 && (line[n] & 0xc0) == 0x80) --n;
    line.resize(n);
  }
  return true;
}

// Reads all lines, answers them `batch` at a time. A line that is not UTF-8 ends the command after those
// before it; `words` name the trial on a command line.
template <class Model>
AnswerCounts answer_lines(Model& model, std::size_t batch, Form form, const std::string& words) {
  AnswerCounts counts;
  std::vector<std::string> texts;
  std::string line;
  const auto say = [&] {
    answer(model, texts, form, counts, std::cout);
    std::cout.flush();
    texts.clear();
  };
  head(model, form, std::cout);
  for (bool shortened = false; read_line(line, shortened);) {
    ++counts.lines;
    counts.shortened += shortened;
    if (const std::size_t bad = invalid_utf8(line); bad != std::string_view::npos) {
      say();
      throw UsageError("standard input", static_cast<int>(counts.lines), "",
                       "byte " + std::to_string(bad + 1) +
                           " is not UTF-8. Convert the text on its way: `iconv -f latin1 -t utf-8 | "
                           "tubal predict " +
                           words + "`.");
    }
    texts.push_back(line);
    if (texts.size() == batch) say();
  }
  if (std::ferror(stdin)) throw Error("standard input cannot be read");
  say();
  return counts;
}

void note(long n, const std::string& what) {
  if (n) std::cerr << "note: " << n << (n == 1 ? " line " : " lines ") << what << "\n";
}

}  // namespace

int predict(const std::vector<std::string>& arguments) {
  po::options_description options("Options");
  // clang-format off
  options.add_options()
    ("studies", po::value<std::string>()->default_value("studies"), "folder in which studies lie")
    ("csv", "comma-separated, with a head and the probability of every class")
    ("json", "a JSON object a line, with the probability of every class")
    ("batch", po::value<int>(), "texts at a time (128; 1 on a terminal): how long an answer waits for more lines");
  // clang-format on
  const auto given = parse(
      arguments,
      {"tubal predict STUDY/TRIAL [options] < texts",
       R"(Answers each line of standard input by a finished trial's model, one line for one line. Numbers are the
same to the digit with --csv, --json and without.
A classifier says `class<TAB>probability`. A line is treated as the trial's own texts were: cut after
data.max_length tokens; an empty one counts as one unknown word. What was cut or unknown is told on
standard error.
A language model says `log_probability<TAB>tokens<TAB>per_token<TAB>bits_per_byte`: the natural logarithm
of the line's probability, given that a text begins (the line's end is not judged), the tokens that it
adds up, its mean over them, and -log2 P over the line's bytes. A line of any length is read as
`tubal generate` reads its text. An empty one has no token: nan (null in JSON).
A line that is not UTF-8 ends the command (status 2) after the lines before it.)",
       R"(  echo 'a moving film' | tubal predict imdb-transforms/3fa9
  tubal predict studies/imdb-transforms/trials/3fa9c1d0e2b4 --json < reviews.txt > answers.jsonl
  tubal predict shakespeare/3fa9 --csv < lines.txt > likelihoods.csv
)"},
      options, "trial");
  if (!given) return 0;
  const int batch = given->count("batch") ? (*given)["batch"].as<int>() : ::isatty(0) ? 1 : 128;
  if (batch < 1 || batch > 65536) throw UsageError("--batch: allowed are 1 to 65536 texts");
  if (given->count("csv") && given->count("json")) throw UsageError("--csv and --json: give one of them");
  const Form form = given->count("csv") ? Form::csv : given->count("json") ? Form::json : Form::table;
  const std::string trial = (*given)["trial"].as<std::string>();
  const std::string studies = (*given)["studies"].as<std::string>(),
                    words =
                        shell_word(trial) + (studies == "studies" ? "" : " --studies " + shell_word(studies));
  StoredModel stored = open_model(find_stored_trial(trial, studies));
  AnswerCounts counts;
  if (stored.config.model.task == Task::language_model) {
    LanguageModel model(stored);
    counts = answer_lines(model, static_cast<std::size_t>(batch), form, words);
    note(counts.unknown, "with tokens that the model does not know, judged as unknown ones");
  } else {
    Classifier model(std::move(stored));
    counts = answer_lines(model, static_cast<std::size_t>(batch), form, words);
    note(counts.unknown, "without a word that the model knows");
    note(counts.cut, "cut after " + std::to_string(model.max_length()) + " tokens, as in training");
  }
  note(counts.shortened, "longer than " + std::to_string(longest_line) + " bytes, the rest left out");
  return 0;
}

}  // namespace tubal::cli
