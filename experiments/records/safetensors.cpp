#include "experiments/records/safetensors.hpp"

#include <cstring>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/sha256.hpp"

namespace tubal {

using Json = nlohmann::ordered_json;

// The axes but the first lie together; outer_stride apart, index by index of axis 0.
template <class Visit>
static void rows(const NamedTensor<float>& t, Visit visit) {
  const std::size_t n = t.shape.empty() ? 1 : t.shape[0], inner = n ? t.size() / n : 0;
  for (std::size_t i = 0; i < n; ++i) visit(t.value + i * t.outer_stride, inner * sizeof(float));
}

std::string write_safetensors(const std::filesystem::path& file,
                              const std::vector<NamedTensor<float>>& tensors,
                              const std::map<std::string, std::string>& metadata) {
  Json header;
  header["__metadata__"] = metadata;
  std::string data;
  for (const NamedTensor<float>& t : tensors) {
    const std::size_t begin = data.size();
    rows(t, [&](const float* x, std::size_t bytes) { data.append(reinterpret_cast<const char*>(x), bytes); });
    header[t.name] = {{"dtype", "F32"}, {"shape", t.shape}, {"data_offsets", {begin, data.size()}}};
  }
  std::string head = header.dump();
  head.append((8 - head.size() % 8) % 8, ' ');  // the format aligns its data to 8 bytes
  std::string size(8, '\0');
  for (std::size_t i = 0, n = head.size(); i < 8; ++i, n >>= 8) size[i] = static_cast<char>(n & 255);
  const std::string_view pieces[] = {size, head, data};
  write_file(file, pieces);
  return Sha256().update(size).update(head).update(data).hex();
}

// Bytes of the header, which follows the first 8.
static std::size_t header_size(const std::filesystem::path& file, const std::string& text) {
  std::size_t size = 0;
  for (std::size_t i = 8; i-- > 0 && text.size() >= 8;)
    size = size << 8 | static_cast<unsigned char>(text[i]);
  if (text.size() < 8 || size > text.size() - 8)
    throw Error(file.string() + ": is not a safetensors file, or cut short.");
  return size;
}

std::map<std::string, std::string> read_safetensors_metadata(const std::filesystem::path& file) {
  const std::string text = read_file(file);
  try {
    const Json header = Json::parse(text.substr(8, header_size(file, text)));
    if (!header.contains("__metadata__")) return {};
    return header.at("__metadata__").get<std::map<std::string, std::string>>();
  } catch (const nlohmann::json::exception& e) {
    throw Error(file.string() + ": its header is damaged (" + e.what() + ").");
  }
}

void read_safetensors(const std::filesystem::path& file, std::vector<NamedTensor<float>>& tensors) {
  const std::string text = read_file(file);
  const std::size_t size = header_size(file, text);
  try {
    const Json header = Json::parse(text.substr(8, size));
    const std::string_view data = std::string_view(text).substr(8 + size);
    for (NamedTensor<float>& t : tensors) {
      if (!header.contains(t.name))
        throw Error(file.string() + ": holds no `" + t.name + "`: it is of another model.");
      const Json& entry = header.at(t.name);
      if (entry.at("dtype") != "F32" || entry.at("shape").get<std::vector<std::size_t>>() != t.shape)
        throw Error(file.string() + ": " + t.name + ": is of another shape or type (" + entry.dump() +
                    "): it is of another model.");
      std::size_t at = entry.at("data_offsets").at(0);
      if (at + 4 * t.size() > data.size()) throw Error(file.string() + ": is cut short.");
      rows(t, [&](float* x, std::size_t bytes) {
        std::memcpy(x, data.data() + at, bytes);
        at += bytes;
      });
    }
  } catch (const nlohmann::json::exception& e) {
    throw Error(file.string() + ": its header is damaged (" + e.what() + ").");
  }
}

}  // namespace tubal
