// A subcommand of `tubal`: one file each in this folder, one line each in the table of main.cpp.
#pragma once
#include <string>
#include <vector>

namespace tubal::cli {

struct Command {
  const char* name;
  const char* summary;  // one line for `tubal --help`
  int (*run)(const std::vector<std::string>&
                 arguments);  // without the program's and the command's names; exit status
};

}  // namespace tubal::cli
