#include "layers/stack/slices.hpp"

namespace tubal {

Slices slices_of(const TransformPlan& plan, std::size_t slice_width) {
  Slices s;
  s.p = static_cast<std::size_t>(plan.p());
  s.m = slice_width;
  s.frequency.resize(plan.slices().size());
  std::size_t row = 0;
  for (const Slice& slice : plan.slices()) {
    const std::size_t rows = slice.complex ? 2 : 1;
    s.all.push_back({row, rows, slice.bin});
    s.frequency.at(static_cast<std::size_t>(slice.bin)) = slice.frequency;
    s.real += !slice.complex;
    row += rows;
  }
  return s;
}

std::vector<double> by_row(const Slices& slices, const std::vector<double>& by_bin) {
  std::vector<double> a;
  for (const SpectralSlice& k : slices.all)
    a.insert(a.end(), k.rows, by_bin[static_cast<std::size_t>(k.bin)]);
  return a;
}

}  // namespace tubal
