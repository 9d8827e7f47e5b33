// Writes data sets by their entry in core/layout_entries.hpp: axes, unit and meaning come from there.
#pragma once
#include <string>
#include <vector>

#include "core/hdf5.hpp"
#include "core/layout_entries.hpp"

namespace tubal {

class LayoutWriter {
 public:
  explicit LayoutWriter(std::filesystem::path file) : file_(std::move(file)) {}
  hdf5::Writer& file() { return file_; }

  /// T: double for 'f' entries, std::int64_t for 'i', std::string for 's'. An entry that is its own only axis
  /// becomes the dimension scale; write it before what lies on it.
  template <class T>
  void write(const char* path, const std::vector<T>& values, const hdf5::Shape& shape = {npos}) {
    const layout::Entry& e = layout::entry(path);
    const std::vector<std::string> axes = layout::axis_paths(e);
    if (axes.size() == 1 && axes[0] == path) {
      file_.axis(path, std::span<const T>(values));
    } else {
      file_.write(path, std::span<const T>(values),
                  shape == hdf5::Shape{npos} ? hdf5::Shape{values.size()} : shape, axes);
    }
    describe(path, e.unit, e.meaning);
  }
  /// An attribute that core/layout_entries.hpp names. T as above; a list of strings for 't'.
  template <class T>
  void attribute(const char* object, const char* name, const T& value) {
    file_.attribute(layout::attribute(object, name).object, name, value);
  }
  void describe(const std::string& path, const std::string& unit, const std::string& meaning) {
    if (!unit.empty()) file_.attribute(path, "units", unit);
    file_.attribute(path, "long_name", meaning);
  }
  /// Says of a data set of 0 and 1 that they are false and true.
  void describe_flags(const std::string& path) {
    static constexpr std::int64_t values[] = {0, 1};
    file_.attribute(path, layout::flag_values, std::span<const std::int64_t>(values));
    file_.attribute(path, layout::flag_meanings, std::string(layout::flag_words));
  }

 private:
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
  hdf5::Writer file_;
};

/// 0, 1, ..., n-1.
inline std::vector<std::int64_t> counting(std::size_t n) {
  std::vector<std::int64_t> values(n);
  for (std::size_t i = 0; i < n; ++i) values[i] = static_cast<std::int64_t>(i);
  return values;
}

/// One member of each element: column(points, &TrainPoint::loss).
template <class T = double, class Item, class Member>
std::vector<T> column(const std::vector<Item>& items, Member Item::*member) {
  std::vector<T> values;
  values.reserve(items.size());
  for (const Item& item : items) values.push_back(static_cast<T>(item.*member));
  return values;
}

}  // namespace tubal
