// What a model's configuration chooses by name, and the one table of those names: the schema, messages and
// files spell a value as its enumerator is spelt here. Transforms and sub-layers are open sets, registered in
// tables of their own (transforms/table.cpp, layers/stack/table.cpp).
#pragma once
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace tubal {

#define TUBAL_CHOICE(Type, ...)    \
  enum class Type { __VA_ARGS__ }; \
  inline const char* spelling(Type) { return #__VA_ARGS__; }

TUBAL_CHOICE(ModelKind, transformer, bag_of_words)
TUBAL_CHOICE(Task, classification, language_model)
TUBAL_CHOICE(Domain, original, spectral)
TUBAL_CHOICE(Activation, gelu, relu, silu, geglu, reglu, swiglu)
TUBAL_CHOICE(NormPlace, post, pre)
TUBAL_CHOICE(NormKind, layer_norm, rms_norm)
TUBAL_CHOICE(NormSpan, slice, width)
TUBAL_CHOICE(PositionKind, sinusoidal, learned, rotary, none)
TUBAL_CHOICE(Pooling, mean, cls)
TUBAL_CHOICE(ScalingKind, none, linear, exponential, harmonic, learned, power, decay, values)
TUBAL_CHOICE(ScalingPlace, position, input, residual, output, learning_rate)
#undef TUBAL_CHOICE

template <class E>
concept Choice = requires(E e) {
  spelling(e);
};

/// "mean, cls" to its names.
std::vector<std::string> split_names(const char* spelling);

/// In the order of the enumerators.
template <Choice E>
const std::vector<std::string>& names() {
  static const std::vector<std::string> all = split_names(spelling(E{}));
  return all;
}
template <Choice E>
const std::string& name(E value) {
  return names<E>()[static_cast<std::size_t>(value)];
}
template <Choice E>
std::optional<E> choice(const std::string& text) {
  for (std::size_t i = 0; i < names<E>().size(); ++i)
    if (names<E>()[i] == text) return static_cast<E>(i);
  return {};
}
template <Choice E>
std::ostream& operator<<(std::ostream& out, E value) {
  return out << name(value);
}

}  // namespace tubal
