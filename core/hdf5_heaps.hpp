// Whether the heaps of an HDF5 file, in which its texts lie, can be walked: HDF5 1.10 walks a damaged one for
// ever, copies a text of any length that is told, and they carry no checksum. For files without a seal.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace tubal::hdf5 {

/// "" or what is wrong with a global heap collection (HDF5 file format 3.0, III.E) of the file's bytes.
std::string heap_fault(std::string_view bytes);

/// "" or what is wrong with the `count` references at byte `offset` to texts of variable length: each
/// is the text's length [4], its heap's address [8] and its index there [4] (III.E, IV.B), and the
/// heap's object is as long.
std::string text_fault(std::string_view bytes, std::uint64_t offset, std::uint64_t count);

}  // namespace tubal::hdf5
