#include "layers/complex_weights.hpp"

#include <algorithm>

namespace tubal {

namespace {

// Place of complex coordinate o, part 0 (re) or 1 (im), in a block of n complex coordinates.
std::size_t place(std::size_t o, std::size_t part, std::size_t n, std::size_t head) {
  return head ? o / head * 2 * head + part * head + o % head : part * n + o;
}

}  // namespace

template <class T>
void to_effective(const Structure& s, const T* P, T* E) {
  for (const CopyEntry& c : s.copy_entries)
    std::copy(P + c.parameter, P + c.parameter + c.count, E + c.effective);
  for (const ComplexEntry& c : s.complex_entries) {
    const T *re = P + c.parameter, *im = re + c.out * std::max<std::size_t>(1, c.in);
    T* e = E + c.effective;
    for (std::size_t o = 0; o < c.out; ++o) {
      const std::size_t o_re = place(o, 0, c.out, c.out_head), o_im = place(o, 1, c.out, c.out_head);
      if (!c.in) {
        e[o_re] = re[o], e[o_im] = im[o];
        continue;
      }
      for (std::size_t i = 0; i < c.in; ++i) {
        const std::size_t i_re = place(i, 0, c.in, c.in_head), i_im = place(i, 1, c.in, c.in_head),
                          row = 2 * c.in;
        e[o_re * row + i_re] = e[o_im * row + i_im] = re[o * c.in + i];
        e[o_im * row + i_re] = im[o * c.in + i];
        e[o_re * row + i_im] = -im[o * c.in + i];
      }
    }
  }
}

template <class T>
void from_effective(const Structure& s, const T* E, T* P) {
  for (const CopyEntry& c : s.copy_entries)
    std::copy(E + c.effective, E + c.effective + c.count, P + c.parameter);
  for (const ComplexEntry& c : s.complex_entries) {
    T *re = P + c.parameter, *im = re + c.out * std::max<std::size_t>(1, c.in);
    const T* e = E + c.effective;
    for (std::size_t o = 0; o < c.out; ++o) {
      const std::size_t o_re = place(o, 0, c.out, c.out_head), o_im = place(o, 1, c.out, c.out_head);
      if (!c.in) {
        re[o] = e[o_re], im[o] = e[o_im];
        continue;
      }
      for (std::size_t i = 0; i < c.in; ++i) {
        const std::size_t i_re = place(i, 0, c.in, c.in_head), i_im = place(i, 1, c.in, c.in_head),
                          row = 2 * c.in;
        re[o * c.in + i] = e[o_re * row + i_re] + e[o_im * row + i_im];
        im[o * c.in + i] = e[o_im * row + i_re] - e[o_re * row + i_im];
      }
    }
  }
}

template void to_effective(const Structure&, const float*, float*);
template void to_effective(const Structure&, const double*, double*);
template void from_effective(const Structure&, const float*, float*);
template void from_effective(const Structure&, const double*, double*);

}  // namespace tubal
