// Numbers and fields as texts, for people and for programs.
#pragma once
#include <cstddef>
#include <string>

namespace tubal {

/// printf into a text of whatever length.
[[gnu::format(printf, 1, 2)]] std::string format(const char* how, ...);

/// Digits by threes: 793,088; -1,234.
std::string grouped(long long n);

/// "1 trial", "1,200 trials".
std::string plural(std::size_t n, const std::string& what);

/// Shortest digits that read back to the same double: 0.25, 3e-04. -0 is written as 0.
std::string shortest(double x);
/// The same with its exponent as grids and people write it: 3e-4, 1e30.
std::string spoken(double x);

/// A field of comma-separated values, in quotes where RFC 4180 wants them.
std::string csv_field(const std::string& text);

}  // namespace tubal
