#include "core/typed.hpp"

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/text.hpp"

namespace tubal {

std::string typed(const layout::StudyFolder& study) {
  namespace fs = std::filesystem;
  std::error_code none;
  const fs::path root = fs::weakly_canonical(study.root, none);
  const fs::path here = fs::weakly_canonical(fs::current_path(none) / "studies", none);
  return shell_word(root.parent_path() == here ? root.filename().string() : root.string());
}

bool is_there(const std::filesystem::path& path) {
  try {
    return file_is_there(path);
  } catch (const Error& e) {
    throw UsageError(e.what(), e.cause());
  }
}

}  // namespace tubal
