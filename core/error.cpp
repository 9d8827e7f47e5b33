#include "core/error.hpp"

#include <algorithm>
#include <cerrno>
#include <new>
#include <numeric>
#include <system_error>

#include "core/text.hpp"

namespace tubal {

static constexpr bool in_order() {
  for (std::size_t i = 0; i < std::size(cause_table); ++i)
    if (cause_table[i].cause != static_cast<Cause>(i)) return false;
  return static_cast<std::size_t>(Cause::not_finite) + 1 == std::size(cause_table);
}
static_assert(in_order());

Cause cause_named(const std::string& name) {
  const auto found = std::find_if(std::begin(cause_table), std::end(cause_table),
                                  [&](const CauseEntry& e) { return name == e.name; });
  return found == std::end(cause_table) ? Cause::other : found->cause;
}

Cause cause_of(int error_number) {
  switch (error_number) {
    case ENOSPC:
      return Cause::no_space;
    case EDQUOT:
      return Cause::quota;
    case EROFS:
      return Cause::read_only;
    case EACCES:
    case EPERM:
      return Cause::denied;
    case EIO:
    case ESTALE:
    case ENODEV:
    case ENXIO:
    case EREMOTEIO:
    case ETIMEDOUT:
    case EHOSTDOWN:
      return Cause::device;
    case ENOMEM:
      return Cause::memory;
    default:
      return Cause::other;
  }
}

Cause cause_of(const std::exception& error) noexcept {
  if (const auto* ours = dynamic_cast<const Error*>(&error)) return ours->cause();
  if (dynamic_cast<const std::bad_alloc*>(&error)) return Cause::memory;
  const auto* system = dynamic_cast<const std::system_error*>(&error);
  const bool is_errno = system && (system->code().category() == std::generic_category() ||
                                   system->code().category() == std::system_category());
  return is_errno ? cause_of(system->code().value()) : Cause::other;
}

UsageError::UsageError(const std::string& file, int line, const std::string& key, const std::string& message,
                       Cause cause)
    : Error((file.empty() ? "" : printable(file) + ":" + (line > 0 ? std::to_string(line) + ":" : "") + " ") +
                (key.empty() ? "" : printable(key) + ": ") + message,
            cause),
      file_(file),
      key_(key),
      reason_(message) {}

// Edits from a to b: insert, leave out or replace a letter, or swap two neighbours; one row at a time.
static std::size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> before, last, row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before = std::move(last);
    last = row;
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row[b.size()];
}

std::string nearest(const std::string& found, const std::vector<std::string>& allowed) {
  const std::string* name = nullptr;
  std::size_t best = std::max<std::size_t>(1, found.size() / 3) + 1;
  for (const std::string& candidate : allowed)
    if (const std::size_t distance = edit_distance(found, candidate); distance < best) {
      best = distance;
      name = &candidate;
    }
  return name ? *name : "";
}

std::string did_you_mean(const std::string& found, const std::vector<std::string>& allowed) {
  const std::string name = nearest(found, allowed);
  return name.empty() ? "" : "did you mean `" + name + "`?";
}

std::string join(const std::vector<std::string>& items, const std::string& separator) {
  std::string out;
  for (const std::string& item : items) out += (out.empty() ? "" : separator) + item;
  return out;
}

}  // namespace tubal
