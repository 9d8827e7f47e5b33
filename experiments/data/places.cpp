#include "experiments/data/places.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/error.hpp"

namespace tubal {

namespace fs = std::filesystem;

Paths two_files(const DataConfig& d) {
  Paths files;
  for (const auto& [key, file] : {std::pair{"data.train", &d.train}, {"data.test", &d.test}}) {
    if (file->empty())
      throw UsageError(std::string(key) + ": missing; data.name: " + d.name +
                       " needs a file for each of data.train and data.test.");
    files.push_back(resolve(d, *file));
  }
  return files;
}

fs::path data_folder(const DataConfig& d) {
  if (d.path.empty())
    throw UsageError("data.path: missing; data.name: " + d.name +
                     " needs the folder that holds its training and test parts.");
  const fs::path folder = resolve(d, d.path);
  if (!fs::exists(folder))
    throw UsageError("data.path: " + folder.string() + ": no such folder." + nearby_files(folder));
  if (!fs::is_directory(folder))
    throw UsageError("data.path: " + folder.string() +
                     ": is a file; name the folder that holds train.csv and test.csv.");
  return folder;
}

Paths parts_if_there(Paths (*places)(const DataConfig&), const DataConfig& d) {
  try {
    return places(d);
  } catch (const Error&) {
    return {"", ""};
  }
}

void describe_columns(const DataConfig& d, nlohmann::json& out) {
  if (d.language)
    out["column"] = d.text;
  else
    out["columns"] = {d.text, d.label};
}

Paths files_among(const Paths& places) {
  Paths files;
  for (const std::string& place : places)
    if (!fs::is_directory(place)) files.push_back(place);
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace tubal
