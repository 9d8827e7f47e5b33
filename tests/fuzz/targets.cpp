#include "targets.hpp"

#include <cstring>
#include <deque>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "analysis/read/study_reader.hpp"
#include "analysis/read/trial.hpp"
#include "core/error.hpp"
#include "core/hdf5_seal.hpp"
#include "core/layout.hpp"
#include "core/sha256.hpp"
#include "experiments/config/assignment.hpp"
#include "experiments/config/identity.hpp"
#include "experiments/config/trial_file.hpp"
#include "experiments/data/corpus.hpp"
#include "experiments/data/csv.hpp"
#include "experiments/data/csv_rows.hpp"
#include "experiments/data/dataset_image.hpp"
#include "experiments/data/jsonl_rows.hpp"
#include "experiments/data/text_corpus.hpp"
#include "experiments/measure/golden.hpp"
#include "experiments/plan/grid.hpp"
#include "experiments/plan/plan_reader.hpp"
#include "experiments/records/checkpoint.hpp"
#include "experiments/records/grid_history.hpp"
#include "experiments/records/history.hpp"
#include "experiments/records/journal.hpp"
#include "experiments/records/record.hpp"
#include "experiments/records/safetensors.hpp"
#include "experiments/records/status.hpp"
#include "experiments/text/tokenizer.hpp"
#include "experiments/text/unpack.hpp"
#include "transforms/matrix_file.hpp"
#include "transforms/plugins.hpp"

