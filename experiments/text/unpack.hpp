// Packed text files, read as if they were plain.
#pragma once
#include <deque>
#include <string>
#include <string_view>

namespace tubal {

/// `bytes` (of `file`, named in errors) themselves, or what gzip (several members too) or xz packed into
/// them, which then stands in `arena`. Throws UsageError where they are cut short or damaged.
std::string_view unpacked(std::string_view bytes, const std::string& file, std::deque<std::string>& arena);

}  // namespace tubal
