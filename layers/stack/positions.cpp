// Learned positions: a table of parameters, N(0, 0.02^2) at the start. Rotary ones turn queries and keys
// (rotary.hpp). None: the stream knows of no order but a causal mask's.
#include "layers/stack/position.hpp"

namespace tubal {

namespace {

class Learned final : public Position {
 public:
  explicit Learned(const PositionSite& site)
      : count_(static_cast<std::size_t>(site.config.max_length) * site.slices.p * site.slices.m),
        begin_(site.parameters.outside(
            "position_embedding",
            {static_cast<std::size_t>(site.config.max_length), count_ / site.config.max_length},
            {Initial::normal, 0.02}, true)) {}
  bool adds() const override { return true; }
  std::size_t parameters_begin() const override { return begin_; }
  std::size_t parameter_count() const override { return count_; }
  std::vector<double> table(const PositionSight& s) const override { return {s.own.begin(), s.own.end()}; }
  void gradient(const PositionSight&, std::span<const double> dtable, PositionGradient& g) const override {
    for (std::size_t i = 0; i < count_; ++i) g.own[i] += dtable[i];
  }

 private:
  std::size_t count_, begin_;
};

class Rotary final : public Position {
 public:
  bool rotates() const override { return true; }
};

class NoPosition final : public Position {};

}  // namespace

std::unique_ptr<Position> make_learned_position(const PositionSite& site) {
  return std::make_unique<Learned>(site);
}
std::unique_ptr<Position> make_rotary(const PositionSite&) { return std::make_unique<Rotary>(); }
std::unique_ptr<Position> make_no_position(const PositionSite&) { return std::make_unique<NoPosition>(); }

}  // namespace tubal
