// Seeds and finds, each as it stands and changed at random, through every target or the named ones:
// replay [--seconds 10 | --runs N] [--seed N] FOLDER [TARGET...]. A crash, a foreign exception or an input
// that takes over ten seconds of processor time ends it with the input in ./find-TARGET.
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <limits>
#include <random>

#include "core/blas.hpp"
#include "targets.hpp"
#include "tests/temporary.hpp"

using namespace tubal;
using namespace tubal::fuzz;
namespace fs = std::filesystem;

namespace {

std::string input, find;  // what is being read, and where to leave it

void leave(int signal) {
  std::ofstream(find, std::ios::binary) << input;
  const std::string text = "signal " + std::to_string(signal) + ": the input is in " + find + "\n";
  if (write(2, text.data(), text.size()) < 0) _exit(3);
  std::signal(signal, SIG_DFL);
  raise(signal);
}

// Of this process's own time, however busy the machine is.
void limit(long seconds) {
  const itimerval time{{0, 0}, {seconds, 0}};
  setitimer(ITIMER_PROF, &time, nullptr);
}

std::vector<std::string> seeds_of(const fs::path& folder) {
  std::vector<fs::path> files;
  if (fs::exists(folder))
    for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<std::string> seeds;
  for (const fs::path& file : files) {
    std::ifstream in(file, std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return seeds;
}

using Random = std::mt19937_64;
std::size_t below(Random& random, std::size_t n) { return n ? random() % n : 0; }

// One to four changes: bits, bytes, numbers of 2 to 8 bytes, pieces taken out, doubled or
// exchanged, lines of another seed.
std::string changed(std::string x, const std::vector<std::string>& seeds, Random& random) {
  static const std::uint64_t numbers[] = {0,
                                          1,
                                          0x7f,
                                          0x80,
                                          0xff,
                                          0x7fff,
                                          0xffff,
                                          0x7fffffff,
                                          0x80000000,
                                          0xffffffff,
                                          0x7fffffffffffffff,
                                          0x8000000000000000,
                                          ~0ull};
  static const char* words[] = {"\n",   "\"",   "{",    "}",    "[",      "]",         ":",
                                ",",    "-",    "nan",  "inf",  "1e400",  "-1",        "99999999999999999999",
                                "null", "\xff", "\xc3", "&a",   "*a",     "!!binary ", "<<: ",
                                "|",    "''",   "\t",   "0x10", "\\u0000"};
  for (std::size_t n = 1 + below(random, 4); n; --n) {
    const std::size_t at = below(random, x.size() + 1), left = x.size() - at;
    switch (below(random, 8)) {
      case 0:
        if (left) x[at] = static_cast<char>(x[at] ^ (1 << below(random, 8)));
        break;
      case 1:
        if (left) x[at] = static_cast<char>(random());
        break;
      case 2: {
        const std::uint64_t number = numbers[below(random, std::size(numbers))] + below(random, 3) - 1;
        const std::size_t size = std::size_t{1} << below(random, 4);
        if (left >= size) std::memcpy(x.data() + at, &number, size);
        break;
      }
      case 3:
        x.erase(at, 1 + below(random, std::min<std::size_t>(left, 64)));
        break;
      case 4:
        x.insert(at, x.substr(below(random, x.size() + 1), below(random, 64)));
        break;
      case 5:
        x.insert(at, words[below(random, std::size(words))]);
        break;
      case 6: {
        const std::string& other = seeds[below(random, seeds.size())];
        x.insert(at, other.substr(below(random, other.size() + 1), below(random, 200)));
        break;
      }
      default:
        x.resize(at);
    }
  }
  return x;
}

}  // namespace

int main(int argc, char** argv) {
  choose_blas_kernels(argv);
  double seconds = 10;
  std::uint64_t first = 1;
  std::size_t most = std::numeric_limits<std::size_t>::max();
  std::string folder;
  std::vector<std::string> names;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--seconds" && i + 1 < argc)
      seconds = std::atof(argv[++i]);
    else if (word == "--runs" && i + 1 < argc) {
      most = std::strtoull(argv[++i], nullptr, 10);
      seconds = 1e9;
    } else if (word == "--seed" && i + 1 < argc)
      first = std::strtoull(argv[++i], nullptr, 10);
    else if (folder.empty())
      folder = word;
    else
      names.push_back(word);
  }
  for (const int signal : {SIGSEGV, SIGABRT, SIGFPE, SIGBUS, SIGILL, SIGPROF}) std::signal(signal, leave);
  const TemporaryFolder room;
  int met = 0;
  for (const Target& target : targets()) {
    if (!names.empty() && std::find(names.begin(), names.end(), target.name) == names.end()) continue;
    ++met;
    find = "find-" + target.name;
    const std::vector<std::string> seeds = seeds_of(fs::path(folder) / target.name);
    if (seeds.empty()) {
      std::cerr << target.name << ": no seeds in " << folder << "\n";
      return 2;
    }
    Random random(first);
    std::size_t runs = 0, accepted = 0;
    const auto start = std::chrono::steady_clock::now();
    const auto read = [&](const std::string& bytes) {
      input = bytes;
      limit(10);
      try {
        accepted += try_bytes(target, room.path.string(), input);
      } catch (const std::exception& e) {
        std::cerr << target.name << ": " << e.what() << "\n";
        std::abort();
      }
      limit(0);
      ++runs;
    };
    for (const std::string& seed : seeds) read(seed);
    if (!accepted) {
      std::cerr << target.name << ": none of its " << seeds.size() << " seeds is accepted\n";
      return 1;
    }
    while (runs < most &&
           std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() < seconds)
      read(changed(seeds[below(random, seeds.size())], seeds, random));
    std::cout << target.name << ": " << runs << " inputs, " << accepted << " accepted" << std::endl;
  }
  if (!met) std::cerr << "no target of that name\n";
  return met ? 0 : 2;
}
