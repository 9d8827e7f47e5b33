#include "experiments/training/stop_request.hpp"

#include <csignal>
#include <initializer_list>

namespace tubal {

static volatile std::sig_atomic_t stop_flag = 0;

void request_stop() noexcept { stop_flag = 1; }
bool stop_requested() noexcept { return stop_flag != 0; }
void clear_stop_request() noexcept { stop_flag = 0; }

void stop_on_signals() {
  struct sigaction action {};
  action.sa_handler = [](int) { request_stop(); };
  action.sa_flags = SA_RESTART;
  for (const int signal : {SIGINT, SIGTERM, SIGUSR1}) sigaction(signal, &action, nullptr);
}

}  // namespace tubal
