// The committed seeds that are no file of a study: make_seeds FOLDER (make_seeds.sh calls it).
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "core/hdf5.hpp"
#include "core/hdf5_seal.hpp"
#include "experiments/records/checkpoint.hpp"
#include "experiments/records/safetensors.hpp"
#include "experiments/text/tokenizer.hpp"

using namespace tubal;
namespace fs = std::filesystem;

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const fs::path root = argv[1];
  const auto place = [&](const char* target, const char* name) {
    fs::create_directories(root / target);
    return root / target / name;
  };
  const auto write = [&](const char* target, const char* name, const std::string& bytes) {
    std::ofstream(place(target, name), std::ios::binary) << bytes;
  };

  const std::vector<std::string_view> texts = {"the film was good, the plot was not", "a plot and no film",
                                               "ein Film \xc3\xa9t\xc3\xa9", "good and good again"};
  for (const char* kind : {"word", "char", "sentencepiece"}) {
    TokenizerConfig config;
    config.kind = kind;
    config.model_type = "bpe";
    config.vocabulary = 300;
    Tokens tokens;
    for (const Vocabulary& v :
         {learn_vocabulary(config, texts), tokenize(config, TokenLimit(20), texts, tokens, {}, {})})
      write(v.kind.c_str(), "learnt",
            std::string(reinterpret_cast<const char*>(&v.size), sizeof v.size) + v.data);
  }

  const std::vector<float> a = {1, 2, 3}, b(20, 0.5f);
  save_checkpoint(place("checkpoint", "two"), "{\"step\":3}", {a, b});
  std::vector<float> values(64, 0.25f);
  std::vector<NamedTensor<float>> tensors(1);
  tensors[0].name = "x";
  tensors[0].shape = {8, 8};
  tensors[0].value = values.data();
  tensors[0].outer_stride = 8;
  write_safetensors(place("safetensors", "one"), tensors, {{"format", "pt"}, {"note", "a seed"}});

  const std::vector<double> L = {1, 1, 1, -1}, frequency = {0, 1};
  hdf5::Writer matrix("two.h5");
  matrix.write<double>("matrix", L, {2, 2});
  matrix.write<double>("frequency", frequency, {2});
  write("matrix_h5", "two", std::string(hdf5::without_seal(matrix.image())));  // as another program's
  std::string npy("\x93NUMPY\x01\x00", 8),
      header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }";
  header.resize(118, ' ');
  header.back() = '\n';
  npy += std::string{static_cast<char>(header.size()), 0} + header;
  npy.append(reinterpret_cast<const char*>(L.data()), L.size() * sizeof(double));
  write("matrix_npy", "two", npy);
  write("matrix_csv", "two", "# a comment\n1, 1\n1, -1\n");
}
