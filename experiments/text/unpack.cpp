#include "experiments/text/unpack.hpp"

#include <lzma.h>
#include <zlib.h>

#include <algorithm>
#include <limits>

#include "core/error.hpp"

namespace tubal {

namespace {

using namespace std::string_view_literals;

[[noreturn]] void refuse(const std::string& file, const std::string& kind, bool short_of) {
  throw UsageError(file, 0, "",
                   "this " + kind + " file is " + (short_of ? "cut short" : "damaged") +
                       ": it cannot be unpacked to its end. Fetch it anew; `" + kind +
                       " -t` on it tells when it is whole.");
}

// One member after the other, as gzip itself reads them.
std::string gunzip(std::string_view bytes, const std::string& file) {
  std::string out, piece(1 << 20, '\0');
  z_stream z{};
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  std::size_t left = bytes.size();
  while (left > 0) {
    if (inflateInit2(&z, 15 + 16) != Z_OK) throw Error("zlib cannot start");
    int state = Z_OK;
    while (state == Z_OK) {
      const auto most = std::min<std::size_t>(left, std::numeric_limits<uInt>::max());
      z.avail_in = static_cast<uInt>(most);
      z.next_out = reinterpret_cast<Bytef*>(piece.data());
      z.avail_out = static_cast<uInt>(piece.size());
      state = inflate(&z, Z_NO_FLUSH);
      left -= most - z.avail_in;
      out.append(piece, 0, piece.size() - z.avail_out);
    }
    inflateEnd(&z);
    if (state != Z_STREAM_END) refuse(file, "gzip", state == Z_BUF_ERROR);
    while (left > 0 && *z.next_in == 0) {
      ++z.next_in;
      --left;
    }  // padding of tapes
  }
  return out;
}

std::string unxz(std::string_view bytes, const std::string& file) {
  std::string out, piece(1 << 20, '\0');
  lzma_stream x = LZMA_STREAM_INIT;
  if (lzma_stream_decoder(&x, UINT64_MAX, LZMA_CONCATENATED) != LZMA_OK) throw Error("liblzma cannot start");
  x.next_in = reinterpret_cast<const std::uint8_t*>(bytes.data());
  x.avail_in = bytes.size();
  lzma_ret state = LZMA_OK;
  while (state == LZMA_OK) {
    x.next_out = reinterpret_cast<std::uint8_t*>(piece.data());
    x.avail_out = piece.size();
    state = lzma_code(&x, LZMA_FINISH);
    out.append(piece, 0, piece.size() - x.avail_out);
  }
  lzma_end(&x);
  if (state != LZMA_STREAM_END) refuse(file, "xz", state == LZMA_BUF_ERROR);
  return out;
}

}  // namespace

std::string_view unpacked(std::string_view bytes, const std::string& file, std::deque<std::string>& arena) {
  if (bytes.starts_with("\x1F\x8B"sv)) return arena.emplace_back(gunzip(bytes, file));
  if (bytes.starts_with("\xFD\x37\x7A\x58\x5A\x00"sv)) return arena.emplace_back(unxz(bytes, file));
  return bytes;
}

}  // namespace tubal
