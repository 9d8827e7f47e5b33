// A signal asks the trial of this process to end; the trainer looks whether one did.
#pragma once

namespace tubal {

/// Asks the trial of this process to checkpoint and end within two seconds. Safe in a signal handler.
void request_stop() noexcept;
bool stop_requested() noexcept;
void clear_stop_request() noexcept;
/// SIGINT and SIGTERM (and SIGUSR1, which schedulers send before a limit) ask for a stop.
void stop_on_signals();

}  // namespace tubal
