#include "experiments/inference/language_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/error.hpp"
#include "experiments/records/safetensors.hpp"
#include "experiments/text/utf8.hpp"

namespace tubal {

static const StoredModel& checked(const StoredModel& stored) {
  if (stored.config.model.task != Task::language_model)
    throw UsageError("trial " + stored.trial.id() + " is a classifier: it names the class of a text, and " +
                     "writes none. `tubal predict` asks it.");
  return stored;
}

LanguageModel::LanguageModel(const StoredModel& stored)
    : vocabulary_(checked(stored).format.vocabulary),
      encoder_(vocabulary_),
      context_(stored.config.data.max_length),
      opening_({document_token}),
      model_(stored.config.model, vocabulary_.size, 0, stored.config.seed, 1) {
  std::vector<NamedTensor<float>> parameters = model_.parameters(false);
  read_safetensors(stored.trial.model(), parameters);
}

std::vector<std::int32_t> LanguageModel::never() const { return {unknown_token}; }

std::vector<std::int32_t> LanguageModel::tokens(std::string_view text, std::size_t* unknown) const {
  if (unknown) *unknown = 0;
  if (text.empty()) return {};
  std::vector<std::int32_t> out = encoder_(text, TokenLimit(std::numeric_limits<int>::max()));
  if (unknown) *unknown = static_cast<std::size_t>(std::count(out.begin(), out.end(), unknown_token));
  return out;
}

std::string_view LanguageModel::unknown_character(std::string_view text) const {
  if (vocabulary_.kind != "char") return {};
  const char *p = text.data(), *const end = p + text.size();
  for (const std::int32_t t : tokens(text)) {  // one a character
    const char* const begin = p;
    if (p < end) decode_utf8(p);
    if (t == unknown_token) return {begin, static_cast<std::size_t>(p - begin)};
  }
  return {};
}

double LanguageModel::Likelihood::bits_per_byte() const {
  return -log_probability / std::log(2.0) / static_cast<double>(bytes);
}

namespace {

// Texts cut into sequences as a TextReader reads them: input i of a text is judged by input i+1, once, in the
// first sequence that has both.
struct Cutter {
  std::size_t context;
  Batch batch{{}, {0}, {}};
  std::vector<std::size_t> owner = {};  // of each sequence: its text

  void add(std::size_t text, std::span<const std::int32_t> tokens) {  // the opening, then the text
    const std::size_t inputs = tokens.size() - 1, kept = TextReader::kept(context);
    for (std::size_t begin = 0, judged = 0; judged < inputs;) {
      const std::size_t end = std::min(begin + context, inputs);
      for (std::size_t i = begin; i < end; ++i) {
        batch.tokens.push_back(tokens[i]);
        batch.targets.push_back(i < judged ? -1 : tokens[i + 1]);
      }
      batch.offsets.push_back(static_cast<std::int32_t>(batch.tokens.size()));
      owner.push_back(text);
      judged = end;
      begin = end + 1 - kept;
    }
  }
};

}  // namespace

std::vector<LanguageModel::Likelihood> LanguageModel::operator()(std::span<const std::string> texts) {
  constexpr std::size_t at_a_time = 1
                                    << 16;  // tokens, so that long lines cost no more memory than short ones
  std::vector<Likelihood> out(texts.size());
  Cutter cut{static_cast<std::size_t>(context_)};
  const auto judge = [&] {
    if (cut.owner.empty()) return;
    const std::vector<double> losses = model_.losses(cut.batch);
    for (std::size_t s = 0; s < cut.owner.size(); ++s)
      for (auto t = cut.batch.offsets[s]; t < cut.batch.offsets[s + 1]; ++t)
        out[cut.owner[s]].log_probability -= losses[static_cast<std::size_t>(t)];
    cut = Cutter{static_cast<std::size_t>(context_)};
  };
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::size_t unknown = 0;
    std::vector<std::int32_t> own = tokens(texts[i], &unknown), all(opening_);
    out[i].tokens = static_cast<std::int64_t>(own.size());
    out[i].unknown = static_cast<std::int64_t>(unknown);
    out[i].bytes = static_cast<std::int64_t>(texts[i].size());
    all.insert(all.end(), own.begin(), own.end());
    // An opening of several tokens is not judged.
    cut.add(i, std::span<const std::int32_t>(all).subspan(opening_.size() - 1));
    if (cut.batch.tokens.size() >= at_a_time) judge();
  }
  judge();
  return out;
}

TextReader::TextReader(Model<float>& model)
    : generation_(model), context_(static_cast<std::size_t>(model.config().max_length)) {
  last_.reserve(2 * context_);
}

void TextReader::restart() {
  generation_.restart();
  last_.clear();
}

std::span<const float> TextReader::append(std::span<const std::int32_t> tokens) {
  const std::size_t room = context_ - generation_.length();
  if (tokens.size() <= room) {
    last_.insert(last_.end(), tokens.begin(), tokens.end());
    return generation_.append(tokens);
  }
  const std::size_t again = std::clamp(tokens.size(), kept(context_), context_);
  last_.insert(last_.end(), tokens.begin(), tokens.end());
  last_.erase(last_.begin(), last_.end() - static_cast<std::ptrdiff_t>(std::min(again, last_.size())));
  generation_.restart();
  return generation_.append(last_);
}

}  // namespace tubal
