// The three products of a linear map against sums in long double, over the sizes at which they go one way or
// another: one token, one piece of W or several, BLAS; operands inside wider rows.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "core/random.hpp"
#include "layers/stack/products.hpp"

using namespace tubal;

namespace {

struct Size {
  std::size_t tokens, out, in;
};
// Packs are 8 or 16 floats; W in float: 256 KB is one piece, up to 512 KB several, beyond it BLAS.
const std::vector<Size> sizes = {{1, 48, 32},     {1, 33, 7},     {5, 16, 16},    {70, 33, 31},
                                 {131, 64, 512},  {40, 512, 128}, {40, 528, 128}, {29, 1024, 128},
                                 {30, 128, 1024}, {17, 384, 320}, {20, 768, 192}};

template <class T>
std::vector<T> noise(std::size_t n, std::uint64_t stream) {
  const RandomStream random(7, Purpose::probe, stream);
  std::vector<T> x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<T>(random.uniform(i) * 2 - 1);
  return x;
}

// |x - sum| within an error of rounding for n terms of size 1; NaN is not.
template <class T>
bool close(T x, long double sum, std::size_t terms) {
  const long double room = 4 * std::numeric_limits<T>::epsilon() *
                           std::sqrt(static_cast<long double>(terms)) *
                           (1 + std::sqrt(static_cast<long double>(terms)));
  return std::abs(static_cast<long double>(x) - sum) <= room;
}

}  // namespace

TEMPLATE_TEST_CASE("linear maps: products and gradients of every size", "[products]", float, double) {
  using T = TestType;
  for (const auto& [tokens, out, in] : sizes) {
    INFO(tokens << " tokens, W " << out << " x " << in);
    const std::size_t wide = in + 5, tall = out + 3;
    const std::vector<T> u = noise<T>(tokens * wide, 1), W = noise<T>(out * in, 2), bias = noise<T>(out, 3),
                         dy = noise<T>(tokens * tall, 4);
    const MatrixView<const T> uv{u.data(), tokens, in, wide}, dyv{dy.data(), tokens, out, tall};
    const Weights<T> weights{W.data()};

    std::vector<T> y(tokens * tall, T(9)), plain = y;
    output_product<T>(uv, weights, bias.data(), {y.data(), tokens, out, tall});
    output_product<T>(uv, weights, nullptr, {plain.data(), tokens, out, tall});
    std::size_t wrong = 0, touched = 0;
    for (std::size_t t = 0; t < tokens; ++t) {
      for (std::size_t o = 0; o < out; ++o) {
        long double sum = 0;
        for (std::size_t i = 0; i < in; ++i) sum += static_cast<long double>(u[t * wide + i]) * W[o * in + i];
        wrong += !close(plain[t * tall + o], sum, in) || !close(y[t * tall + o], sum + bias[o], in);
      }
      for (std::size_t o = out; o < tall; ++o) touched += y[t * tall + o] != T(9);
    }
    CHECK(wrong == 0);
    CHECK(touched == 0);

    std::vector<T> du = noise<T>(tokens * wide, 5);
    const std::vector<T> before = du;
    std::vector<T> fresh(tokens * wide, T(9));
    input_product<T>(dyv, weights, {du.data(), tokens, in, wide}, true);
    input_product<T>(dyv, weights, {fresh.data(), tokens, in, wide});
    wrong = 0;
    for (std::size_t t = 0; t < tokens; ++t) {
      for (std::size_t i = 0; i < in; ++i) {
        long double sum = 0;
        for (std::size_t o = 0; o < out; ++o)
          sum += static_cast<long double>(dy[t * tall + o]) * W[o * in + i];
        const std::size_t at = t * wide + i;
        wrong += !close(fresh[at], sum, out) || !close(du[at], sum + before[at], out);
      }
      for (std::size_t i = in; i < wide; ++i) touched += fresh[t * wide + i] != T(9);
    }
    CHECK(wrong == 0);
    CHECK(touched == 0);

    std::vector<T> dW = noise<T>(out * in, 6);
    const std::vector<T> start = dW;
    weight_product<T>(dyv, uv, dW.data(), false);
    wrong = 0;
    for (std::size_t o = 0; o < out; ++o)
      for (std::size_t i = 0; i < in; ++i) {
        long double sum = start[o * in + i];
        for (std::size_t t = 0; t < tokens; ++t)
          sum += static_cast<long double>(dy[t * tall + o]) * u[t * wide + i];
        wrong += !close(dW[o * in + i], sum, tokens);
      }
    CHECK(wrong == 0);
  }
}
