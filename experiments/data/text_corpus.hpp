// What a language model is trained and judged on: the documents of three parts.
//
// A data set of running text gives documents of its own; every other one gives its texts as
// documents, without their labels. A share for validation or testing is the last part of the training
// stream: train, then validation, then test. It is cut at the nearest character before, or with
// documents at the nearest bound.
//
// A part is the stream of tokens  0 d1  (one document, data.documents: stream)  or  0 d1 0 d2 ... 0 dn 0: the
// token 0 parts documents and stands for one byte, a line break. So every byte of the documents, and one for
// each end, is said by a token that follows another one: these are the bytes of bits per byte.
#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/data/corpus.hpp"

namespace tubal {

struct TextCorpus {
  using Documents = std::vector<std::string_view>;  // none is empty; valid UTF-8 without zero bytes
  Documents train, validation, test;                // no test part: empty
  bool marked = true;                               // documents end with a token of their own
  // What the views look into.
  Corpus rows;
  std::vector<std::shared_ptr<const MappedFile>> files;
  std::vector<std::string_view> contents;  // of the files, unpacked
  std::deque<std::string> arena;
};

/// Throws UsageError for a file that is missing, empty, packed and cut short, or no UTF-8 text, for two parts
/// of one content, and for a share that leaves nothing.
TextCorpus read_text_corpus(const DataConfig& data);

/// For a reader of running text: cuts the documents from the share `from` of all bytes on off their end.
TextCorpus::Documents take_end(TextCorpus& corpus, TextCorpus::Documents& documents, double from);
/// Refuses a part that the share of this key leaves empty; `which`: "validation".
void require_some(const TextCorpus::Documents& part, const char* key, double share, const char* which);

/// Bytes of the documents, with one for the end of each where they are marked.
std::int64_t byte_count(const TextCorpus::Documents& documents, bool marked);
/// Code points, counted likewise.
std::int64_t character_count(const TextCorpus::Documents& documents, bool marked);

}  // namespace tubal
