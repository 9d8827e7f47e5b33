#include "core/bfloat16.hpp"

#include "core/error.hpp"

#ifdef TUBAL_ONEDNN
#include <omp.h>

#include <array>
#include <dnnl.hpp>
#include <map>
#endif

namespace tubal {

#ifndef TUBAL_ONEDNN

std::string why_no_bfloat16() { return "this program was built without oneDNN (Debian package libdnnl-dev)"; }

void gemm(Operand<Bfloat16>, Operand<Bfloat16>, bool, MatrixView<float>) {
  throw Error("bfloat16: " + why_no_bfloat16());
}

#else

std::string why_no_bfloat16() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512bf16")) return "";
#endif
  return "this processor has no bfloat16 products (AVX512_BF16)";
}

namespace {

using Dims = dnnl::memory::dims;
using Type = dnnl::memory::data_type;

// What oneDNN made for one shape: kernels are compiled when it is made, so it is kept.
struct Product {
  dnnl::memory a, b, c;
  dnnl::matmul run;
};

using Key = std::array<std::size_t, 7>;  // M, N, K, strides; transpositions and sum as bits

// One thread a product: the parallelism is over sequences, see core/blas.cpp.
struct Products {
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream{engine};
  std::map<Key, Product> made;
  Products() { omp_set_num_threads(1); }

  Product make(bool ta, bool tb, const Key& k) {
    const auto [M, N, K, lda, ldb, ldc, flags] = k;
    const auto size = [](std::size_t x) { return static_cast<dnnl::memory::dim>(x); };
    const dnnl::memory::desc a({size(M), size(K)}, Type::bf16, ta ? Dims{1, size(lda)} : Dims{size(lda), 1}),
        b({size(K), size(N)}, Type::bf16, tb ? Dims{1, size(ldb)} : Dims{size(ldb), 1}),
        c({size(M), size(N)}, Type::f32, Dims{size(ldc), 1});
    dnnl::primitive_attr attributes;
    if (flags & 4) {
      dnnl::post_ops sum;
      sum.append_sum(1.f);
      attributes.set_post_ops(sum);
    }
    const dnnl::matmul::primitive_desc plan(dnnl::matmul::desc(a, b, c), attributes, engine);
    return {dnnl::memory(a, engine, nullptr), dnnl::memory(b, engine, nullptr),
            dnnl::memory(c, engine, nullptr), dnnl::matmul(plan)};
  }
};

}  // namespace

void gemm(Operand<Bfloat16> A, Operand<Bfloat16> B, bool accumulate, MatrixView<float> C) {
  if (const std::string why = why_no_bfloat16(); !why.empty()) throw Error("bfloat16: " + why);
  check_product(A, B, C);
  thread_local Products products;
  const Key key{C.rows,
                C.columns,
                A.columns(),
                A.matrix.stride,
                B.matrix.stride,
                C.stride,
                std::size_t{A.turned} | std::size_t{B.turned} << 1 | std::size_t{accumulate} << 2};
  auto found = products.made.find(key);
  if (found == products.made.end())
    found = products.made.emplace(key, products.make(A.turned, B.turned, key)).first;
  Product& p = found->second;
  p.a.set_data_handle(const_cast<Bfloat16*>(A.matrix.data));
  p.b.set_data_handle(const_cast<Bfloat16*>(B.matrix.data));
  p.c.set_data_handle(C.data);
  p.run.execute(products.stream, {{DNNL_ARG_SRC, p.a}, {DNNL_ARG_WEIGHTS, p.b}, {DNNL_ARG_DST, p.c}});
  products.stream.wait();
}

#endif

}  // namespace tubal
