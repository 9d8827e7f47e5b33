#include "experiments/bench.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/blas.hpp"
#include "core/parallel.hpp"
#include "core/random.hpp"
#include "layers/model/groups.hpp"

namespace tubal {

namespace {

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double median(std::vector<double> x) {
  std::sort(x.begin(), x.end());
  return x[x.size() / 2];
}

struct Numbers {
  std::vector<float> a, b, c;
};

// One product of the stack for a group, on whatever numbers lie in the buffers; in training its gradients
// too.
void run(const MatrixProduct& q, const Group& g, bool training, Numbers& x) {
  const auto room = [](std::vector<float>& v, std::size_t n) { v.resize(std::max(v.size(), n)); };
  float *a, *b, *c;
  const auto rooms = [&](std::size_t na, std::size_t nb, std::size_t nc) {
    room(x.a, na), room(x.b, nb), room(x.c, nc);
    a = x.a.data(), b = x.b.data(), c = x.c.data();
  };
  if (q.kind == MatrixProduct::linear) {
    const std::size_t T = g.T, widest = T * std::max(q.out_stride, q.in_stride);
    rooms(widest, q.out * q.in, widest);
    gemm(false, true, T, q.out, q.in, 1.f, a, q.in_stride, b, q.in, 0.f, c, q.out_stride);
    if (!training) return;
    gemm(true, false, q.out, q.in, T, 1.f, a, q.out_stride, c, q.in_stride, 1.f, b, q.in);
    gemm(false, false, T, q.in, q.out, 1.f, a, q.out_stride, b, q.in, 0.f, c, q.in_stride);
  } else if (q.kind == MatrixProduct::attention) {
    const std::size_t e = q.in, row = q.in_stride, out = q.out_stride;
    for (const Sequence& s : g.sequences) {
      const std::size_t n = s.length;
      rooms(n * row, n * row, n * n);
      for (int i = 0; i < (training ? 3 : 1); ++i)  // scores; again; dP = dO V^T
        gemm(false, true, n, n, e, 1.f, a, row, b, row, 0.f, c, n);
      gemm(false, false, n, e, n, 1.f, c, n, a, row, 0.f, b, out);  // O
      if (!training) continue;
      gemm(false, false, n, e, n, 1.f, c, n, a, row, 0.f, b, row);  // dQ
      for (int i = 0; i < 2; ++i)                                   // dK, dV
        gemm(true, false, n, e, n, 1.f, c, n, a, row, 0.f, b, row);
    }
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
  if (o.model.task == Task::language_model) {
    batch.targets.assign(batch.tokens.begin() + 1, batch.tokens.end());
    batch.targets.push_back(batch.tokens.front());
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
  std::vector<MatrixProduct> products = s.products();
  if (s.head->by_token()) products.push_back(s.head->product());
  std::vector<Numbers> numbers(o.threads);
  std::vector<double> times;
  for (int repeat = 0; repeat < 4; ++repeat) {
    const double start = now();
    parallel_for(work.size(), o.threads, [&](std::size_t i, int worker) {
      Numbers& own = numbers[worker];
      for (const Group& g : work[i])
        for (const MatrixProduct& product : products) run(product, g, !o.inference, own);
      for (auto* v : {&own.a, &own.b, &own.c})  // keep them from growing to infinity
        if (!v->empty()) (*v)[0] = 0;
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
  result.transform_schemes = model.transform_schemes();
  return result;
}

}  // namespace tubal
