// Why a system call on a file failed: the path, the reason and the fix, for people; and its cause, for code.
#pragma once
#include <exception>
#include <filesystem>
#include <string>

#include "core/error.hpp"

namespace tubal {

/// "cannot write PATH: no space left on the device (3 MiB free). ..."; `error`: errno.
std::string file_problem(const std::string& action, const std::filesystem::path& path, int error);
/// The same as an error, with its cause.
Error file_error(const std::string& action, const std::filesystem::path& path, int error);
/// what(), and for errors of std::filesystem the same as a sentence.
std::string message_of(const std::exception& error);

}  // namespace tubal
