#include "layers/stack/linear.hpp"

#include <cmath>

#include "core/kernels.hpp"

namespace tubal {

double flops(const MatrixProduct& p, double n) {
  const double out = static_cast<double>(p.out), in = static_cast<double>(p.in);
  if (p.kind == MatrixProduct::linear) return 2 * out * in;
  if (p.kind == MatrixProduct::tube) return 2 * out * out * in;
  return 4 * in * (p.causal ? (n + 1) / 2 : n);  // scores, and the values that they weigh
}

namespace {

std::vector<std::string> with_suffix(std::vector<std::string> names, const char* suffix) {
  for (std::string& name : names) name += suffix;
  return names;
}

// What slice k has of rows [p, n]. Slices lie side by side in a row, so products read and write strided
// matrices, and nothing is permuted.
template <class T>
MatrixView<T> of_slice(T* rows, std::size_t tokens, std::size_t p, std::size_t n, const SpectralSlice& k) {
  return columns_of(contiguous(rows, tokens, p * n), k.row * n, k.rows * n);
}

}  // namespace

Linear::Linear(ParameterList& list, const Slices& slices, std::size_t transform, LinearShape shape,
               std::size_t rank)
    : slices_(slices), shape_(std::move(shape)), rank_(rank) {
  const LinearShape& s = shape_;
  const std::size_t parts = s.parts.size();
  for (const SpectralSlice& k : slices.all) {
    std::vector<Run>& runs = runs_.emplace_back();
    if (s.stacking == Stacking::by_part)
      for (std::size_t part = 0; part < parts; ++part)
        runs.push_back({part * k.rows * s.out, k.rows * s.out, part, false});
    else
      for (std::size_t i = 0; i < k.rows * parts; ++i)
        runs.push_back({i * s.out, s.out, i % parts, i >= parts});
  }
  const double bound = std::sqrt(6.0 / static_cast<double>(s.in + (s.fan_out ? s.fan_out : s.out)));
  const SliceMatrices full{.names = with_suffix(s.parts, ".weight"),
                           .out = s.out,
                           .in = s.in,
                           .stacking = s.stacking,
                           .out_head = s.out_head,
                           .in_head = s.in_head,
                           .initial = {Initial::uniform, bound},
                           .decays = true};
  if (rank_) {
    // Variances: var(left right) = q var(left) var(right) = bound^2 / 3, both alike.
    const double each = std::sqrt(3.0 * std::sqrt(bound * bound / 3.0 / static_cast<double>(rank_)));
    SliceMatrices left = full, right = full;
    left.names = with_suffix(s.parts, ".left");
    left.in = rank_;
    left.in_head = 0;
    right.names = with_suffix(s.parts, ".right");
    right.out = rank_;
    right.out_head = 0;
    right.stacking = Stacking::by_part;
    left.initial.size = right.initial.size = each;
    weight_ = list.on_slices(slices, transform, left);
    right_ = list.on_slices(slices, transform, right);
  } else {
    weight_ = list.on_slices(slices, transform, full);
  }
  if (!s.bias) return;
  bias_ = list.on_slices(
      slices, transform,
      {.names = with_suffix(s.parts, ".bias"), .out = s.out, .stacking = s.stacking, .out_head = s.out_head});
}

std::vector<MatrixProduct> Linear::products() const {
  const std::size_t parts = shape_.parts.size(), in = slices_.p * shape_.in;
  std::vector<MatrixProduct> all;
  for (std::size_t i = 0; i < slices_.count(); ++i) {
    const SpectralSlice& k = slices_.all[i];
    const std::size_t ins = k.rows * shape_.in, outs = k.rows * parts * shape_.out, inner = k.rows * rank_;
    if (!rank_) {
      all.push_back({MatrixProduct::linear, outs, ins, width(), in});
      continue;
    }
    all.push_back({MatrixProduct::linear, parts * inner, ins, this->inner(), in});
    for (const Run& run : runs_[i])
      all.push_back({MatrixProduct::linear, run.count, inner, width(), this->inner()});
  }
  return all;
}

// y_k = right_k u_k first where there is a rank, then each run of outputs from its part of that.
// Sums start from the bias.
template <class T>
void Linear::forward(Weights<T> w, std::size_t tokens, const T* u, T* y, T* inner) const {
  const std::size_t p = slices_.p, parts = shape_.parts.size();
  for (std::size_t i = 0; i < slices_.count(); ++i) {
    const SpectralSlice& k = slices_.all[i];
    const MatrixView<const T> uk = of_slice(u, tokens, p, shape_.in, k);
    const MatrixView<T> yk = of_slice(y, tokens, p, parts * shape_.out, k);
    const T* bias = shape_.bias ? w.values + bias_[i] : nullptr;
    if (!rank_) {
      output_product(uk, w.from(weight_[i]), bias, yk);
      continue;
    }
    const MatrixView<T> vk = of_slice(inner, tokens, p, parts * rank_, k);
    const std::size_t width = k.rows * rank_;
    output_product<T>(uk, w.from(right_[i]), nullptr, vk);
    for (const Run& run : runs_[i])
      output_product<T>(columns_of(vk, run.part * width, width), w.from(weight_[i] + run.begin * width),
                        bias ? bias + run.begin : nullptr, columns_of(yk, run.begin, run.count));
  }
}

// v = right u, y = left v:  dv = left^T dy, du = right^T dv.
template <class T>
void Linear::input_gradient(Weights<T> w, std::size_t tokens, const T* dy, T* du, T* d_inner) const {
  const std::size_t p = slices_.p, parts = shape_.parts.size();
  for (std::size_t i = 0; i < slices_.count(); ++i) {
    const SpectralSlice& k = slices_.all[i];
    const MatrixView<const T> dyk = of_slice(dy, tokens, p, parts * shape_.out, k);
    const MatrixView<T> duk = of_slice(du, tokens, p, shape_.in, k);
    if (!rank_) {
      input_product(dyk, w.from(weight_[i]), duk);
      continue;
    }
    const MatrixView<T> dvk = of_slice(d_inner, tokens, p, parts * rank_, k);
    const std::size_t width = k.rows * rank_;
    for (const Run& run : runs_[i])
      input_product(columns_of(dyk, run.begin, run.count), w.from(weight_[i] + run.begin * width),
                    columns_of(dvk, run.part * width, width), run.again);
    input_product<T>(dvk, w.from(right_[i]), duk);
  }
}

// d left += dy^T v, d right += dv^T u.
template <class T>
void Linear::weight_gradient(Weights<T> w, std::size_t tokens, const T* dy, const T* u, const T* inner,
                             const T* d_inner, T* gradient) const {
  const std::size_t p = slices_.p, parts = shape_.parts.size();
  const bool rounded = w.rounded != nullptr;
  for (std::size_t i = 0; i < slices_.count(); ++i) {
    const SpectralSlice& k = slices_.all[i];
    const MatrixView<const T> dyk = of_slice(dy, tokens, p, parts * shape_.out, k),
                              uk = of_slice(u, tokens, p, shape_.in, k);
    if (!rank_) {
      weight_product(dyk, uk, gradient + weight_[i], rounded);
      continue;
    }
    const MatrixView<const T> vk = of_slice(inner, tokens, p, parts * rank_, k),
                              dvk = of_slice(d_inner, tokens, p, parts * rank_, k);
    const std::size_t width = k.rows * rank_;
    for (const Run& run : runs_[i])
      weight_product(columns_of(dyk, run.begin, run.count), columns_of(vk, run.part * width, width),
                     gradient + weight_[i] + run.begin * width, rounded);
    weight_product(dvk, uk, gradient + right_[i], rounded);
  }
}

template <class T>
void Linear::bias_gradient(std::size_t tokens, const T* dy, T* gradient) const {
  if (!shape_.bias) return;
  for (std::size_t i = 0; i < slices_.count(); ++i) {
    const MatrixView<const T> dyk =
        of_slice(dy, tokens, slices_.p, shape_.parts.size() * shape_.out, slices_.all[i]);
    kernels<T>().column_sum(dyk, gradient + bias_[i]);
  }
}

template <class T>
void Linear::bias_gradient(std::size_t part, std::size_t tokens, const T* dy, T* gradient) const {
  if (!shape_.bias) return;
  for (std::size_t i = 0; i < slices_.count(); ++i) {
    const MatrixView<const T> dyk =
        of_slice(dy, tokens, slices_.p, shape_.parts.size() * shape_.out, slices_.all[i]);
    for (const Run& run : runs_[i])
      if (run.part == part)
        kernels<T>().column_sum(columns_of(dyk, run.begin, run.count), gradient + bias_[i] + run.begin);
  }
}

template <class T>
void Linear::backward(Weights<T> w, std::size_t tokens, const T* dy, const T* u, const T* inner, T* du,
                      T* d_inner, T* gradient) const {
  bias_gradient(tokens, dy, gradient);
  input_gradient(w, tokens, dy, du, d_inner);
  weight_gradient(w, tokens, dy, u, inner, static_cast<const T*>(d_inner), gradient);
}

#define TUBAL_INSTANTIATE(T)                                                                                 \
  template void Linear::forward(Weights<T>, std::size_t, const T*, T*, T*) const;                            \
  template void Linear::input_gradient(Weights<T>, std::size_t, const T*, T*, T*) const;                     \
  template void Linear::weight_gradient(Weights<T>, std::size_t, const T*, const T*, const T*, const T*, T*) \
      const;                                                                                                 \
  template void Linear::bias_gradient(std::size_t, const T*, T*) const;                                      \
  template void Linear::bias_gradient(std::size_t, std::size_t, const T*, T*) const;                         \
  template void Linear::backward(Weights<T>, std::size_t, const T*, const T*, const T*, T*, T*, T*) const;
TUBAL_INSTANTIATE(float)
TUBAL_INSTANTIATE(double)
#undef TUBAL_INSTANTIATE

}  // namespace tubal
