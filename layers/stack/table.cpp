#include "layers/stack/table.hpp"

#include "core/error.hpp"
#include "layers/stack/attention.hpp"
#include "layers/stack/feed_forward.hpp"
#include "layers/stack/mixer.hpp"

namespace tubal {

const std::vector<SublayerEntry>& sublayer_table() {
  static const std::vector<SublayerEntry> table = {
      {"attention",
       {"model.heads", "model.heads_per_slice", "model.attention_bias", "model.rank"},
       make_attention},
      {"feed_forward",
       {"model.feed_forward", "model.activation", "model.activation_domain", "model.rank"},
       make_feed_forward},
      {"mixer", {}, make_mixer},
  };
  return table;
}

namespace {

template <class Name, class Make>
struct Line {
  Name name;
  Make make;
};

template <class Lines, class Name>
auto find(const Lines& lines, Name name) {
  for (const auto& line : lines)
    if (line.name == name) return line.make;
  throw Error("no such part of the stack");
}

}  // namespace

std::unique_ptr<Sublayer> make_sublayer(const std::string& kind, const Site& site) {
  return find(sublayer_table(), kind)(site);
}

std::unique_ptr<Norm> make_norm(NormKind kind, ParameterList& list, const std::string& name,
                                const NormSegments& segments) {
  static constexpr Line<NormKind, decltype(&make_layer_norm)> table[] = {
      {NormKind::layer_norm, make_layer_norm},
      {NormKind::rms_norm, make_rms_norm},
  };
  return find(table, kind)(list, name, segments);
}

std::unique_ptr<Position> make_position(PositionKind kind, const PositionSite& site) {
  static constexpr Line<PositionKind, decltype(&make_sinusoidal)> table[] = {
      {PositionKind::sinusoidal, make_sinusoidal},
      {PositionKind::learned, make_learned_position},
      {PositionKind::rotary, make_rotary},
      {PositionKind::none, make_no_position},
  };
  return find(table, kind)(site);
}

std::unique_ptr<Head> make_head(Task task, const HeadSite& site) {
  static constexpr Line<Task, decltype(&make_classifier)> table[] = {
      {Task::classification, make_classifier},
      {Task::language_model, make_language_head},
  };
  return find(table, task)(site);
}

}  // namespace tubal
