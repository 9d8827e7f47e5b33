#include "experiments/measure/estimate.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/clock.hpp"
#include "core/parallel.hpp"
#include "experiments/config/schema.hpp"
#include "experiments/data/data_hint.hpp"
#include "experiments/measure/bench.hpp"
#include "experiments/training/probe.hpp"
#include "layers/model/groups.hpp"

namespace tubal {

namespace {

double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

// E[min(n, limit)] for log-normal n of this mean and median.
double mean_cut(double mean, double median, double limit) {
  if (mean <= 0) return limit;
  const double sigma = std::sqrt(std::max(1e-6, 2 * std::log(mean / median))),
               z = std::log(limit / median) / sigma;
  return std::max(1.0, std::min(limit, mean * normal_cdf(z - sigma) + limit * (1 - normal_cdf(z))));
}

// What a worker keeps of each token of a group in training: three rows a junction, the sub-layers' own, the
// widest scratch, and a few rows of the stream.
double numbers_a_token(const Structure& s, int longest) {
  double kept = 0, scratch = 0;
  for (const Step& step : s.steps) {
    const Room room = step.sublayer->room(static_cast<std::size_t>(longest));
    kept += static_cast<double>(room.kept + 2 * s.d) + 0.25 * static_cast<double>(s.d);
    scratch = std::max(scratch, static_cast<double>(room.scratch));
  }
  return kept + scratch + 8.0 * static_cast<double>(s.d);
}

// Keys of the model that leave the time of a step as it is. Any other one counts, so a new key needs no line.
const std::set<std::string> timeless = {
    "model.attention_bias",           "model.pooling",      "model.dropout", "model.frequency_scaling.alpha",
    "model.frequency_scaling.values", "model.embedding_std"};

// What two models must share to take the same time a step.
std::string shape_key(const TrialConfig& c) {
  Settings s;
  s.trial = c;
  std::string key = name(c.model.task);
  for (const Key& k : schema())
    if (k.name.starts_with("model.") && !k.name.starts_with("model.transform") && !timeless.count(k.name))
      key += "|" + canonical_value(k.get(s));
  for (const TransformSpec& t : transform_cycle(c.model)) key += "|" + t.name + t.parametrization;
  for (const int n : {c.data.max_length, c.data.tokenizer.vocabulary, c.training.batch_size})
    key += "|" + std::to_string(n);
  return key + (c.model.dropout > 0 ? "|dropout" : "");
}

struct Timing {
  double token = 0, look = 0;  // seconds
};

// Seconds that some work takes a process that has its processors to itself. Of one thread: the processor's,
// whatever else runs; several wait for each other too, so theirs are the clock's.
struct Stopwatch {
  int threads;
  double clock = 0, processor = 0;  // of all that was timed
  template <class Work>
  double time(Work work) {
    const double clock_before = seconds_now(), processor_before = processor_seconds_now();
    work();
    const double c = seconds_now() - clock_before, p = processor_seconds_now() - processor_before;
    clock += c;
    processor += p;
    return threads == 1 ? std::min(c, p) : c;
  }
};

// A token of training: the better of two steps after one that allocates. A look: one as training does it.
Timing time_model(const TrialConfig& c, const Estimate& e, Stopwatch& watch) {
  BenchOptions o;
  o.model = c.model;
  o.vocabulary = e.vocabulary;
  o.classes = e.classes;
  o.batch = c.training.batch_size;
  o.length = c.data.max_length;
  if (e.mean_tokens < 0.95 * o.length) o.mean_length = e.mean_tokens / std::exp(0.5 * 0.55 * 0.55);
  const std::unique_ptr<Learner> model = make_learner(o.model, o.vocabulary, o.classes, 1, watch.threads);
  const AdamWSettings adamw;
  Timing best{INFINITY, 0};
  for (int step = 0; step < 3; ++step) {
    const Batch batch = random_batch(o, static_cast<std::uint64_t>(step));
    const double seconds = watch.time([&] {
      model->gradients(batch, 1, step + 1);
      model->update(adamw, step + 1);
    });
    if (step) best.token = std::min(best.token, seconds / static_cast<double>(batch.tokens.size()));
  }
  o.batch = std::max(1, static_cast<int>(e.tokens_a_look / std::max(1.0, e.mean_tokens)));
  const Probe probe(o.model, random_batch(o, 3));
  best.look = watch.time([&] {
    probe.transform(*model, 1);
    probe.spectrum(*model, 1);
  });
  return best;
}

}  // namespace

static void count_looks(Estimate& e, double evaluations, double training_tokens) {
  e.looks = 1 + std::ceil(evaluations);
  e.tokens_a_look = static_cast<double>(probe_tokens(static_cast<std::size_t>(training_tokens)));
}

// Tokens that a training goes through, a third for each one that is evaluated; `kept`: held in memory.
static double tokens_of_texts(const TrialConfig& c, Estimate& e, double& kept) {
  const DataHint hint = data_hint(c.data);
  e.vocabulary = c.data.tokenizer.vocabulary;
  e.classes = hint.classes;
  e.mean_tokens = mean_cut(hint.mean, hint.median, c.data.max_length);
  kept = (hint.train + hint.test) * e.mean_tokens;
  const double train = hint.train * (1 - c.data.validation);
  const double evaluated = (hint.train * c.data.validation + hint.test) / 3;
  if (hint.train <= 0) return 0;
  const double epochs =
      c.training.steps > 0 ? c.training.steps * double(c.training.batch_size) / train : c.training.epochs;
  const double evaluations =
      c.training.evaluate_every > 0
          ? std::ceil(epochs * train / c.training.batch_size / c.training.evaluate_every)
          : epochs;
  count_looks(e, evaluations, train * e.mean_tokens);
  return e.mean_tokens * (epochs * train + evaluations * evaluated);
}

static double tokens_of_text(const TrialConfig& c, Estimate& e, double& kept) {
  const TextHint hint = text_hint(c.data);
  e.vocabulary = hint.vocabulary;
  e.classes = 1;
  e.mean_tokens = c.data.max_length;
  kept = hint.train + hint.validation + hint.test;
  const double a_step = double(c.training.batch_size) * c.data.max_length;
  const double trained = c.training.steps > 0 ? c.training.steps * a_step : c.training.epochs * hint.train;
  const double period = c.training.evaluate_every > 0 ? c.training.evaluate_every * a_step : hint.train;
  const double evaluations = period > 0 ? std::ceil(trained / period) : 1;
  count_looks(e, evaluations, hint.train);
  return trained + (evaluations * hint.validation + hint.test) / 3;
}

Estimate estimate(const TrialConfig& c, const RuntimeConfig& runtime) {
  Estimate e;
  const bool language = c.model.task == Task::language_model;
  double kept = 0;
  e.tokens = language ? tokens_of_text(c, e, kept) : tokens_of_texts(c, e, kept);
  if (c.model.kind != ModelKind::transformer) {
    e.known = false;
    return e;
  }
  const ParameterCounts n = count_parameters(c.model, e.vocabulary, e.classes);
  e.encoder = n.encoder;
  e.total = n.total;
  const Structure structure(c.model, e.vocabulary, e.classes);
  e.flops = 3 * structure.forward_flops(1, e.mean_tokens);
  const double lanes = static_cast<double>(most_lanes(structure));
  const double rows = std::min<double>(double(group_tokens(structure, true)) + c.data.max_length,
                                       double(c.training.batch_size) * c.data.max_length);
  const double activations = runtime.threads * rows * numbers_a_token(structure, c.data.max_length);
  // A lane's gradient of the head, which is as large as the token embedding, and a block of logits a worker.
  const double head = language ? double(e.vocabulary) * c.model.width : 0;
  const double logits = language ? 64.0 * runtime.threads * e.vocabulary : 0;
  e.memory = 16.0 * e.total + 4 * (lanes * (e.encoder + head) + activations + logits + kept) + 60e6;
  e.disk = 20.0 * e.total + 1e6;
  return e;
}

double time_trials(const std::vector<const TrialConfig*>& configs, std::vector<Estimate>& estimates,
                   const RuntimeConfig& runtime, double budget) {
  struct Shape {
    std::size_t first;
    double flops;
    Timing timing;  // token 0: not timed
  };
  std::vector<Shape> shapes;
  std::map<std::string, std::size_t> index;
  std::vector<std::size_t> shape_of(configs.size());
  for (std::size_t i = 0; i < configs.size(); ++i) {
    if (!estimates[i].known) continue;
    const auto [found, fresh] = index.emplace(shape_key(*configs[i]), shapes.size());
    if (fresh) shapes.push_back({i, estimates[i].flops, {}});
    shape_of[i] = found->second;
  }
  std::vector<std::size_t> order(shapes.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return shapes[a].flops < shapes[b].flops; });
  if (order.size() > 2)
    std::rotate(order.begin() + 1, order.end() - 1, order.end());  // least, most, then the others
  Stopwatch watch{std::clamp(runtime.threads, 1, allowed_cores())};
  const double start = seconds_now();
  for (std::size_t n = 0; n < order.size(); ++n) {
    if (n > 1 && seconds_now() - start > budget) break;
    Shape& s = shapes[order[n]];
    s.timing = time_model(*configs[s.first], estimates[s.first], watch);
  }
  for (std::size_t i = 0; i < configs.size(); ++i) {
    Estimate& e = estimates[i];
    if (!e.known || e.tokens == 0) continue;
    const Shape& own = shapes[shape_of[i]];
    const Shape* nearest = nullptr;
    for (const Shape& s : shapes)
      if (s.timing.token > 0 && (!nearest || std::abs(std::log(s.flops / own.flops)) <
                                                 std::abs(std::log(nearest->flops / own.flops))))
        nearest = &s;
    e.timed = own.timing.token > 0;
    const Timing& t = e.timed ? own.timing : nearest->timing;
    const double scale = e.timed ? 1 : own.flops / nearest->flops;
    e.seconds_a_look = t.look * scale;
    e.seconds = scale * (e.tokens * t.token + e.looks * t.look);
  }
  // Several threads also wait for each other, on a quiet machine too.
  return watch.threads == 1 && watch.clock > 0 ? std::min(1.0, watch.processor / watch.clock) : 1;
}

}  // namespace tubal
