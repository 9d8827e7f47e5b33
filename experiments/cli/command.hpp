// A subcommand of `tubal`: one file each in this folder, one line each in the table of main.cpp.
#pragma once
#include <string>
#include <vector>

namespace tubal::cli {

struct Command {
  const char* name;
  const char* summary;  // one line for `tubal --help`
  /// Of the words behind the command's name; returns the exit status.
  int (*run)(const std::vector<std::string>& arguments);
};

}  // namespace tubal::cli
