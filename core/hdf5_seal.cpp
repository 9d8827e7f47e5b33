#include "core/hdf5_seal.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "core/sha256.hpp"

namespace tubal::hdf5 {

static constexpr std::string_view seal_mark = "\ntubal: SHA-256 of all before this line: ";
static constexpr std::size_t digest_size = 64, seal_size = seal_mark.size() + digest_size + 1;

std::string seal_of(std::string_view bytes) { return std::string(seal_mark) + sha256(bytes) + "\n"; }

// Where HDF5's own part ends by its superblock, 0 where that is not to be seen: "\211HDF\r\n\032\n",
// version; the address stands at byte 40 in versions 0, at 44 in 1 and at 28 in 2 and 3, of eight
// bytes in all that we write.
static std::uint64_t own_end(std::string_view bytes) {
  constexpr std::string_view signature("\211HDF\r\n\032\n", 8);
  if (bytes.size() < 64 || !bytes.starts_with(signature)) return 0;
  const int version = bytes[8];
  const std::size_t at = version == 0 ? 40 : version == 1 ? 44 : 28;
  std::uint64_t end = 0;
  std::memcpy(&end, bytes.data() + at, sizeof end);
  return end;
}

// Whether something of a seal is left: a piece of its mark, or of its digits.
static bool was_seal(std::string_view rest) {
  constexpr std::size_t piece = 12, digits = 24;
  if (rest.size() == seal_size ||
      rest.substr(0, 8) == seal_mark.substr(0, std::min<std::size_t>(8, rest.size())))
    return true;
  rest = rest.substr(rest.size() - std::min<std::size_t>(rest.size(), 4096));
  for (std::size_t at = 0; at + piece <= seal_mark.size(); ++at)
    if (rest.find(seal_mark.substr(at, piece)) != rest.npos) return true;
  std::size_t run = 0;
  return std::any_of(rest.begin(), rest.end(), [&](char c) {
    run = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ? run + 1 : 0;
    return run == digits;
  });
}

Seal check_seal(std::string_view bytes) {
  if (const std::string_view contents = without_seal(bytes); contents.size() < bytes.size())
    return bytes.substr(contents.size()) == seal_of(contents) ? Seal::right : Seal::broken;
  const std::uint64_t end = own_end(bytes);
  if (end == 0 || end >= bytes.size()) return Seal::none;
  return was_seal(bytes.substr(static_cast<std::size_t>(end))) ? Seal::broken : Seal::none;
}

std::string_view without_seal(std::string_view bytes) { return bytes.substr(0, bytes.rfind(seal_mark)); }

}  // namespace tubal::hdf5
