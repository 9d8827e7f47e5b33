// SHA-256 (OpenSSL): names of trials, digests of data and plug-ins, checksums of journals and checkpoints.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace tubal {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256& update(const void* bytes, std::size_t size);
  Sha256& update(std::string_view bytes) { return update(bytes.data(), bytes.size()); }
  /// 64 hexadecimal digits; the object is spent afterwards.
  std::string hex();

 private:
  void* context_;
};

std::string sha256(std::string_view bytes);
/// The first twelve digits: what trials are named by, and what people are shown of a digest.
inline std::string short_digest(const std::string& digest) { return digest.substr(0, 12); }
/// Of a file's content, read in pieces. Throws Error where it cannot be read.
std::string sha256_file(const std::filesystem::path& path);

}  // namespace tubal
