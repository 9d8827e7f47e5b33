// A damaged file of ours is told by its seal, whatever the damage; other programs'
// files and changes are read.
#include <hdf5.h>

#include <catch2/catch.hpp>
#include <cstring>

#include "core/error.hpp"
#include "core/files.hpp"
#include "core/hdf5.hpp"
#include "core/hdf5_heaps.hpp"
#include "core/hdf5_seal.hpp"
#include "core/sha256.hpp"
#include "tests/temporary.hpp"

using namespace tubal;
using Catch::Matchers::Contains;

namespace {

const std::vector<double> numbers = {0.5, -2, 1e300};
const std::vector<std::string> texts = {"", "a", "two words", std::string(500, 'x')};

std::string sample(const TemporaryFolder& folder) {
  hdf5::Writer file(folder / "sample.h5");
  file.write<double>("/group/numbers", numbers, {3});
  file.write("/group/texts", texts, {4});
  file.attribute("/", "note", std::string("a note"));
  const std::string digest = file.publish();
  CHECK(digest == sha256_file(folder / "sample.h5"));
  return read_file(folder / "sample.h5");
}

bool same(const hdf5::Reader& file) {
  return file.read<double>("/group/numbers") == numbers && file.read_strings("/group/texts") == texts &&
         file.attribute("/", "note") == "a note";
}

// Told, or as it was: nothing else is allowed.
bool told(const TemporaryFolder& folder, const std::string& bytes) {
  write_file(folder / "damaged.h5", bytes, Durability::unsynced);
  try {
    const hdf5::Reader file(folder / "damaged.h5");
    CHECK(same(file));
    return false;
  } catch (const Error&) {
    return true;
  }
}

}  // namespace

TEST_CASE("a published file is sealed, and so are the bytes that stand for one") {
  const TemporaryFolder folder;
  const std::string bytes = sample(folder);
  CHECK(hdf5::check_seal(bytes) == hdf5::Seal::right);
  CHECK(bytes == std::string(hdf5::without_seal(bytes)) + hdf5::seal_of(hdf5::without_seal(bytes)));
  CHECK(same(hdf5::Reader(folder / "sample.h5")));
  hdf5::Writer image(folder / "image.h5");
  image.write<double>("/x", numbers, {3});
  CHECK(hdf5::check_seal(image.image()) == hdf5::Seal::right);
}

TEST_CASE("every changed byte of a sealed file is told, in the seal too") {
  const TemporaryFolder folder;
  const std::string right = sample(folder);
  for (std::size_t at = 0; at < right.size(); ++at)
    for (const int bit : {0, 3, 7}) {
      std::string bytes = right;
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << bit));
      INFO("byte " << at << ", bit " << bit);
      REQUIRE(hdf5::check_seal(bytes) == hdf5::Seal::broken);
    }
}

TEST_CASE("a sealed file that was cut, overwritten or grown is told or is as it was") {
  const TemporaryFolder folder;
  const std::string right = sample(folder);
  const std::size_t contents = hdf5::without_seal(right).size();
  for (std::size_t size = 0; size < right.size(); size += size + 200 < contents ? 97 : 1) {
    INFO("cut at " << size << " of " << right.size());
    REQUIRE(told(folder, right.substr(0, size)) == (size != contents));
  }
  for (const std::size_t block : {16, 512, 4096})
    for (std::size_t at = 0; at < right.size(); at += block) {
      std::string zeros = right, moved = right;
      for (std::size_t i = at; i < std::min(at + block, right.size()); ++i) zeros[i] = '\0';
      moved.insert(at, right.substr(at, block));
      INFO("block " << at << " of " << block);
      if (zeros != right) REQUIRE(told(folder, zeros));
      REQUIRE(told(folder, moved));
    }
  CHECK(told(folder, right + "more"));
  CHECK(told(folder, right + right));
}

// Bytes that moved as well as bytes that changed: neither its length nor its
// beginning shows what stood there.
TEST_CASE("a seal that is half destroyed is told while a piece of it is left") {
  const TemporaryFolder folder;
  const std::string right = sample(folder);
  const std::size_t contents = hdf5::without_seal(right).size(), size = right.size() - contents;
  for (std::size_t from = 0; from < size; ++from)
    for (const std::size_t length : {1, 5, 20, 40, 60}) {
      std::string bytes = right;
      for (std::size_t i = from; i < std::min(from + length, size); ++i) bytes[contents + i] = '~';
      bytes.insert(contents, 27, '\0');
      INFO(length << " bytes from " << from);
      REQUIRE(hdf5::check_seal(bytes) == hdf5::Seal::broken);
      bytes.erase(contents + 27 + from, length);
      REQUIRE(hdf5::check_seal(bytes) == hdf5::Seal::broken);
    }
}

TEST_CASE("what another program wrote or changed has no seal and is read") {
  const TemporaryFolder folder;
  const std::string right = sample(folder);
  const auto changed = folder / "sample.h5";
  const hid_t file = H5Fopen(changed.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  REQUIRE(file >= 0);
  const hid_t made = H5Gcreate2(file, "/more", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  H5Gclose(made);
  H5Fclose(file);
  CHECK(hdf5::check_seal(read_file(changed)) == hdf5::Seal::none);
  CHECK(same(hdf5::Reader(changed)));
  CHECK(hdf5::Reader(changed).is_group("/more"));
  // As earlier versions wrote it, and with bytes behind it that are nobody's seal.
  const std::string plain(hdf5::without_seal(right));
  CHECK_FALSE(told(folder, plain));
  CHECK_FALSE(told(folder, plain + "0123456789"));
  CHECK(hdf5::check_seal("") == hdf5::Seal::none);
  CHECK(hdf5::check_seal("no HDF5 at all") == hdf5::Seal::none);
}

// A text's length was believed: gigabytes were copied, or a heap's object over the end of a smaller one.
TEST_CASE("without a seal, a text that is longer than what its heap holds is told") {
  const TemporaryFolder folder;
  const std::string plain(hdf5::without_seal(sample(folder)));
  // The third text's reference: its length [4], heap [8], index [4], the only one in
  // the file of nine letters.
  std::size_t found = 0;
  for (std::size_t at = 0; at + 16 <= plain.size(); ++at) {
    std::uint32_t length = 0, index = 0;
    std::uint64_t heap = 0;
    std::memcpy(&length, plain.data() + at, 4);
    std::memcpy(&heap, plain.data() + at + 4, 8);
    std::memcpy(&index, plain.data() + at + 12, 4);
    if (length != 9 || heap == 0 || heap + 4 > plain.size() || plain.compare(heap, 4, "GCOL") != 0) continue;
    ++found;
    CHECK(hdf5::text_fault(plain, at, 1).empty());
    for (const std::size_t byte : {0, 1, 3, 4, 6, 11, 12, 13, 15}) {
      std::string bytes = plain;
      bytes[at + byte] = static_cast<char>(bytes[at + byte] ^ 0x40);
      INFO("byte " << byte << " of the reference");
      write_file(folder / "damaged.h5", bytes, Durability::unsynced);
      CHECK_THROWS_WITH(hdf5::Reader(folder / "damaged.h5").read_strings("/group/texts"),
                        Contains("/group/texts: is damaged (text 2 is not where"));
    }
  }
  CHECK(found == 1);
  CHECK_FALSE(hdf5::text_fault(plain, plain.size() - 8, 1).empty());
  CHECK_FALSE(hdf5::text_fault(plain, 0, ~std::uint64_t{0}).empty());
}
