// Which processes are meant by a number: host, boot and process namespace; and whether one still runs.
#pragma once
#include <string>

namespace tubal {

/// This machine's name.
std::string host_name();
/// Changes with each start of the machine; "" where the system does not tell.
std::string boot_id();
/// Names the set of processes that see each other; empty where the system does not tell.
std::string process_namespace();

/// The processes among which a number names one: "<host>-<digest of the boot and the process namespace>".
/// Containers may share a host name, yet do not see each other's processes.
std::string process_space();
/// This process as names of files tell it: "<process space>-<pid>".
std::string process_mark();

/// Start of a process in clock ticks after the boot; 0 where there is none, or where it has ended and its
/// parent has not collected it yet.
unsigned long long process_start(int pid);
/// Whether there is a process of this number that has not ended.
bool process_is_alive(int pid);

}  // namespace tubal
