#include "layers/stack/parameters.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace tubal {

namespace {

std::size_t product_of(const std::vector<std::size_t>& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
}

}  // namespace

std::size_t ParameterEntry::size() const { return product_of(shape); }

std::size_t ParameterList::begin_part() { return part_ = effective_; }

void ParameterList::enter(const std::string& name, std::vector<std::size_t> shape, std::size_t offset,
                          std::size_t stride, const Initial& initial, bool decays) {
  entries.push_back({name, std::move(shape), offset, stride, initial, decays, encoder});
}

std::size_t ParameterList::plain(const std::string& name, std::vector<std::size_t> shape, Initial initial,
                                 bool decays) {
  const std::size_t count = product_of(shape), place = effective_ - part_;
  enter(name, shape, parameters_, count / shape[0], initial, decays);
  copies_.push_back({parameters_, effective_, count});
  parameters_ += count;
  effective_ += count;
  mirrored_ = parameters_;
  return place;
}

std::size_t ParameterList::outside(const std::string& name, std::vector<std::size_t> shape, Initial initial,
                                   bool decays) {
  const std::size_t offset = parameters_, count = product_of(shape);
  enter(name, shape, offset, count / shape[0], initial, decays);
  parameters_ += count;
  return offset;
}

std::vector<std::size_t> ParameterList::on_slices(const Slices& slices, std::size_t transform,
                                                  const SliceMatrices& q) {
  const std::size_t parts = q.names.size(), one = q.out * std::max<std::size_t>(1, q.in), nr = slices.real,
                    nc = slices.count() - nr;
  std::vector<int> bins;
  for (const SpectralSlice& k : slices.all) bins.push_back(k.bin);
  const auto named = [&](bool complex, std::size_t per_part) {
    Initial initial = q.initial;
    if (complex && q.in) initial.size /= std::sqrt(2.0);  // re and im share the variance
    for (std::size_t part = 0; part < parts; ++part) {
      std::vector<std::size_t> shape = {complex ? nc : nr};
      if (complex) shape.push_back(2);
      shape.push_back(q.out);
      if (q.in) shape.push_back(q.in);
      enter(q.names[part] + (complex ? "_complex" : ""), shape, parameters_ + part * per_part,
            parts * per_part, initial, q.decays);
      entries.back().bins.assign(bins.begin() + (complex ? nr : 0), complex ? bins.end() : bins.begin() + nr);
      entries.back().transform = transform;
    }
  };
  std::vector<std::size_t> places;
  named(false, one);
  for (std::size_t k = 0; k < nr; ++k) places.push_back(effective_ - part_ + k * parts * one);
  copies_.push_back({parameters_, effective_, nr * parts * one});
  parameters_ += nr * parts * one;
  effective_ += nr * parts * one;
  mirrored_ = parameters_;
  if (!nc) return places;

  named(true, 2 * one);
  const std::size_t head = q.out_head ? q.out_head : q.out,
                    in_head = q.in_head ? q.in_head : std::max<std::size_t>(1, q.in);
  for (std::size_t c = 0; c < nc; ++c) {
    places.push_back(effective_ - part_);
    for (std::size_t part = 0; part < parts; ++part) {
      const ComplexOrder rows = q.stacking == Stacking::by_row
                                    ? ComplexOrder{part * q.out, q.out, parts * q.out}
                                    : ComplexOrder{part * 2 * q.out, head, head};
      complex_.push_back({parameters_, effective_, q.out, q.in, rows, {0, in_head, in_head}});
      parameters_ += 2 * one;
    }
    effective_ += parts * (q.in ? 4 : 2) * one;
  }
  mirrored_ = parameters_;
  return places;
}

template <class T>
void ParameterList::to_effective(const T* P, T* E) const {
  for (const Copy& c : copies_) std::copy(P + c.parameter, P + c.parameter + c.count, E + c.effective);
  for (const ComplexMatrix& c : complex_) {
    const T *re = P + c.parameter, *im = re + c.out * std::max<std::size_t>(1, c.in);
    T* e = E + c.effective;
    for (std::size_t o = 0; o < c.out; ++o) {
      const std::size_t o_re = c.rows.place(o, 0), o_im = c.rows.place(o, 1), row = 2 * c.in;
      if (!c.in) {
        e[o_re] = re[o];
        e[o_im] = im[o];
      }
      for (std::size_t i = 0; i < c.in; ++i) {
        const std::size_t i_re = c.columns.place(i, 0), i_im = c.columns.place(i, 1);
        e[o_re * row + i_re] = e[o_im * row + i_im] = re[o * c.in + i];
        e[o_im * row + i_re] = im[o * c.in + i];
        e[o_re * row + i_im] = -im[o * c.in + i];
      }
    }
  }
}

template <class T>
void ParameterList::from_effective(const T* E, T* P) const {
  for (const Copy& c : copies_) std::copy(E + c.effective, E + c.effective + c.count, P + c.parameter);
  for (const ComplexMatrix& c : complex_) {
    T *re = P + c.parameter, *im = re + c.out * std::max<std::size_t>(1, c.in);
    const T* e = E + c.effective;
    for (std::size_t o = 0; o < c.out; ++o) {
      const std::size_t o_re = c.rows.place(o, 0), o_im = c.rows.place(o, 1), row = 2 * c.in;
      if (!c.in) {
        re[o] = e[o_re];
        im[o] = e[o_im];
      }
      for (std::size_t i = 0; i < c.in; ++i) {
        const std::size_t i_re = c.columns.place(i, 0), i_im = c.columns.place(i, 1);
        re[o * c.in + i] = e[o_re * row + i_re] + e[o_im * row + i_im];
        im[o * c.in + i] = e[o_im * row + i_re] - e[o_re * row + i_im];
      }
    }
  }
}

template void ParameterList::to_effective(const float*, float*) const;
template void ParameterList::to_effective(const double*, double*) const;
template void ParameterList::from_effective(const float*, float*) const;
template void ParameterList::from_effective(const double*, double*) const;

}  // namespace tubal
