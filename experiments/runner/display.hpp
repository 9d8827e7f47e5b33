// What people see of a running study: a table that redraws itself on a terminal, plain lines elsewhere.
#pragma once
#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

namespace tubal::runner {

std::string show_seconds(double seconds);  // 0.31 s, 41 s, 3:05, 2:10:00, 3 d 4 h
std::string show_count(double count);      // 950, 18.2k, 1.83M
std::string show_bytes(double bytes);      // 35 MiB
std::string show_trials(std::size_t n);    // 1 trial, 12 trials
std::string show_share(double share);      // 0.8713, "" for NaN
std::string show_bar(double share, int width, bool unicode);

/// `text` cut or filled with spaces to so many columns; numbers stand right.
std::string fit(const std::string& text, int width, bool right = false);

class Display {
 public:
  /// Live where `descriptor` is a terminal that understands cursor movement (TERM is not "dumb").
  explicit Display(int descriptor = 1);
  bool live() const { return live_; }
  bool unicode() const { return unicode_; }
  int width() const;
  std::string colour(const std::string& text, int code) const;  // 31 red, 32 green, 33 yellow, 2 dim
  void say(const std::string& line);                            // stays
  void draw(const std::vector<std::string>& lines);             // replaces the lines drawn before; live only
  void clear() { draw({}); }

 private:
  void put(const std::string& text);
  int descriptor_;
  bool live_, unicode_, colours_;
  std::vector<std::string> drawn_;
};

}  // namespace tubal::runner
