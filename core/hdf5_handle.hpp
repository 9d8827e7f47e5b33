// For the sources of hdf5.hpp alone: handles that close themselves, types, and error reports.
#pragma once
#include <hdf5.h>

#include <string>

#include "core/error.hpp"
#include "core/hdf5.hpp"
#include "core/memory.hpp"

namespace tubal::hdf5 {

class Handle {
 public:
  Handle(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {}
  Handle(Handle&& other) noexcept : id_(other.id_), close_(other.close_) { other.id_ = -1; }
  Handle(const Handle&) = delete;
  ~Handle() {
    if (id_ >= 0) close_(id_);
  }
  operator hid_t() const { return id_; }

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

/// Before calls of HDF5: memory for its small allocations, and no printing in this thread.
inline void quiet() {
  require_room(16 << 20, " for HDF5");  // it may crash where a small allocation fails
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

/// HDF5's innermost reason for the last failure of this thread.
inline std::string reason() {
  std::string text;
  H5Ewalk2(
      H5E_DEFAULT, H5E_WALK_UPWARD,
      [](unsigned n, const H5E_error2_t* e, void* out) -> herr_t {
        if (n == 0 && e->desc) *static_cast<std::string*>(out) = e->desc;
        return 0;
      },
      &text);
  return text.empty() ? "no reason given" : text;
}

/// "trial.h5: /test/label: what (reason)".
[[noreturn]] inline void fail(const fs::path& file, const std::string& object, const std::string& what) {
  throw Error(file.string() + ": " + (object.empty() ? "" : object + ": ") + what + " (HDF5: " + reason() +
              ")");
}

template <class T>
hid_t native();
template <>
inline hid_t native<float>() {
  return H5T_NATIVE_FLOAT;
}
template <>
inline hid_t native<double>() {
  return H5T_NATIVE_DOUBLE;
}
template <>
inline hid_t native<std::int8_t>() {
  return H5T_NATIVE_INT8;
}
template <>
inline hid_t native<std::uint8_t>() {
  return H5T_NATIVE_UINT8;
}
template <>
inline hid_t native<std::int32_t>() {
  return H5T_NATIVE_INT32;
}
template <>
inline hid_t native<std::int64_t>() {
  return H5T_NATIVE_INT64;
}

}  // namespace tubal::hdf5
