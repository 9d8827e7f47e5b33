// Files that are no text: recognised by their first bytes, with the command that makes text of them.
#pragma once
#include <string>
#include <string_view>

namespace tubal {

/// "this file is compressed with xz. Unpack it: `xz -dc < a.csv.xz > a.csv`, ..." for a compressed file, an
/// archive, a table or a database; "" where the bytes are nothing known.
std::string foreign_file(std::string_view bytes, const std::string& file);

/// A name beside `file` for what a command makes of it: a.csv.xz to a.csv where `suffix` is .xz, else
/// a.csv to a.text.csv.
std::string new_name(const std::string& file, const std::string& suffix = "");

}  // namespace tubal
