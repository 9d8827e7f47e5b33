#include "experiments/bench.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/blas.hpp"
#include "core/parallel.hpp"
#include "core/random.hpp"
#include "layers/groups.hpp"

namespace tubal {

namespace {

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double median(std::vector<double> x) {
  std::sort(x.begin(), x.end());
  return x[x.size() / 2];
}

// The products of a group, on whatever numbers lie in the buffers.
void products(const Structure& s, const Group& g, bool training, std::vector<float>& a, std::vector<float>& b,
              std::vector<float>& c) {
  const std::size_t d = s.d, r = s.r, T = g.T, widest = std::max<std::size_t>(3, r);
  std::size_t longest = 0;
  for (const auto& q : g.sequences) longest = std::max(longest, q.length);
  a.resize(std::max(a.size(), T * widest * d)),
      c.resize(std::max({c.size(), T * widest * d, longest * longest}));
  b.resize(std::max({b.size(), widest * d * d, T * widest * d}));
  const auto linear = [&](std::size_t out, std::size_t in) {
    for (const Block& k : s.blocks) {
      const std::size_t o = out * k.width, i = in * k.width;
      gemm(false, true, T, o, i, 1.f, a.data(), in * d, b.data(), i, 0.f, c.data(), out * d);
      if (!training) continue;
      gemm(true, false, o, i, T, 1.f, a.data(), out * d, c.data(), in * d, 1.f, b.data(), i);
      gemm(false, false, T, i, o, 1.f, a.data(), out * d, b.data(), i, 0.f, c.data(), in * d);
    }
  };
  linear(3, 1), linear(1, 1), linear(r, 1), linear(1, r);
  for (const auto& q : g.sequences)
    for (const Block& k : s.blocks)
      for (std::size_t h = 0; h < k.heads; ++h) {
        const std::size_t n = q.length, e = k.head_width;
        for (int i = 0; i < (training ? 3 : 1); ++i)  // scores; again; dP = dO V^T
          gemm(false, true, n, n, e, 1.f, a.data(), 3 * d, b.data(), 3 * d, 0.f, c.data(), n);
        gemm(false, false, n, e, n, 1.f, c.data(), n, a.data(), 3 * d, 0.f, b.data(), d);  // O
        if (!training) continue;
        gemm(false, false, n, e, n, 1.f, c.data(), n, a.data(), 3 * d, 0.f, b.data(), 3 * d);  // dQ
        for (int i = 0; i < 2; ++i)                                                            // dK, dV
          gemm(true, false, n, e, n, 1.f, c.data(), n, a.data(), 3 * d, 0.f, b.data(), 3 * d);
      }
}

}  // namespace

Batch random_batch(const BenchOptions& o, std::uint64_t index) {
  const RandomStream random(o.seed, Purpose::test, index);
  Batch batch{{}, {0}, {}};
  for (int b = 0; b < o.batch; ++b) {
    const std::uint64_t at = static_cast<std::uint64_t>(b) << 32;
    int n = o.length;
    if (o.mean_length > 0)
      n = std::clamp(static_cast<int>(std::exp(0.55 * random.normal(at) + std::log(o.mean_length))),
                     std::min(8, o.length), o.length);
    for (int i = 0; i < n; ++i)
      batch.tokens.push_back(static_cast<std::int32_t>(
          1 + random.below(o.vocabulary - 1, at + 2 + static_cast<std::uint64_t>(i))));
    batch.offsets.push_back(static_cast<std::int32_t>(batch.tokens.size()));
    batch.labels.push_back(static_cast<std::int32_t>(random.below(o.classes, at + 1)));
  }
  return batch;
}

double product_seconds(const BenchOptions& o, const Batch& batch) {
  const Structure s(o.model, o.vocabulary, o.classes);
  std::vector<std::vector<Group>> work;
  if (!o.inference)
    work = cut_into_lanes(s, batch);
  else
    for (Group& g : cut_into_groups(s, batch)) work.push_back({g});
  struct Numbers {
    std::vector<float> a, b, c;
  };
  std::vector<Numbers> numbers(o.threads);
  std::vector<double> times;
  for (int repeat = 0; repeat < 4; ++repeat) {
    const double start = now();
    parallel_for(work.size(), o.threads, [&](std::size_t i, int worker) {
      for (int layer = 0; layer < o.model.depth; ++layer)
        for (const Group& g : work[i])
          products(s, g, !o.inference, numbers[worker].a, numbers[worker].b, numbers[worker].c);
      for (auto* v : {&numbers[worker].a, &numbers[worker].b,
                      &numbers[worker].c})  // keep them from growing to infinity
        std::fill(v->begin(), v->begin() + 1, 0.f);
    });
    times.push_back(now() - start);
  }
  return *std::min_element(times.begin() + 1, times.end());
}

BenchResult bench(const BenchOptions& o) {
  BenchResult result;
  AdamWSettings adamw;
  adamw.gradient_clip = 1;
  Model<float> model(o.model, o.vocabulary, o.classes, o.seed, o.threads);
  if (o.bfloat16) model.use_bfloat16();
  std::vector<std::pair<double, long long>> steps;
  for (int i = 0; i < o.steps + 2; ++i) {
    const Batch batch = random_batch(o, static_cast<std::uint64_t>(i));
    const double start = now();
    if (o.inference) {
      model.evaluate(batch);
    } else {
      model.gradients(batch, o.seed, i + 1);
      model.update(adamw, i + 1);
    }
    if (i >= 2) steps.emplace_back(now() - start, static_cast<long long>(batch.tokens.size()));
  }
  double seconds = 0, tokens = 0;
  for (const auto& [t, n] : steps) seconds += t, tokens += static_cast<double>(n);
  std::sort(steps.begin(), steps.end());
  result.seconds = steps[steps.size() / 2].first, result.tokens = steps[steps.size() / 2].second;
  result.tokens_per_second = tokens / seconds;
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  result.gigabytes = static_cast<double>(usage.ru_maxrss) / 1048576;
  std::vector<double> products;
  for (int i = 2; i < std::min(o.steps, 5) + 2; ++i)
    products.push_back(product_seconds(o, random_batch(o, static_cast<std::uint64_t>(i))));
  result.product_seconds = median(products);
  result.parameters = model.counts();
  return result;
}

}  // namespace tubal
