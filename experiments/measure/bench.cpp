#include "experiments/measure/bench.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <ctime>

#include "core/blas.hpp"
#include "core/clock.hpp"
#include "core/parallel.hpp"
#include "core/random.hpp"
#include "layers/model/groups.hpp"

namespace tubal {

namespace {

// Seconds on the wall, and of all threads of this process.
struct Clock {
  double wall = 0, processor = 0;
  Clock operator-(const Clock& c) const { return {wall - c.wall, processor - c.processor}; }
};
Clock now() { return {seconds_now(), static_cast<double>(std::clock()) / CLOCKS_PER_SEC}; }

double median(std::vector<double> x) {
  std::sort(x.begin(), x.end());
  return x[x.size() / 2];
}

struct Numbers {
  std::vector<float> a, b, c;
};

// At least n of them.
float* room(std::vector<float>& v, std::size_t n) {
  v.resize(std::max(v.size(), n));
  return v.data();
}

// A linear map for a group, on whatever numbers lie in the buffers; in training its gradients too.
void run_linear(const MatrixProduct& q, std::size_t tokens, bool training, Numbers& x) {
  const std::size_t widest = tokens * std::max(q.out_stride, q.in_stride);
  const MatrixView<float> W = contiguous(room(x.b, q.out * q.in), q.out, q.in),
                          u{room(x.a, widest), tokens, q.in, q.in_stride},
                          dy{u.data, tokens, q.out, q.out_stride},
                          y{room(x.c, widest), tokens, q.out, q.out_stride},
                          du{y.data, tokens, q.in, q.in_stride};
  gemm(1, u, transposed(W), 0, y);
  if (!training) return;
  gemm(1, transposed(dy), du, 1, W);
  gemm(1, dy, W, 0, du);
}

// A head's attention of one sequence of n: scores and O; again, dP = dO V^T, dQ, dK and dV.
void run_attention(const MatrixProduct& q, std::size_t n, bool training, Numbers& x) {
  const std::size_t e = q.in;
  const MatrixView<float> a{room(x.a, n * q.in_stride), n, e, q.in_stride},
      b{room(x.b, n * q.in_stride), n, e, q.in_stride}, out{b.data, n, e, q.out_stride},
      S = contiguous(room(x.c, n * n), n, n);
  for (int i = 0; i < (training ? 3 : 1); ++i) gemm(1, a, transposed(b), 0, S);
  gemm(1, S, a, 0, out);
  if (!training) return;
  gemm(1, S, a, 0, b);
  for (int i = 0; i < 2; ++i) gemm(1, transposed(S), a, 0, b);
}

void run(const MatrixProduct& q, const Group& g, bool training, Numbers& x) {
  if (q.kind == MatrixProduct::linear) run_linear(q, g.T, training, x);
  if (q.kind == MatrixProduct::attention)
    for (const Sequence& s : g.sequences) run_attention(q, s.length, training, x);
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

// The least of a few times, as on a machine that does nothing else.
static Clock product_times(const BenchOptions& o, const Structure& s, const Batch& batch) {
  std::vector<std::vector<Group>> work;
  if (!o.inference)
    work = cut_into_lanes(s, batch);
  else
    for (Group& g : cut_into_groups(s, batch)) work.push_back({g});
  std::vector<MatrixProduct> products = s.products();
  if (s.head->by_token()) products.push_back(s.head->product());
  std::vector<Numbers> numbers(o.threads);
  Clock least{INFINITY, INFINITY};
  for (int repeat = 0; repeat < 4; ++repeat) {
    const Clock start = now();
    parallel_for(work.size(), o.threads, [&](std::size_t i, int worker) {
      Numbers& own = numbers[worker];
      for (const Group& g : work[i])
        for (const MatrixProduct& product : products) run(product, g, !o.inference, own);
      for (auto* v : {&own.a, &own.b, &own.c})  // keep them from growing to infinity
        if (!v->empty()) (*v)[0] = 0;
    });
    const Clock took = now() - start;
    if (repeat == 0) continue;  // buffers grow
    least = {std::min(least.wall, took.wall), std::min(least.processor, took.processor)};
  }
  return least;
}

BenchResult bench(const BenchOptions& o) {
  BenchResult result;
  AdamWSettings adamw;
  adamw.gradient_clip = 1;
  Model<float> model(o.model, o.vocabulary, o.classes, o.seed, o.threads);
  if (o.bfloat16) model.use_bfloat16();
  int done = 0;
  const auto step = [&](const Batch& batch) {
    const Clock start = now();
    if (o.inference) {
      model.evaluate(batch);
    } else {
      model.gradients(batch, o.seed, done + 1);
      model.update(adamw, done + 1);
    }
    ++done;
    return now() - start;
  };
  std::vector<std::pair<double, long long>> steps;
  for (int i = 0; i < o.steps + 2; ++i) {
    const Batch batch = random_batch(o, static_cast<std::uint64_t>(i));
    const double seconds = step(batch).wall;
    if (i >= 2) steps.emplace_back(seconds, static_cast<long long>(batch.tokens.size()));
  }
  double seconds = 0, tokens = 0;
  for (const auto& [t, n] : steps) {
    seconds += t;
    tokens += static_cast<double>(n);
  }
  std::sort(steps.begin(), steps.end());
  result.seconds = steps[steps.size() / 2].first;
  result.tokens = steps[steps.size() / 2].second;
  result.tokens_per_second = tokens / seconds;
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  result.gigabytes = static_cast<double>(usage.ru_maxrss) / 1048576;

  // A step and its products in turn, so that a machine that slows down slows both.
  const Structure s(o.model, o.vocabulary, o.classes);
  std::vector<double> products, over, over_processor;
  for (int i = 2; i < std::min(o.steps, 5) + 2; ++i) {
    const Batch batch = random_batch(o, static_cast<std::uint64_t>(i));
    const Clock alone = product_times(o, s, batch), whole = step(batch);
    products.push_back(alone.wall);
    over.push_back(whole.wall / alone.wall);
    over_processor.push_back(whole.processor / alone.processor);
  }
  result.product_seconds = median(products);
  result.over_products = median(over);
  result.processor_over_products = median(over_processor);
  result.parameters = model.counts();
  result.transform_schemes = model.transform_schemes();
  return result;
}

}  // namespace tubal
