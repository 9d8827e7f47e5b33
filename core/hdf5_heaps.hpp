// Whether the heaps of an HDF5 file, in which its texts lie, can be walked: HDF5 1.10 walks a damaged one for
// ever, and they carry no checksum.
#pragma once
#include <string>
#include <string_view>

namespace tubal::hdf5 {

/// "" or what is wrong with a global heap collection (HDF5 file format 3.0, III.E) of the file's bytes.
std::string heap_fault(std::string_view bytes);

}  // namespace tubal::hdf5
