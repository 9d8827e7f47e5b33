// A cache file whose header says what its bytes do not hold is damaged, though its checksum is right.
#include <catch2/catch.hpp>
#include <cstring>
#include <nlohmann/json.hpp>

#include "core/sha256.hpp"
#include "experiments/data/dataset_image.hpp"

using namespace tubal;

namespace {

constexpr std::size_t digest = 16, head = 80;

struct Image {
  nlohmann::json header;
  std::string body;  // what follows it

  static Image of(const DataConfig& data) {
    const std::string bytes = make_image(data, "content");
    std::uint64_t size = 0;
    std::memcpy(&size, bytes.data() + 8, 8);
    return {nlohmann::json::parse(bytes.substr(head, size)), bytes.substr(head + size)};
  }

  bool opens() const {
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');
    const std::uint64_t size = text.size();
    text += body;
    std::string bytes =
        "TUBALTK2" + std::string(reinterpret_cast<const char*>(&size), 8) + sha256(text) + text;
    REQUIRE(bytes.substr(digest, 64) == sha256(std::string_view(bytes).substr(head)));
    const auto kept = std::make_shared<const std::string>(std::move(bytes));
    Dataset data;
    return open_image(*kept, kept, data);
  }
};

}  // namespace

TEST_CASE("a cache whose header and bytes disagree is damaged, whatever its checksum says") {
  DataConfig data;
  data.name = "synthetic";
  data.synthetic.train = 40;
  data.synthetic.test = 20;
  data.synthetic.words = 30;
  data.synthetic.length = 8;
  data.max_length = 8;
  const Image image = Image::of(data);
  REQUIRE(image.opens());

  std::vector<nlohmann::json::json_pointer> counts = {nlohmann::json::json_pointer("/vocabulary_bytes")};
  for (const char* list : {"rows", "tokens"})
    for (const char* part : {"0", "1", "2"}) counts.emplace_back(std::string("/") + list + "/" + part);
  for (const auto& at : counts) {
    const auto n = image.header.at(at).get<std::uint64_t>();
    const std::vector<nlohmann::json> others = {
        n + 1000, n * 2 + 8, std::uint64_t{1} << 40, std::uint64_t{1} << 61, ~std::uint64_t{0}, -1, 1.5,
        "x",      nullptr,   nlohmann::json::array()};
    for (const nlohmann::json& other : others) {
      Image changed = image;
      changed.header.at(at) = other;
      INFO(at.to_string() << " " << other);
      CHECK_FALSE(changed.opens());
    }
  }
  for (const auto& [key, value] : image.header.items()) {
    if (key == "tokens_sha256") continue;  // made anew
    Image without = image;
    without.header.erase(key);
    INFO("without " << key);
    CHECK_FALSE(without.opens());
  }
  Image fewer = image;  // tokens and labels that there are not
  fewer.header["vocabulary"] = 2;
  CHECK_FALSE(fewer.opens());
  fewer = image;
  fewer.header["classes"] = {"one"};
  CHECK_FALSE(fewer.opens());
  for (std::size_t kept = 0; kept < image.body.size(); kept += 97) {
    Image cut = image;
    cut.body.resize(kept);
    INFO(kept << " bytes");
    CHECK_FALSE(cut.opens());
  }
}
