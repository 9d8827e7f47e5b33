// What `tubal stop` tells the runners of a study, by a file in its folder.
#pragma once
#include <string>

#include "core/layout.hpp"

namespace tubal::runner {

/// `tubal stop` replaces the token; a runner that sees another one than when it began drains: running trials
/// end, no new one starts. With `now` its trials are interrupted, too.
struct StopToken {
  std::string token;  // "none" before the first
  bool now = false;
};
StopToken read_stop(const layout::StudyFolder& study);
void write_stop(const layout::StudyFolder& study, bool now);

}  // namespace tubal::runner
