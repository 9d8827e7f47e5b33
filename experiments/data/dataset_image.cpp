#include "experiments/data/dataset_image.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "core/error.hpp"
#include "core/sha256.hpp"
#include "experiments/data/corpus.hpp"
#include "experiments/data/dataset_text.hpp"
#include "experiments/data/split.hpp"

namespace tubal {

namespace {

static_assert(std::endian::native == std::endian::little);
constexpr std::string_view image_magic = "TUBALTK2";
constexpr std::size_t head = 8 + 8 + 64;

constexpr std::size_t padded(std::size_t bytes) { return (bytes + 7) / 8 * 8; }

template <class T>
std::size_t size_of(const std::vector<T>& x) {
  return padded(x.size() * sizeof(T));
}
template <class T>
void append(std::string& out, const std::vector<T>& x) {
  out.append(reinterpret_cast<const char*>(x.data()), x.size() * sizeof(T));
  out.resize(padded(out.size()));
}

// The same for the same parts, whatever the files are called that they were read from.
std::string tokens_digest(const nlohmann::json& header, std::string_view parts) {
  return Sha256()
      .update(header["classes"].dump())
      .update("\n" + header["kind"].get<std::string>() + header["rows"].dump() + header["tokens"].dump())
      .update(parts)
      .hex();
}

ImageContents labelled_contents(const DataConfig& config) {
  const Corpus corpus = read_corpus(config);
  const auto [train, validation] = hold_out(corpus, config);
  if (train.texts.empty() || validation.texts.empty())
    throw UsageError("data.validation: a share of " + nlohmann::json(config.validation).dump() + " of " +
                     std::to_string(corpus.train.texts.size()) + " training texts leaves " +
                     std::to_string(train.texts.size()) + " for training and " +
                     std::to_string(validation.texts.size()) + " for validation; both need some.");
  const std::unordered_set<std::string_view> seen(corpus.train.texts.begin(), corpus.train.texts.end());
  const auto shared = std::count_if(corpus.test.texts.begin(), corpus.test.texts.end(),
                                    [&](auto text) { return seen.count(text) > 0; });
  ImageContents c;
  ImagePart* parts = c.parts;
  c.vocabulary = tokenize(config.tokenizer, TokenLimit(config.max_length, config.truncation), train.texts,
                          parts[0].tokens, {&validation.texts, &corpus.test.texts},
                          {&parts[1].tokens, &parts[2].tokens});
  parts[0].labels = train.labels;
  parts[1].labels = validation.labels;
  parts[2].labels = corpus.test.labels;
  c.classes = corpus.classes;
  c.shared_texts = shared;
  return c;
}

}  // namespace

std::string make_image(const DataConfig& config, const std::string& content) {
  const ImageContents c = config.language ? text_contents(config) : labelled_contents(config);
  const Vocabulary& vocabulary = c.vocabulary;
  nlohmann::json header = {{"classes", c.classes},
                           {"kind", vocabulary.kind},
                           {"vocabulary", vocabulary.size},
                           {"vocabulary_bytes", vocabulary.data.size()},
                           {"content", content},
                           {"shared_texts", c.shared_texts}};
  if (config.language) header["language"] = true;
  std::size_t bytes = vocabulary.data.size();
  for (const ImagePart& part : c.parts) {
    header["rows"].push_back(part.tokens.offsets.size() - 1);
    header["tokens"].push_back(part.tokens.tokens.size());
    if (config.language) header["bytes"].push_back(part.bytes);
    if (config.language) header["characters"].push_back(part.characters);
    bytes += size_of(part.tokens.tokens) + size_of(part.tokens.offsets) + size_of(part.labels);
  }
  const std::string blank(64, '-');  // the digest of what follows the header, once that is known
  header["tokens_sha256"] = blank;
  std::string text = header.dump();
  text.resize(padded(text.size()), ' ');
  const std::uint64_t size = text.size();
  std::string image(image_magic);
  image.reserve(head + text.size() + bytes);  // written once: fresh pages are dear
  image.append(reinterpret_cast<const char*>(&size), 8).append(64, ' ') += text;
  for (const ImagePart& part : c.parts) {
    append(image, part.tokens.tokens);
    append(image, part.tokens.offsets);
    append(image, part.labels);
  }
  image += vocabulary.data;
  const std::string tokens = tokens_digest(header, std::string_view(image).substr(head + text.size()));
  std::copy(tokens.begin(), tokens.end(),
            image.begin() + static_cast<std::ptrdiff_t>(image.rfind(blank, head + text.size())));
  const std::string digest = sha256(std::string_view(image).substr(head));
  std::copy(digest.begin(), digest.end(), image.begin() + 16);
  return image;
}

namespace {

// Offsets from 0 to the number of tokens, never back; tokens of the vocabulary; labels of the classes.
bool whole(const Part& part, std::int64_t vocabulary, std::size_t classes) {
  const auto below = [](auto n) {
    return [n](std::int32_t x) { return x >= 0 && static_cast<std::size_t>(x) < n; };
  };
  return part.offsets.front() == 0 && part.offsets.back() == static_cast<std::int64_t>(part.tokens.size()) &&
         std::is_sorted(part.offsets.begin(), part.offsets.end()) &&
         std::all_of(part.tokens.begin(), part.tokens.end(), below(static_cast<std::size_t>(vocabulary))) &&
         std::all_of(part.labels.begin(), part.labels.end(), below(classes));
}

// `body`: what follows the checksum, `size` bytes of header first. Throws
// std::exception where it is no image.
void read_body(std::string_view body, std::size_t size, Dataset& out) {
  const auto header = nlohmann::json::parse(body.substr(0, size));
  std::string_view rest = body.substr(size);
  const auto bytes_of = [&](std::size_t n, std::size_t each) {
    if (n > rest.size() / each || padded(n * each) > rest.size()) throw Error("cut short");
    const char* const at = rest.data();
    rest.remove_prefix(padded(n * each));
    return at;
  };
  const auto take = [&]<class T>(std::span<const T>& span, std::size_t n) {
    span = {reinterpret_cast<const T*>(bytes_of(n, sizeof(T))), n};
  };
  const auto count = [](const nlohmann::json& n) {
    if (!n.is_number_unsigned()) throw Error("no count");
    return n.get<std::size_t>();
  };
  const bool language = header.contains("language");
  Part* parts[3] = {&out.train, &out.validation, &out.test};
  for (int i = 0; i < 3; ++i) {
    const std::size_t rows = count(header.at("rows").at(i));
    take(parts[i]->tokens, count(header.at("tokens").at(i)));
    if (rows > rest.size()) throw Error("cut short");
    take(parts[i]->offsets, rows + 1);
    take(parts[i]->labels, language ? 0 : rows);
    if (language) {
      parts[i]->bytes = header.at("bytes").at(i);
      parts[i]->characters = header.at("characters").at(i);
    }
  }
  out.language = language;
  const std::size_t words = count(header.at("vocabulary_bytes"));
  if (words > rest.size()) throw Error("cut short");
  out.vocabulary = {header.at("kind"), std::string(rest.substr(0, words)), header.at("vocabulary")};
  out.classes = header.at("classes").get<std::vector<std::string>>();
  out.content = header.at("content");
  out.shared_texts = header.at("shared_texts");
  for (const Part* part : parts)
    if (!whole(*part, std::max(0, out.vocabulary.size), out.classes.size())) throw Error("no such token");
  out.tokens = header.value("tokens_sha256", std::string());
  if (out.tokens.empty())  // a cache of an earlier version
    out.tokens = tokens_digest(header, body.substr(size));
}

}  // namespace

bool open_image(std::string_view bytes, std::shared_ptr<const void> storage, Dataset& out) {
  if (bytes.size() < head || bytes.substr(0, 8) != image_magic) return false;
  const std::string_view body = bytes.substr(head);
  std::uint64_t size = 0;
  std::memcpy(&size, bytes.data() + 8, 8);
  if (size > body.size() || size % 8 != 0 || bytes.substr(16, 64) != sha256(body)) return false;
  try {
    read_body(body, static_cast<std::size_t>(size), out);
  } catch (const std::exception&) {
    return false;
  }
  out.storage = std::move(storage);
  return true;
}

}  // namespace tubal
