#include "experiments/config/remembered_digest.hpp"

#include <sys/stat.h>

#include <map>

#include "core/sha256.hpp"

namespace tubal {

std::string remembered_digest(const std::string& file) {
  static std::map<std::string, std::string> known;
  struct stat s {};
  if (::stat(file.c_str(), &s) || !S_ISREG(s.st_mode)) return "missing";
  std::string stamp = file;
  for (const long long n :
       {static_cast<long long>(s.st_size), static_cast<long long>(s.st_ino),
        static_cast<long long>(s.st_mtim.tv_sec), static_cast<long long>(s.st_mtim.tv_nsec),
        static_cast<long long>(s.st_ctim.tv_sec), static_cast<long long>(s.st_ctim.tv_nsec)})
    stamp += '\0' + std::to_string(n);
  std::string& value = known[stamp];
  if (value.empty()) value = sha256_file(file);
  return value;
}

}  // namespace tubal
