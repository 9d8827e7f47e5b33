#include "core/file_error.hpp"

#include <cerrno>
#include <cstring>

namespace tubal {

namespace fs = std::filesystem;

static std::string free_space(const fs::path& path) {
  std::error_code none;
  if (fs::exists(path, none) && !fs::is_regular_file(path, none)) return "";  // a device
  const fs::space_info space = fs::space(path.has_parent_path() ? path.parent_path() : fs::path("."), none);
  return none ? "" : " (" + std::to_string(space.available >> 20) + " MiB free)";
}

std::string file_problem(const std::string& action, const fs::path& path, int error) {
  const std::string start = "cannot " + action + " " + path.string() + ": ";
  if (cause_of(error) == Cause::device)
    return start + words(Cause::device) + " (" + std::strerror(error) +
           "). Once it works again, run again: what is finished is kept.";
  switch (error) {
    case ENOSPC:
      return start + words(Cause::no_space) + free_space(path) +
             ". Free some, then run again: what is finished is kept.";
    case EISDIR:
      return start + "it is a folder where a file belongs. Name another file, or move the folder away.";
    case ENAMETOOLONG:
      return start + "the name is too long: a part of a path takes 255 bytes, a whole one 4,095.";
    case ELOOP:
      return start + "its links lead in a circle.";
    case EPIPE:
      return start + "its reader has gone.";
    case EDQUOT:
      return start + words(Cause::quota) + ". Free some space, then run again: what is finished is kept.";
    case EFBIG:
      return start + "the file would pass the allowed size (see `ulimit -f`).";
    case EROFS:
      return start + words(Cause::read_only) + ". Remount it, or choose another folder.";
    case EACCES:
    case EPERM:
      return start + words(Cause::denied) +
             ". Check the owner and mode of the folder, or choose another one.";
    case ENOENT:
      return start + "no such file or folder.";
    case ENOTDIR:
      return start + "a part of the path is a file, not a folder.";
    default:
      return start + std::strerror(error) + ".";
  }
}

Error file_error(const std::string& action, const fs::path& path, int error) {
  return Error(file_problem(action, path, error), cause_of(error));
}

std::string message_of(const std::exception& error) {
  const auto* of_file = dynamic_cast<const fs::filesystem_error*>(&error);
  std::error_code gone;
  [[maybe_unused]] const fs::path here = fs::current_path(gone);
  if (of_file && gone == std::errc::no_such_file_or_directory && of_file->code() == gone)
    return "the folder in which this was started has been removed: `cd` into one that is there.";
  return of_file ? file_problem("use", of_file->path1(), of_file->code().value()) : error.what();
}

}  // namespace tubal
