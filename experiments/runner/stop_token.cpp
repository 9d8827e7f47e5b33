#include "experiments/runner/stop_token.hpp"

#include <unistd.h>

#include <chrono>

#include "core/files.hpp"

namespace tubal::runner {

StopToken read_stop(const layout::StudyFolder& study) {
  try {
    std::string text = read_file_if_there(study.stop()).value_or("none");
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return {text, text.find(" now") != std::string::npos};
  } catch (const std::exception&) {
    return {"none", false};
  }
}

void write_stop(const layout::StudyFolder& study, bool now) {
  const auto ticks = std::chrono::system_clock::now().time_since_epoch().count();
  write_file(study.stop(),
             std::to_string(ticks) + "-" + std::to_string(::getpid()) + (now ? " now" : "") + "\n");
}

}  // namespace tubal::runner
