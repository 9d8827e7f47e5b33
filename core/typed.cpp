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
  std::error_code error;
  const bool found = fs::exists(path, error);
  if (error && error != std::errc::not_a_directory && error != std::errc::no_such_file_or_directory)
    throw UsageError(file_problem("look at", path, error.value()), cause_of(error.value()));
  return found;
}

}  // namespace tubal
