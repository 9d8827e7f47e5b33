#include "experiments/data/review_folder.hpp"

#include <algorithm>
#include <filesystem>

#include "core/error.hpp"
#include "experiments/text/utf8.hpp"

namespace tubal {

namespace fs = std::filesystem;

void read_acl_folder(Corpus& corpus, LabelledTexts& rows, const std::string& folder) {
  std::int32_t label = 0;
  for (const char* side : {"neg", "pos"}) {
    const fs::path path = fs::path(folder) / side;
    if (!fs::is_directory(path))
      throw UsageError(path.string() +
                       ": no such folder; aclImdb has train/pos, train/neg, test/pos and test/neg");
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(path))
      if (entry.path().extension() == ".txt") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files) {
      const auto mapped = MappedFile::open(file);
      require_utf8(mapped->bytes(), file.string());
      corpus.arena.emplace_back(mapped->bytes());
      rows.texts.push_back(corpus.arena.back());
      rows.labels.push_back(label);
    }
    ++label;
  }
}

}  // namespace tubal
