// Numbers and tables of a study as people read them: what is not known is empty.
#pragma once
#include <string>
#include <vector>

#include "core/format.hpp"

namespace tubal::text {

using tubal::plural;  // 1 seed, 2 seeds

std::string format(const char* how, double x);  // printf of one number; "" for NaN
std::string grouped(double n);                  // 793,088
std::string percent(double share);              // 79.12; "" for NaN
std::string signed_percent(double share);       // +0.31, with a true minus sign
std::string seconds(double s);                  // 0.3 s, 41 s, 3.1 min, 2.5 h
std::string bytes(double b);                    // 300 MB
std::string p_value(double p);                  // 0.031, <0.001
std::string exact(double x);                    // shortest text that reads back as x; "" for NaN
std::string capital(std::string text);          // the first letter of a heading

/// text_table() with a line under the head, the first `left` columns to the left.
std::string table(const std::vector<std::vector<std::string>>& rows, std::size_t left);

}  // namespace tubal::text