namespace tubal::fuzz {

namespace {

using Bytes = const std::string&;
using Folder = const std::string&;

void grid(Folder folder, Bytes) { load_grid(folder + "/grid.yaml"); }
void config(Folder, Bytes bytes) { canonical(parse_trial(bytes, "config.yaml")); }
void plan(Folder folder, Bytes) { read_plan_lines(folder + "/plan.yaml"); }
void grid_history(Folder folder, Bytes) { read_grid_history({folder}); }

// A line is an option: --set and --sweep.
void overrides(Folder, Bytes bytes) {
  std::istringstream lines(bytes);
  std::size_t n = 0;
  for (std::string line; std::getline(lines, line) && n < 50; ++n) {
    try {
      const Assignment one = read_literal("--set", line);
      Settings settings;
      assign({one}, settings);
    } catch (const Error&) {
    }
    try {
      for (const Layer& layer : read_literals("--sweep", line)) check_sweepable(layer);
    } catch (const Error&) {
    }
  }
}

void csv(Folder, Bytes bytes) {
  std::deque<std::string> arena;
  CsvReader reader(bytes, "rows.csv", arena);
  std::vector<std::string_view> fields;
  while (reader.next(fields)) {
  }
}
void labelled_csv(Folder folder, Bytes) {
  Corpus corpus;
  read_labelled_csv(corpus, corpus.train, folder + "/rows.csv",
                    {{"text"}, {"label"}, false, "train", "test"});
}
void jsonl(Folder folder, Bytes) {
  Corpus corpus;
  read_jsonl(corpus, corpus.train, folder + "/rows.jsonl", "text", "label");
}
// The first byte says how documents lie in the text.
void text(Folder folder, Bytes bytes) {
  DataConfig data;
  data.name = "text";
  data.language = true;
  data.train = folder + "/text";
  data.folder = folder;
  data.documents = bytes.empty() || bytes[0] % 2 ? "line" : "paragraph";
  read_text_corpus(data);
}
void packed(Folder, Bytes bytes) {
  std::deque<std::string> arena;
  unpacked(bytes, "packed", arena);
}

// Its size stands in four bytes before it.
void vocabulary(Bytes bytes, const char* kind) {
  std::int32_t size = 0;
  if (bytes.size() >= sizeof size) std::memcpy(&size, bytes.data(), sizeof size);
  Vocabulary v{kind, bytes.substr(std::min(bytes.size(), sizeof size)), size};
  const std::vector<std::int32_t> tokens = encode(v, "a text, und noch einer \xc3\xa9", TokenLimit(20));
  decode(v, tokens);
  if (v.size > 0) decode(v, std::vector<std::int32_t>{0, v.size / 2, v.size - 1});
}
void word_vocabulary(Folder, Bytes bytes) { vocabulary(bytes, "word"); }
void text_word_vocabulary(Folder, Bytes bytes) { vocabulary(bytes, "text_word"); }
void char_vocabulary(Folder, Bytes bytes) { vocabulary(bytes, "char"); }
void pieces(Folder, Bytes bytes) { vocabulary(bytes, "sentencepiece"); }
void text_pieces(Folder, Bytes bytes) { vocabulary(bytes, "text_sentencepiece"); }
// As the bytes stand, and with the checksum that would be right for them.
void token_cache(Folder, Bytes bytes) {
  constexpr std::size_t digest = 16, behind = digest + 64;
  std::string right = bytes;
  if (right.size() >= behind) right.replace(digest, 64, sha256(std::string_view(bytes).substr(behind)));
  bool open = false;
  for (const std::string& b : {bytes, right}) {
    Dataset data;
    const auto copy = std::make_shared<const std::string>(b);
    open = open_image(*copy, copy, data) || open;
  }
  if (!open) throw Error("a damaged cache");
}

void journal(Folder folder, Bytes) {
  TrialRecord record;
  for (const std::string& line : read_journal(folder + "/journal.jsonl").records) take_record(line, record);
}
// The same: its checksum stands at the end.
void checkpoint(Folder folder, Bytes bytes) {
  const std::string body = bytes.substr(0, bytes.size() - std::min<std::size_t>(64, bytes.size()));
  std::ofstream(folder + "/right", std::ios::binary) << body << sha256(body);
  try {
    load_checkpoint(folder + "/right");
  } catch (const Error&) {
  }
  load_checkpoint(folder + "/checkpoint");
}
void status(Folder folder, Bytes) { read_status(folder); }
void model(Folder folder, Bytes) {
  std::vector<float> values(64);
  std::vector<NamedTensor<float>> tensors(1);
  tensors[0].name = "x";
  tensors[0].shape = {8, 8};
  tensors[0].value = values.data();
  tensors[0].outer_stride = 8;
  read_safetensors_metadata(folder + "/model.safetensors");
  read_safetensors(folder + "/model.safetensors", tensors);
}

void unsealed_study(Folder folder, Bytes) { analysis::read_study({folder}); }
void unsealed_trial(Folder folder, Bytes) {
  const layout::TrialFolder f{folder};
  analysis::read_curves(f);
  analysis::read_baselines(f);
  analysis::read_predictions(f);
  analysis::read_slices(f);
}
// A file that has lost all of its seal is one of the targets without (README.md).
void study(Folder folder, Bytes bytes) {
  if (hdf5::check_seal(bytes) != hdf5::Seal::none) unsealed_study(folder, bytes);
}
void trial(Folder folder, Bytes bytes) {
  if (hdf5::check_seal(bytes) != hdf5::Seal::none) unsealed_trial(folder, bytes);
}
void golden(Folder folder, Bytes) { verify_golden(folder + "/case.h5"); }
void matrix_h5(Folder folder, Bytes) { read_matrix_file(folder + "/matrix.h5", ""); }
void matrix_npy(Folder folder, Bytes) { read_matrix_file(folder + "/matrix.npy", ""); }
void matrix_csv(Folder folder, Bytes) { read_matrix_file(folder + "/matrix.csv", ""); }
void plugin(Folder folder, Bytes) { load_plugin(folder + "/plugin.so"); }

}  // namespace

const std::vector<Target>& targets() {
  static const std::vector<Target> table = {
      {"grid", "grid.yaml", grid},
      {"overrides", "", overrides},
      {"config", "", config},
      {"plan", "plan.yaml", plan},
      {"history", "history.jsonl", grid_history},
      {"csv", "", csv},
      {"labelled_csv", "rows.csv", labelled_csv},
      {"jsonl", "rows.jsonl", jsonl},
      {"text", "text", text},
      {"packed", "", packed},
      {"word", "", word_vocabulary},
      {"text_word", "", text_word_vocabulary},
      {"char", "", char_vocabulary},
      {"sentencepiece", "", pieces},
      {"text_sentencepiece", "", text_pieces},
      {"token_cache", "", token_cache},
      {"journal", "journal.jsonl", journal},
      {"checkpoint", "checkpoint", checkpoint},
      {"status", "status.json", status},
      {"safetensors", "model.safetensors", model},
      {"study", "study.h5", study},
      {"trial", "trial.h5", trial},
      {"study_without_seal", "study.h5", unsealed_study},
      {"trial_without_seal", "trial.h5", unsealed_trial},
      {"golden", "case.h5", golden},
      {"matrix_h5", "matrix.h5", matrix_h5},
      {"matrix_npy", "matrix.npy", matrix_npy},
      {"matrix_csv", "matrix.csv", matrix_csv},
      {"plugin", "plugin.so", plugin},
  };
  return table;
}

bool try_bytes(const Target& target, const std::string& folder, const std::string& bytes) {
  if (!target.file.empty()) {
    const std::filesystem::path file = std::filesystem::path(folder) / target.file;
    std::filesystem::remove(file);  // a plug-in's file stays in use
    std::ofstream(file, std::ios::binary) << bytes;
  }
  try {
    target.read(folder, bytes);
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace tubal::fuzz
