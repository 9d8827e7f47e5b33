#include "experiments/records/text_format.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/error.hpp"

namespace tubal {

using Json = nlohmann::ordered_json;

static std::string to_base64(const std::string& bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // EVP ends it with a zero
  const int n =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(n));
  return text;
}

static std::string from_base64(const std::string& text) {
  std::string bytes(3 * (text.size() / 4) + 3, '\0');
  const int n =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (n < 0) throw Error("it is not base64");
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=");  // EVP counts it as bytes
  bytes.resize(static_cast<std::size_t>(n) - std::min<std::size_t>(padding, static_cast<std::size_t>(n)));
  return bytes;
}

static bool is_model(const std::string& kind) { return kind.ends_with("sentencepiece"); }

std::map<std::string, std::string> text_metadata(const TextFormat& f) {
  const bool words = !is_model(f.vocabulary.kind);
  Json tokenizer = {{"kind", f.vocabulary.kind}, {"version", tokenizer_version}, {"size", f.vocabulary.size}};
  tokenizer[words ? "vocabulary" : "model"] = words ? f.vocabulary.data : to_base64(f.vocabulary.data);
  return {{"tokenizer", tokenizer.dump()}, {"classes", Json(f.classes).dump()}};
}

std::optional<TextFormat> text_format(const std::map<std::string, std::string>& metadata,
                                      const std::string& file) {
  if (!metadata.contains("tokenizer") || !metadata.contains("classes")) return {};
  try {
    const Json t = Json::parse(metadata.at("tokenizer"));
    if (t.at("version") != tokenizer_version)
      throw Error("its tokenizer is of version " + t.at("version").dump() + ", this program's of " +
                  std::to_string(tokenizer_version) +
                  ": they may split texts otherwise. Use the build that trained it.");
    TextFormat f;
    f.vocabulary.kind = t.at("kind");
    f.vocabulary.size = t.at("size");
    f.vocabulary.data = !is_model(f.vocabulary.kind) ? t.at("vocabulary").get<std::string>()
                                                     : from_base64(t.at("model").get<std::string>());
    f.classes = Json::parse(metadata.at("classes")).get<std::vector<std::string>>();
    return f;
  } catch (const std::exception& e) {
    throw Error(file + ": its vocabulary cannot be read: " + e.what());
  }
}

}  // namespace tubal
