// Opening a file to read, and what keeps HDF5 1.10 from a damaged one.
#include "core/files.hpp"
#include "core/hdf5_handle.hpp"
#include "core/hdf5_heaps.hpp"
#include "core/hdf5_seal.hpp"
#include "core/hdf5_types.hpp"

namespace tubal::hdf5 {

// Published files need no lock; where the file system knows none (some network
// ones), opening must still work.
static Handle read_access() {
  Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_file_locking(access, false, true);
  H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
  return access;
}

// A file with its seal is as it was written. One without (of another program, or changed by one, or of an
// earlier version) is looked at before HDF5 is; its bytes stay, for its texts.
Reader::Reader(fs::path path) : path_(std::move(path)) {
  quiet();
  std::string bytes = read_file(path_);
  const Seal seal = check_seal(bytes);
  if (seal == Seal::broken)
    throw Damaged(
        path_.string() +
        ": is a damaged HDF5 file (the checksum at its end is not that of its bytes); copy it anew, "
        "or let what wrote it write it again");
  if (seal == Seal::none) {
    if (const std::string fault = heap_fault(bytes); !fault.empty())
      throw Damaged(path_.string() + ": is a damaged HDF5 file (" + fault + ")");
    unsealed_ = std::move(bytes);
  }
  const Handle access = read_access();  // closing it would clear HDF5's reasons
  file_ = H5Fopen(path_.c_str(), H5F_ACC_RDONLY, access);
  if (file_ < 0) fail(path_, "", "is not a readable HDF5 file");
}

Reader::Reader(const std::string& image, fs::path path) : path_(std::move(path)) {
  quiet();
  const Handle access = read_access();
  H5Pset_fapl_core(access, 1 << 16, false);
  H5Pset_file_image(access, const_cast<char*>(image.data()), image.size());
  // The driver wants a name that no file has.
  file_ = H5Fopen((path_.string() + " in memory").c_str(), H5F_ACC_RDONLY, access);
  if (file_ < 0) fail(path_, "", "is not a readable HDF5 file");
}

Reader::~Reader() { H5Fclose(file_); }

// Addresses in the file's heaps are of eight bytes and count from its first byte:
// what all but rare files have.
static bool plain_addresses(hid_t file) {
  const Handle creation(H5Fget_create_plist(file), H5Pclose);
  hsize_t user_block = 1;
  std::size_t address = 0, length = 0;
  return H5Pget_userblock(creation, &user_block) >= 0 && user_block == 0 &&
         H5Pget_sizes(creation, &address, &length) >= 0 && address == 8 && length == 8;
}

void Reader::check_texts(std::int64_t data, std::int64_t type, std::int64_t space,
                         const std::string& name) const {
  if (unsealed_.empty() || H5Tis_variable_str(type) <= 0 || !plain_addresses(file_)) return;
  const haddr_t at = H5Dget_offset(data);
  if (at == HADDR_UNDEF) return;  // in chunks, in the object's head, or never written
  if (const std::string fault = text_fault(unsealed_, at, points(space)); !fault.empty())
    throw Damaged(path_.string() + ": " + name + ": is damaged (" + fault + ")");
}

}  // namespace tubal::hdf5
