// What a trial's process tells its runner while it works: one JSON line a message.
#pragma once
#include <chrono>
#include <limits>
#include <optional>
#include <string>

#include "core/cause.hpp"

namespace tubal::runner {

/// A trial's process finds the writing end here, and this variable says so: without it nobody's descriptor 3
/// is written to.
inline constexpr int report_descriptor = 3;
inline constexpr const char* report_variable = "TUBAL_REPORT";

struct Message {
  std::string kind;               // note | step | epoch | failed
  std::string text;               // note: what it does before the first step; failed: the cause's name
  int epoch = 0, epochs = 0;      // the present one, from 1; step, epoch
  long long step = 0, steps = 0;  // optimiser steps done, of all; step, epoch
  double loss = 0;                // training loss; step, epoch
  double tokens_per_second = 0, seconds_left = 0;
  // epoch; NaN where the trial's task has none
  double validation_loss = 0, validation_accuracy = 0, seconds = 0;
  double validation_bits_per_byte = std::numeric_limits<double>::quiet_NaN();
};

std::string to_line(const Message& message);
std::optional<Message> from_line(const std::string& line);

/// The writing end. Steps are told at most ten times a second and dropped where the reader is slow; nothing
/// is told where there is no reader.
class Reporter {
 public:
  explicit Reporter(int descriptor);  // -1: tells nothing
  void tell(const Message& message);
  void tell_failure(Cause cause);

 private:
  int descriptor_;
  std::chrono::steady_clock::time_point last_{};
};

}  // namespace tubal::runner
