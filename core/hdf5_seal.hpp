// The seal of an HDF5 file that this library wrote: a line behind HDF5's own end with the SHA-256 of all
// before it. HDF5 skips what lies there, and cuts it off where a program changes the file: such a file has no
// seal. With it, a damaged file is told before HDF5 1.10 reads it, which can crash on one.
#pragma once
#include <string>
#include <string_view>

namespace tubal::hdf5 {

/// The line to append to the bytes of a closed file.
std::string seal_of(std::string_view bytes);

enum class Seal { none, right, broken };
/// Whether the bytes end with a seal, and with theirs; broken too where a piece of one is left.
Seal check_seal(std::string_view bytes);

/// The bytes before the seal, right or not; all of them where there is none.
std::string_view without_seal(std::string_view bytes);

}  // namespace tubal::hdf5
