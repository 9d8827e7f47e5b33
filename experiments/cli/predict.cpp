// tubal predict: texts from standard input, classes to standard output, line by line.
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "analysis/study_reader.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "core/typed.hpp"
#include "experiments/classifier.hpp"
#include "experiments/cli/arguments.hpp"
#include "experiments/cli/command.hpp"
#include "experiments/utf8.hpp"

namespace tubal::cli {

namespace po = boost::program_options;

namespace {

constexpr std::size_t longest_line = 1 << 20;  // bytes; far beyond any max_length

// STUDY/trial (the beginning of its id will do), or the trial's folder.
layout::TrialFolder find_trial(const std::string& named, const std::string& studies) {
  std::error_code none;
  const std::filesystem::path path(named);
  const layout::TrialFolder itself{path.has_filename() ? path : path.parent_path()};
  if (std::filesystem::exists(itself.config(), none)) return itself;
  const std::size_t slash = named.rfind('/');
  if (slash == named.npos || slash == 0 || slash + 1 == named.size())
    throw UsageError("`" + named +
                     "` names no trial. Expected STUDY/TRIAL, such as imdb-transforms/3fa9; `tubal status "
                     "STUDY` lists the trials.");
  const layout::StudyFolder study = analysis::find_study(named.substr(0, slash), studies);
  const std::string wanted = named.substr(slash + 1);
  std::vector<std::string> fits, ids = study.trial_ids();
  for (const std::string& id : ids)
    if (id.starts_with(wanted)) fits.push_back(id);
  if (fits.size() > 1)
    throw UsageError("`" + wanted + "` may be " + join(fits, " or ") + ": give more of it.");
  if (fits.empty())
    throw UsageError("study " + study.name() + " has no trial `" + wanted + "`. " +
                     did_you_mean(wanted, ids) + " `tubal status " + typed(study) + "` lists them.");
  return study.trial(fits[0]);
}

// A line without its end, at most longest_line bytes of it (whole characters); false at the end.
bool read_line(std::string& line, bool& shortened) {
  line.clear(), shortened = false;
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

// Tabs and line ends inside a class name would break the columns.
std::string one_field(const std::string& name) {
  std::string out;
  for (const char c : name)
    out += c == '\t' ? "\\t" : c == '\n' ? "\\n" : c == '\\' ? "\\\\" : std::string(1, c);
  return out;
}

struct Counts {
  long lines = 0, cut = 0, unknown = 0, shortened = 0;
};

void answer(Classifier& classify, std::vector<std::string>& texts, bool json, Counts& counts) {
  for (const Classifier::Prediction& p : classify(texts)) {
    counts.cut += p.cut, counts.unknown += p.unknown;
    const std::string& label = classify.classes()[p.label];
    if (json) {
      nlohmann::ordered_json line = {{"label", label}, {"probability", p.probability[p.label]}};
      for (std::size_t c = 0; c < p.probability.size(); ++c)
        line["probabilities"][classify.classes()[c]] = p.probability[c];
      std::cout << line.dump() << "\n";
    } else {
      char probability[32];
      std::snprintf(probability, sizeof probability, "%.6f", p.probability[p.label]);
      std::cout << one_field(label) << "\t" << probability << "\n";
    }
  }
  std::cout.flush();
  texts.clear();
}

}  // namespace

int predict(const std::vector<std::string>& arguments) {
  po::options_description options("Options");
  // clang-format off
  options.add_options()
    ("studies", po::value<std::string>()->default_value("studies"), "folder in which studies lie")
    ("json", "a JSON object a line, with the probability of every class")
    ("batch", po::value<int>(), "texts at a time (128; 1 on a terminal): how long an answer waits for more lines");
  // clang-format on
  const auto given = parse(
      arguments,
      {"tubal predict STUDY/TRIAL [options] < texts",
       "Classifies each line of standard input with a finished trial's model: `class<TAB>probability`, one "
       "line "
       "for one line.\n"
       "A line is treated as the trial's own texts were: cut after data.max_length tokens; an empty one "
       "counts "
       "as one unknown\n"
       "word. What was cut or unknown is told on standard error. A line that is not UTF-8 ends the command "
       "(status 2) after\n"
       "the lines before it.",
       "  echo 'a moving film' | tubal predict imdb-transforms/3fa9\n"
       "  tubal predict studies/imdb-transforms/trials/3fa9c1d0e2b4 --json < reviews.txt > answers.jsonl\n"},
      options, "trial");
  if (!given) return 0;
  const int batch = given->count("batch") ? (*given)["batch"].as<int>() : ::isatty(0) ? 1 : 128;
  if (batch < 1 || batch > 65536) throw UsageError("--batch: allowed are 1 to 65536 texts");
  Classifier classify(find_trial((*given)["trial"].as<std::string>(), (*given)["studies"].as<std::string>()));
  const bool json = given->count("json") > 0;
  const std::string studies = (*given)["studies"].as<std::string>(),
                    elsewhere = studies == "studies" ? "" : " --studies " + shell_word(studies);
  Counts counts;
  std::vector<std::string> texts;
  std::string line;
  for (bool shortened = false; read_line(line, shortened);) {
    ++counts.lines, counts.shortened += shortened;
    if (const std::size_t bad = invalid_utf8(line); bad != std::string_view::npos) {
      answer(classify, texts, json, counts);
      throw UsageError("standard input", static_cast<int>(counts.lines), "",
                       "byte " + std::to_string(bad + 1) +
                           " is not UTF-8. Convert the text on its way: `iconv -f latin1 -t utf-8 | tubal "
                           "predict " +
                           shell_word((*given)["trial"].as<std::string>()) + elsewhere + "`.");
    }
    texts.push_back(line);
    if (texts.size() == static_cast<std::size_t>(batch)) answer(classify, texts, json, counts);
  }
  if (std::ferror(stdin)) throw Error("standard input cannot be read");
  answer(classify, texts, json, counts);
  const auto note = [](long n, const std::string& what) {
    if (n) std::cerr << "note: " << n << (n == 1 ? " line " : " lines ") << what << "\n";
  };
  note(counts.unknown, "without a word that the model knows");
  note(counts.cut, "cut after " + std::to_string(classify.max_length()) + " tokens, as in training");
  note(counts.shortened, "longer than " + std::to_string(longest_line) + " bytes, the rest left out");
  return 0;
}

}  // namespace tubal::cli
