// tubal generate: texts that a language model writes, printed as they come.
#include <unistd.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/text.hpp"
#include "experiments/cli/arguments.hpp"
#include "experiments/cli/command.hpp"
#include "experiments/cli/stored.hpp"
#include "experiments/inference/writing.hpp"
#include "experiments/records/status.hpp"
#include "experiments/runner/signals.hpp"
#include "experiments/text/utf8.hpp"
#include "experiments/training/stop_request.hpp"

namespace tubal::cli {

namespace po = boost::program_options;

namespace {

constexpr std::size_t longest_prompt = 1 << 20;  // bytes

// What is piped in, without the line end that `echo` adds; nothing where a person would have to type it.
std::string read_prompt() {
  std::string text;
  if (::isatty(STDIN_FILENO)) return text;
  char piece[1 << 16];
  while (std::cin.read(piece, sizeof piece), std::cin.gcount() > 0) {
    text.append(piece, static_cast<std::size_t>(std::cin.gcount()));
    if (text.size() > longest_prompt)
      throw UsageError("standard input: the prompt is longer than " + std::to_string(longest_prompt) +
                       " bytes, and the model sees its last tokens alone. Give those: `tail -c 2000 FILE | "
                       "tubal generate ...`.");
  }
  if (std::cin.bad()) throw Error("standard input cannot be read");
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

std::string character_name(std::string_view c) {
  const char* p = c.data();
  char code[16];
  std::snprintf(code, sizeof code, "U+%04X", static_cast<unsigned>(decode_utf8(p)));
  return "`" + printable(c) + "` (" + code + ")";
}

// The prompt's tokens; what the model cannot read is refused, or told on standard error.
std::vector<std::int32_t> read_tokens(const LanguageModel& model, const std::string& prompt,
                                      const std::string& where) {
  if (const std::size_t bad = invalid_utf8(prompt); bad != std::string::npos)
    throw UsageError(where, 0, "",
                     "byte " + std::to_string(bad + 1) +
                         " of the prompt is not UTF-8. Convert it on its way: `iconv -f latin1 -t utf-8`.");
  if (const std::string_view c = model.unknown_character(prompt); !c.empty())
    throw UsageError(
        where, 0, "",
        "character " + character_name(c) + ", byte " + std::to_string(c.data() - prompt.data() + 1) +
            " of the prompt, is none of the " + std::to_string(model.vocabulary().size - 2) +
            " that the model was trained on. They are: " + shown(model.vocabulary().data, 400) + ".");
  std::size_t unknown = 0;
  std::vector<std::int32_t> tokens = model.tokens(prompt, &unknown);
  if (unknown)
    std::cerr << "note: " << unknown << " of the prompt's " << tokens.size()
              << (tokens.size() == 1 ? " token is" : " tokens are")
              << " not in the vocabulary, and read as an unknown word\n";
  const std::size_t seen = static_cast<std::size_t>(model.context()),
                    all = tokens.size() + model.opening().size();
  if (all > seen)
    std::cerr << "note: the prompt has " << tokens.size() << " tokens, and the model sees the last " << seen
              << " (data.max_length)\n";
  return tokens;
}

template <class T>
T at_least(const po::variables_map& given, const char* option, T least, T most) {
  const auto found = given[option].as<std::int64_t>();
  if (found < static_cast<std::int64_t>(least) || found > static_cast<std::int64_t>(most))
    throw UsageError("--" + std::string(option) + ": found " + std::to_string(found) + ", allowed are " +
                     std::to_string(least) + " to " + std::to_string(most));
  return static_cast<T>(found);
}

nlohmann::ordered_json described(const Written& w, std::int64_t sample, const std::string& prompt,
                                 const WritingSettings& s) {
  return {{"sample", sample}, {"seed", s.seed},     {"prompt", prompt},
          {"text", w.text},   {"tokens", w.tokens}, {"log_probability", w.log_probability},
          {"ended", w.ended}};
}

}  // namespace

int generate(const std::vector<std::string>& arguments) {
  po::options_description options("Options");
  // clang-format off
  options.add_options()
    ("prompt", po::value<std::string>(), "the text to go on with; without it standard input, less one line end; empty: a text begins")
    ("tokens", po::value<std::int64_t>()->default_value(200), "tokens to write, at most: a document's end ends a sample")
    ("temperature", po::value<double>()->default_value(1, "1"), "0: always the likeliest token; 1: as the model says; above: more even")
    ("top-k", po::value<std::int64_t>(), "draw from the k likeliest tokens alone")
    ("top-p", po::value<double>()->default_value(1, "1"), "draw from the fewest likeliest tokens with a share of p in (0, 1], behind --top-k")
    ("seed", po::value<std::int64_t>()->default_value(0), "the same seed, the same samples")
    ("samples", po::value<std::int64_t>()->default_value(1), "texts to write; each depends on the seed and its number alone")
    ("json", "a JSON object a sample: prompt, text, tokens, log_probability (of the text, nats), ended")
    ("studies", po::value<std::string>()->default_value("studies"), "folder in which studies lie");
  // clang-format on
  const auto parsed = parse(
      arguments,
      {"tubal generate STUDY/TRIAL [options] [< prompt]",
       R"(Lets a finished language model go on with a text, and prints both, token by token as it is written.
Samples are parted by a line `---`. A text begins as the training texts did, behind the token that parts
documents. The model sees data.max_length tokens; beyond them the last half is read again, whatever the
positions, and the text goes on from that. A character that the model was never shown is an error; a word
that its vocabulary lacks is read as an unknown one. Unknown tokens are never drawn.
Exit status: 0 done, 2 usage, 75 interrupted (what was written stands).)",
       R"(  tubal generate shakespeare/3fa9 --prompt 'ROMEO:' --tokens 300 --temperature 0.8
  echo 'O, speak again' | tubal generate shakespeare/3fa9 --top-k 20 --samples 3 --seed 7
  tubal generate shakespeare/3fa9 --prompt '' --temperature 0 --json
)"},
      options, "trial", "prompt");
  if (!parsed) return 0;
  const po::variables_map& given = *parsed;
  constexpr std::int64_t many = 1'000'000'000;
  WritingSettings settings;
  settings.tokens = at_least<std::int64_t>(given, "tokens", 1, many);
  settings.seed = at_least<std::uint64_t>(given, "seed", 0, std::int64_t{1} << 62);
  settings.sampling = {given["temperature"].as<double>(), 0, given["top-p"].as<double>()};
  if (given.count("top-k")) settings.sampling.top_k = at_least<int>(given, "top-k", 1, many);
  const auto samples = at_least<std::int64_t>(given, "samples", 1, many);
  settings.judge = given.count("json") > 0;
  Sampler(settings.sampling, 1);  // says what is wrong before a model is read
  LanguageModel model(
      open_model(find_stored_trial(given["trial"].as<std::string>(), given["studies"].as<std::string>())));

  runner::end_on_signals(static_cast<int>(ExitStatus::interrupted));
  const bool piped = !given.count("prompt");
  const std::string prompt = piped ? read_prompt() : given["prompt"].as<std::string>();
  const std::vector<std::int32_t> tokens = read_tokens(model, prompt, piped ? "standard input" : "--prompt");
  stop_on_signals();
  TextReader reader(model.model());
  const auto show = [&](std::string_view text) {
    if (!settings.judge) std::cout << text << std::flush;
    return !stop_requested();
  };
  for (std::int64_t i = 0; i < samples; ++i) {
    if (!settings.judge) std::cout << (i ? "---\n" : "") << prompt << std::flush;
    const Written w = write_text(model, reader, tokens, settings, static_cast<std::uint64_t>(i), show);
    if (!settings.judge)
      std::cout << "\n" << std::flush;
    else if (!w.stopped)
      std::cout << described(w, i, prompt, settings).dump() << "\n" << std::flush;
    if (w.stopped || stop_requested()) return static_cast<int>(ExitStatus::interrupted);
  }
  return 0;
}

}  // namespace tubal::cli
