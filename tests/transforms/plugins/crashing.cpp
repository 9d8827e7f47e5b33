// Plug-ins that end or hold up the process, chosen by FAULT: what loading has to survive.
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "transforms/plugin.hpp"

using namespace tubal::plugin;

static void misbehave() {
  if (FAULT == 1 || FAULT == 5) std::raise(SIGSEGV);  // a write through nullptr may be optimised away
  if (FAULT == 2) std::abort();
  if (FAULT == 3) {
    volatile bool waiting = true;
    while (waiting) {
    }
  }
  if (FAULT == 4) ::_exit(0);
  if (FAULT == 6) std::raise(SIGFPE);
  if (FAULT == 7) ::sleep(1000);
  if (FAULT == 8) std::exit(7);
}

// Fault 5 crashes as it is loaded, before anything is called.
static const bool at_load = [] {
  if (FAULT == 5) misbehave();
  return true;
}();

class Crashing : public Transform {
 public:
  void matrix(int p, const double*, Square F) const override {
    if (p == 3 && at_load) misbehave();
    for (int k = 0; k < p; ++k)
      for (int l = 0; l < p; ++l) F(k, l) = k == l;
  }
};

TUBAL_PLUGIN(Crashing, "crashing", "ends or holds up the process", "any")
