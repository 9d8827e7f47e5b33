// A learned transform, a rotation of the first two coordinates, that breaks while a trial trains: as soon as
// the file named by MOODY exists its trials do what the file says (throw, crash, allocate, stall).
#include <unistd.h>

#include <cmath>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "transforms/plugin.hpp"

class Moody : public tubal::plugin::Transform {
 public:
  void matrix(int p, const double* theta, tubal::plugin::Square F) const override {
    mood();
    for (int k = 0; k < p; ++k)
      for (int l = 0; l < p; ++l) F(k, l) = k == l;
    if (p == 1) return;
    F(0, 0) = F(1, 1) = std::cos(theta[0]);
    F(1, 0) = std::sin(theta[0]);
    F(0, 1) = -F(1, 0);
  }
  std::size_t parameter_count(int p) const override { return p > 1; }
  void gradient(int p, const double* theta, tubal::plugin::ConstantSquare dF, double* d) const override {
    if (p == 1) return;
    const double c = std::cos(theta[0]), s = std::sin(theta[0]);
    d[0] = c * (dF(1, 0) - dF(0, 1)) - s * (dF(0, 0) + dF(1, 1));
  }

 private:
  // In `tubal trial FOLDER` of a trial with this transform; not where the plug-in is only loaded and checked.
  static bool trains() {
    std::ifstream command("/proc/self/cmdline");
    std::string program, verb, folder, line;
    std::getline(command, program, '\0');
    std::getline(command, verb, '\0');
    std::getline(command, folder, '\0');
    std::ifstream config(folder + "/config.yaml");
    while (verb == "trial" && std::getline(config, line))
      if (line.find("name: moody") != std::string::npos) return true;
    return false;
  }
  static void mood() {
    const char* file = std::getenv("MOODY");
    std::string word;
    if (!file || !(std::ifstream(file) >> word) || !trains()) return;
    if (word == "throw") throw std::runtime_error("the plug-in is in a mood");
    if (word == "crash") std::raise(SIGSEGV);
    if (word == "allocate")
      for (;;) {  // until the system says no
        volatile char* piece = static_cast<char*>(std::malloc(32 << 20));
        if (!piece) throw std::bad_alloc();
        for (std::size_t i = 0; i < (32u << 20); i += 4096) piece[i] = 1;
      }
    if (word == "stall") ::sleep(60);
  }
};

TUBAL_PLUGIN(Moody, "moody", "breaks when it is told to", "any")
