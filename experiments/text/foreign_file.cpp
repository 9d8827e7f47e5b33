#include "experiments/text/foreign_file.hpp"

#include <filesystem>

#include "core/text.hpp"

namespace tubal {

namespace {

using namespace std::string_view_literals;

struct Format {
  std::size_t at;         // where the mark stands
  std::string_view mark;  // the format's first bytes
  const char* suffix;     // of such files
  const char* what;       // "this file is ..."
  const char* advice;     // FILE and NEW stand for names, quoted for a shell
};

// A later line is asked only where none before fits.
constexpr Format formats[] = {
    {0, "\x1F\x8B"sv, ".gz", "compressed with gzip", "Unpack it: `gzip -dc < FILE > NEW`"},
    {0,
     "\xFD"
     "7zXZ\0"sv,
     ".xz", "compressed with xz", "Unpack it: `xz -dc < FILE > NEW`"},
    {0, "BZh"sv, ".bz2", "compressed with bzip2", "Unpack it: `bzip2 -dc < FILE > NEW`"},
    {0, "\x28\xB5\x2F\xFD"sv, ".zst", "compressed with zstd", "Unpack it: `zstd -dc < FILE > NEW`"},
    {0, "\x04\x22\x4D\x18"sv, ".lz4", "compressed with lz4", "Unpack it: `lz4 -dc < FILE > NEW`"},
    {0, "]\0\0"sv, ".lzma", "compressed with lzma", "Unpack it: `xz --format=lzma -dc < FILE > NEW`"},
    {0, "PK\x03\x04"sv, ".zip", "a zip archive or a spreadsheet",
     "List it with `unzip -l FILE`. An archive of one file is unpacked by `unzip -p FILE > NEW`; save a "
     "spreadsheet as CSV in UTF-8"},
    {0, "7z\xBC\xAF\x27\x1C"sv, ".7z", "a 7-Zip archive", "Unpack it: `7z e -so FILE > NEW`"},
    {257, "ustar"sv, ".tar", "a tar archive", "Unpack it: `tar -xf FILE`"},
    {0, "PAR1"sv, ".parquet", "a Parquet table",
     "Write it as CSV: `python3 -c \"import sys, pandas; pandas.read_parquet(sys.argv[1])"
     ".to_csv(sys.argv[2], index=False)\" FILE NEW`"},
    {0, "ARROW1"sv, ".arrow", "an Arrow (Feather) table",
     "Write it as CSV: `python3 -c \"import sys, pandas; pandas.read_feather(sys.argv[1])"
     ".to_csv(sys.argv[2], index=False)\" FILE NEW`"},
    {0, "SQLite format 3\0"sv, ".sqlite", "an SQLite database",
     "List its tables with `sqlite3 FILE .tables`, then write one as CSV: `sqlite3 -header -csv FILE 'select "
     "* from TABLE' > NEW`"},
    {0, "\x89HDF\r\n\x1A\n"sv, ".h5", "an HDF5 file", "Write its texts and labels as CSV with h5py"},
    {0, "\x93NUMPY"sv, ".npy", "a NumPy array", "Write its texts and labels as CSV"},
    {0, "%PDF-"sv, ".pdf", "a PDF", "Texts and labels are read from CSV or JSON lines"},
    {0,
     "\x7F"
     "ELF"sv,
     "", "a program", "Texts and labels are read from CSV or JSON lines"},
    {0, "\x80\x02"sv, ".pkl", "a Python pickle", "Write what it holds as CSV"},
    {0, "\x80\x03"sv, ".pkl", "a Python pickle", "Write what it holds as CSV"},
    {0, "\x80\x04"sv, ".pkl", "a Python pickle", "Write what it holds as CSV"},
    {0, "\x80\x05"sv, ".pkl", "a Python pickle", "Write what it holds as CSV"},
};

std::string filled(const std::string& advice, const std::string& file, const std::string& made) {
  std::string out;
  for (std::size_t i = 0; i < advice.size();) {
    if (advice.compare(i, 4, "FILE") == 0) {
      out += shell_word(file);
      i += 4;
    } else if (advice.compare(i, 3, "NEW") == 0) {
      out += shell_word(made);
      i += 3;
    } else
      out += advice[i++];
  }
  return out;
}

}  // namespace

std::string new_name(const std::string& file, const std::string& suffix) {
  if (!suffix.empty() && file.size() > suffix.size() && file.ends_with(suffix)) {
    const std::string cut = file.substr(0, file.size() - suffix.size());
    std::error_code none;
    if (!std::filesystem::exists(cut, none)) return cut;
  }
  const std::filesystem::path path(file);
  std::string extension = path.extension().string();
  if (extension.empty() || extension == suffix) extension = ".csv";
  return (path.parent_path() / (path.stem().string() + ".text" + extension)).string();
}

std::string foreign_file(std::string_view bytes, const std::string& file) {
  for (const Format& f : formats)
    if (bytes.size() >= f.at + f.mark.size() && bytes.substr(f.at, f.mark.size()) == f.mark) {
      const std::string made = new_name(file, f.suffix), advice = f.advice;
      const bool makes = advice.find("NEW") != advice.npos;
      return std::string("this file is ") + f.what + ". " + filled(advice, file, made) +
             (makes ? ", and name " + made + " in its place." : ".");
    }
  return "";
}

}  // namespace tubal
