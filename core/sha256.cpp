#include "core/sha256.hpp"

#include <openssl/evp.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

#include "core/error.hpp"
#include "core/file_error.hpp"

namespace tubal {

static EVP_MD_CTX* context(void* pointer) { return static_cast<EVP_MD_CTX*>(pointer); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  if (!context_ || EVP_DigestInit_ex(context(context_), EVP_sha256(), nullptr) != 1) {
    EVP_MD_CTX_free(context(context_));
    throw Error("OpenSSL offers no SHA-256 here");
  }
}

Sha256::~Sha256() { EVP_MD_CTX_free(context(context_)); }

Sha256& Sha256::update(const void* bytes, std::size_t size) {
  if (EVP_DigestUpdate(context(context_), bytes, size) != 1) throw Error("OpenSSL: SHA-256 failed");
  return *this;
}

std::string Sha256::hex() {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (EVP_DigestFinal_ex(context(context_), digest, &size) != 1) throw Error("OpenSSL: SHA-256 failed");
  std::string out;
  for (unsigned i = 0; i < size; ++i) {
    out += "0123456789abcdef"[digest[i] >> 4];
    out += "0123456789abcdef"[digest[i] & 15];
  }
  return out;
}

std::string sha256(std::string_view bytes) { return Sha256().update(bytes).hex(); }

std::string sha256_file(const std::filesystem::path& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"), std::fclose);
  const auto refuse = [&](int error) { throw file_error("read", path, error); };
  if (!file) refuse(errno);
  std::vector<char> piece(1 << 20);
  Sha256 hash;
  while (const std::size_t n = std::fread(piece.data(), 1, piece.size(), file.get()))
    hash.update(piece.data(), n);
  if (std::ferror(file.get())) refuse(errno);
  return hash.hex();
}

}  // namespace tubal
