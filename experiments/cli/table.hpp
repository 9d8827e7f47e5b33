// Tables and numbers on a terminal.
#pragma once
#include <string>
#include <vector>

namespace tubal::cli {

/// Columns as wide as their widest cell, two spaces apart, those named in `left` to the left and the others
/// to the right; no space at line ends. rows[0] says how many columns there are.
void print_table(const std::vector<std::vector<std::string>>& rows, const std::vector<std::size_t>& left);

/// 793,088
std::string grouped(long long n);
/// printf of one number.
std::string format(const char* how, double x);

}  // namespace tubal::cli
