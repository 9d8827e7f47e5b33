#include "experiments/records/checkpoint.hpp"

#include <bit>
#include <cstdint>
#include <cstring>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/sha256.hpp"

namespace tubal {

static_assert(std::endian::native == std::endian::little, "checkpoints are little-endian");

static constexpr std::string_view checkpoint_magic = "TUBALCP1";
static constexpr std::size_t digest_size = 64;

static std::string_view bytes_of(std::span<const float> array) {
  return {reinterpret_cast<const char*>(array.data()), array.size_bytes()};
}

void save_checkpoint(const std::filesystem::path& file, const std::string& header,
                     const std::vector<std::span<const float>>& arrays) {
  std::vector<std::uint64_t> sizes = {header.size(), arrays.size()};
  for (const auto& array : arrays) sizes.push_back(array.size());
  std::vector<std::string_view> pieces = {
      checkpoint_magic, {reinterpret_cast<const char*>(sizes.data()), sizes.size() * 8}, header};
  for (const auto& array : arrays) pieces.push_back(bytes_of(array));
  Sha256 hash;
  for (const std::string_view piece : pieces) hash.update(piece);
  const std::string digest = hash.hex();
  pieces.push_back(digest);
  write_file(file, pieces);
}

Checkpoint load_checkpoint(const std::filesystem::path& file) {
  const std::string text = read_file(file);
  const auto damaged = [&](const std::string& what) -> Error {
    return Error(file.string() + ": the checkpoint is damaged (" + what + ").");
  };
  if (text.size() < checkpoint_magic.size() ||
      std::string_view(text).substr(0, 7) != checkpoint_magic.substr(0, 7))
    throw damaged("not a checkpoint at all");
  if (text[7] != checkpoint_magic[7])
    throw Error(file.string() + ": the checkpoint is of format " + text[7] + ", this program reads format " +
                checkpoint_magic[7] + ".");
  if (text.size() < checkpoint_magic.size() + 16 + digest_size) throw damaged("cut short");
  const std::string_view body = std::string_view(text).substr(0, text.size() - digest_size);
  if (sha256(body) != std::string_view(text).substr(body.size())) throw damaged("its checksum differs");

  std::size_t at = checkpoint_magic.size();
  const auto number = [&] {
    if (body.size() - at < 8) throw damaged("cut short");
    std::uint64_t n;
    std::memcpy(&n, body.data() + at, 8);
    at += 8;
    return static_cast<std::size_t>(n);
  };
  const auto take = [&](std::size_t n) {
    if (n > body.size() - at) throw damaged("cut short");
    at += n;
    return body.substr(at - n, n);
  };
  Checkpoint c;
  const std::size_t header = number(), count = number();
  if (count > 64) throw damaged("too many arrays");
  std::vector<std::size_t> sizes(count);
  for (std::size_t& n : sizes) n = number();
  c.header = take(header);
  for (const std::size_t n : sizes) {
    if (n > body.size() / 4) throw damaged("cut short");
    const std::string_view raw = take(4 * n);
    c.arrays.emplace_back(n);
    if (n) std::memcpy(c.arrays.back().data(), raw.data(), raw.size());  // an empty array has no address
  }
  if (at != body.size()) throw damaged("bytes left over");
  return c;
}

}  // namespace tubal
