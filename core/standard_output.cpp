#include "core/standard_output.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <string>

#include "core/destination.hpp"

namespace tubal {

namespace {

std::atomic<int> first_error{0};
std::atomic<bool> reader_may_go{false};

// Held closed: reading from 0 and writing to 1 and 2 fail with EBADF, as if nothing were open.
void hold_closed_descriptors() {
  for (const int number : {0, 1, 2})
    if (::fcntl(number, F_GETFD) < 0 && errno == EBADF) {
      // The lowest number that is free, which is this one: those below are open by now.
      [[maybe_unused]] const int held = ::open("/dev/null", number == 0 ? O_WRONLY : O_RDONLY);
    }
}

}  // namespace

OutputError::OutputError(int error)
    : runtime_error(std::string("cannot write to standard output: ") +
                    (error == EBADF ? "it is closed" : std::strerror(error))) {}

void outlive_reader() {
  reader_may_go = true;
  ::signal(SIGPIPE, SIG_IGN);
}

void note_output_error(int error) {
  if (error == EPIPE && reader_may_go) return;
  int none = 0;
  first_error.compare_exchange_strong(none, error);
}

StandardOutput::StandardOutput() : before_(nullptr) {
  hold_closed_descriptors();
  terminal_ = ::isatty(STDOUT_FILENO);
  setp(buffer_.data(), buffer_.data() + buffer_.size());
  before_ = std::cout.rdbuf(this);
  std::cout.exceptions(std::ios::badbit);  // what overflow() throws passes through operator<<
}

StandardOutput::~StandardOutput() {
  std::cout.exceptions(std::ios::goodbit);
  std::cout.rdbuf(before_);
}

int StandardOutput::sync() {
  const std::size_t n = static_cast<std::size_t>(pptr() - pbase());
  setp(buffer_.data(), buffer_.data() + buffer_.size());
  if (const int error = write_all(STDOUT_FILENO, {buffer_.data(), n})) {
    note_output_error(error);
    if (first_error) throw OutputError(error);
  }
  return 0;
}

StandardOutput::int_type StandardOutput::overflow(int_type c) {
  sync();
  if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
  sputc(traits_type::to_char_type(c));
  return c;
}

std::streamsize StandardOutput::xsputn(const char* text, std::streamsize n) {
  std::streambuf::xsputn(text, n);
  if (terminal_ && std::memchr(text, '\n', static_cast<std::size_t>(n))) sync();
  return n;
}

void StandardOutput::finish() {
  sync();
  if (std::fflush(stdout)) note_output_error(errno);  // of libraries that print
  // Some file systems (NFS, quotas) tell of a failed write only here.
  if (::close(STDOUT_FILENO) && errno != EBADF && errno != EINTR) note_output_error(errno);
  if (first_error) throw OutputError(first_error);
}

void StandardOutput::abandon() noexcept {
  try {
    sync();
  } catch (const OutputError&) {
  }
  std::cout.exceptions(std::ios::goodbit);
  std::cout.setstate(std::ios::badbit);  // nothing more is written
}

}  // namespace tubal
