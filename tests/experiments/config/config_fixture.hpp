// Grid files in a fresh folder, and the message that loading one ends in.
#pragma once
#include <unistd.h>
#include <filesystem>
#include <fstream>
#include <string>

#include "core/error.hpp"
#include "experiments/plan/grid.hpp"
#include "experiments/plan/grid_file.hpp"
#include "experiments/plan/study_plan.hpp"

namespace tubal::test {

struct GridFolder {
  std::filesystem::path path;
  GridFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "tubal-config-XXXXXX").string();
    path = mkdtemp(name.data());
  }
  ~GridFolder() { std::filesystem::remove_all(path); }
  GridFolder(const GridFolder&) = delete;

  std::string write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path / name).parent_path());
    std::ofstream(path / name, std::ios::binary) << text;
    return (path / name).string();
  }
  StudyPlan load(const std::string& text, const GridOptions& options = {}) const {
    return load_grid(write("grid.yaml", text), options);
  }
  /// The message of the UsageError with the folder cut out, "" if there was none.
  std::string fault(const std::string& text, const GridOptions& options = {}) const {
    try {
      load(text, options);
    } catch (const UsageError& e) {
      std::string message = e.what();
      for (std::size_t at; (at = message.find(path.string() + "/")) != std::string::npos;)
        message.erase(at, path.string().size() + 1);
      return message;
    }
    return "";
  }
};

/// A data block that needs no file.
inline const std::string synthetic = "data: {name: synthetic}\n";

}  // namespace tubal::test
