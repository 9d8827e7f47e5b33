// Parameters and the places and slices that they belong to; and how a place is told.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "layers/model/nonfinite.hpp"

namespace tubal {

std::size_t place_of(const Structure& s, std::size_t entry) {
  const auto behind = std::upper_bound(s.places.begin(), s.places.end(), entry,
                                       [](std::size_t e, const Place& place) { return e < place.entry; });
  return static_cast<std::size_t>(behind - s.places.begin()) - 1;
}

std::size_t place_of(const Structure& s, const char* name) {
  const auto at =
      std::find_if(s.places.begin(), s.places.end(), [&](const Place& place) { return place.name == name; });
  return static_cast<std::size_t>(at - s.places.begin());
}

// Linear maps have one matrix a slice; a norm's gain and bias one row a segment; a mixer one
// row a slice that it writes.
ParameterSlice slice_of(const Structure& s, const ParameterEntry& e, std::size_t place, std::size_t o) {
  if (s.p == 1) return {};
  if (!e.bins.empty()) return {e.bins[o], false};
  const bool a_step = place < 2 * s.steps.size();
  const bool norm = a_step ? place % 2 == 0 : s.final_norm && place == 2 * s.steps.size();
  const bool mixes = a_step && !norm && s.steps[place / 2].sublayer->on_stream();
  if (norm && s.segments.count() == 1) return {};
  if (!(norm || (mixes && e.shape[0] == s.p))) return {};
  if (!s.spectral_stream) return {static_cast<int>(o), true};
  const Slices& slices = s.first().slices;
  if (norm) return {slices.all[e.shape.size() == 3 ? slices.real + o : o].bin, false};
  for (const SpectralSlice& k : slices.all)
    if (o < k.row + k.rows) return {k.bin, false};
  return {};
}

template <class T>
void add_largest(const Structure& s, std::size_t place, const T* values, NonFinite& found) {
  const std::size_t end =
      place + 1 < s.places.size() ? s.places[place + 1].entry : s.parameters.entries.size();
  for (std::size_t i = s.places[place].entry; i < end; ++i) {
    const ParameterEntry& e = s.parameters.entries[i];
    const std::size_t inner = e.size() / e.shape[0];
    for (std::size_t o = 0; o < e.shape[0]; ++o) {
      const ParameterSlice slice = slice_of(s, e, place, o);
      if (slice.number >= 0 && slice.original == found.original && !found.slices.empty() &&
          std::find(found.slices.begin(), found.slices.end(), slice.number) == found.slices.end())
        continue;
      for (std::size_t n = 0; n < inner; ++n) {
        const double size = std::abs(static_cast<double>(values[e.offset + o * e.outer_stride + n]));
        if (size > found.size) {
          found.size = size;
          found.largest = e.name;
        }
      }
    }
  }
}

template <class T>
NonFinite largest_gradient(const Structure& s, const std::vector<NamedTensor<T>>& parameters) {
  NonFinite found;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const NamedTensor<T>& t = parameters[i];
    const std::size_t inner = t.size() / t.shape[0], place = place_of(s, i);
    for (std::size_t n = 0; n < t.size(); ++n) {
      const double size = std::abs(static_cast<double>(t.gradient[n / inner * t.outer_stride + n % inner]));
      if (size <= found.size) continue;
      const ParameterSlice slice = slice_of(s, s.parameters.entries[i], place, n / inner);
      found.slices.clear();
      found.original = slice.original;
      if (slice.number >= 0) found.slices.push_back(slice.number);
      found.when = NonFinite::norm;
      found.size = size;
      found.place = s.places[place].name;
      found.parameter = found.largest = t.name;
    }
  }
  return found;
}

static std::string short_number(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", x);
  return text;
}

// "slice 2", "slices 0, 2", "original slices 0, 1"; the first few of many.
static std::string told_slices(const NonFinite& f) {
  constexpr std::size_t most = 8;
  std::string text =
      std::string(f.original ? "original " : "") + (f.slices.size() == 1 ? "slice " : "slices ");
  for (std::size_t i = 0; i < std::min(most, f.slices.size()); ++i)
    text += (i ? ", " : "") + std::to_string(f.slices[i]);
  if (f.slices.size() > most) text += " and " + std::to_string(f.slices.size() - most) + " more";
  return text;
}

std::string NonFinite::told() const {
  if (when == nowhere) return "";
  const std::string at = place + (slices.empty() ? "" : ", " + told_slices(*this));
  if (when == parameters) return "the parameter " + parameter + " (" + at + ")";
  if (when == gradient) return "the gradient of " + parameter + " (" + at + "), summed over the batch";
  if (when == norm)
    return "the gradient's sum of squares: the largest of its numbers is " + short_number(size) + ", of " +
           parameter + " (" + at + ")";
  std::string more;
  const auto add = [&](const std::string& part) { more += (more.empty() ? " (" : "; ") + part; };
  if (!cause.empty()) add(cause);
  if (!parameter.empty()) add("the gradient of " + parameter);
  if (text >= 0)
    add("text " + std::to_string(text) + " of the batch" +
        (token >= 0 ? ", token " + std::to_string(token) : ""));
  if (input >= 0) add("numbers up to " + short_number(input) + " went in");
  if (size >= 0) add("parameters up to " + short_number(size) + ", " + largest);
  return at + ", on the way " + (when == forward ? "forward" : "back") + more + (more.empty() ? "" : ")");
}

#define TUBAL_INSTANTIATE(T)                                                      \
  template void add_largest(const Structure&, std::size_t, const T*, NonFinite&); \
  template NonFinite largest_gradient(const Structure&, const std::vector<NamedTensor<T>>&);
TUBAL_INSTANTIATE(float)
TUBAL_INSTANTIATE(double)
#undef TUBAL_INSTANTIATE

}  // namespace tubal
