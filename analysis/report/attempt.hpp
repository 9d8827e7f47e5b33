// A report of a study whose files are damaged names them and shows all else.
#pragma once
#include <string>

#include "analysis/report/json.hpp"
#include "core/error.hpp"

namespace tubal::analysis {

/// Calls read(); where it throws Error, the message goes to `notes`.
template <class Read>
void attempt(Json& notes, Read read) {
  try {
    read();
  } catch (const Error& e) {
    notes.push_back(std::string(e.what()));
  }
}

}  // namespace tubal::analysis
