#include "layers/stack/norm.hpp"

namespace tubal {

std::size_t norm_parameter(ParameterList& list, const std::string& name, const NormSegments& s,
                           double start) {
  const std::size_t place = list.plain(name, s.shape, {Initial::constant, start}, false);
  if (!s.complex_shape.empty())
    list.plain(name + "_complex", s.complex_shape, {Initial::constant, start}, false);
  return place;
}

}  // namespace tubal
