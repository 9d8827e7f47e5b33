// Standard output, checked: what a command prints has arrived, or the command fails.
#pragma once
#include <array>
#include <stdexcept>
#include <streambuf>

namespace tubal {

/// Standard output cannot be written to. Not an Error: code that goes on after the failure of one item must
/// not go on after this one.
class OutputError : public std::runtime_error {
 public:
  explicit OutputError(int error);  // of errno
};

/// While it lives, std::cout writes to descriptor 1 by itself and throws OutputError at the first write that
/// fails: a command ends early, not after an hour of work for nobody. One object, made first in main().
/// Standard input, output or error that came closed are held by a descriptor that cannot be read or written,
/// so that no file opened later gets their number.
class StandardOutput : std::streambuf {
 public:
  StandardOutput();
  ~StandardOutput() override;
  StandardOutput(const StandardOutput&) = delete;
  /// Writes what waits and closes; throws OutputError where that, or a write noted before, failed.
  void finish();
  /// Writes what waits as far as it can and says nothing: for the way out after another error.
  void abandon() noexcept;

 private:
  int_type overflow(int_type c) override;
  std::streamsize xsputn(const char* text, std::streamsize n) override;
  int sync() override;

  std::array<char, 1 << 16> buffer_;
  std::streambuf* before_;
  bool terminal_;
};

/// For commands whose work is elsewhere than in what they print (a run): a reader of standard output that
/// goes away ends nothing and is no failure.
void outlive_reader();

/// For code that writes to descriptor 1 without std::cout and goes on after a failure (the live table of a
/// run): finish() will tell. `error`: errno.
void note_output_error(int error);

}  // namespace tubal
