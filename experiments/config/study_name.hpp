// A study's name is a folder's, a job's and part of file names: what it may hold.
#pragma once
#include <string>

namespace tubal {

/// "" for a name that may be used, else what such names hold.
std::string study_name_fault(const std::string& name);

/// The nearest name that may be used: "my grid (2)" to "my-grid-2"; "study" where nothing is left.
std::string usable_study_name(const std::string& name);

}  // namespace tubal
