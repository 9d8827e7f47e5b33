#include "experiments/training/evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <vector>

namespace tubal {

namespace {

Scores evaluate_windows(Learner& learner, const DataConfig& data, const Part& part,
                        const EvaluationHooks& hooks) {
  const Windows windows(part, data.max_length, data.cross_documents);
  std::vector<std::size_t> numbers(windows.count());
  std::iota(numbers.begin(), numbers.end(), 0);
  const std::size_t at_once = evaluation_windows(data.max_length);
  double nats = 0;
  for (std::size_t first = 0; first < numbers.size(); first += at_once) {
    hooks.before();
    const Batch batch =
        windows.numbered(std::span(numbers).subspan(first, std::min(at_once, numbers.size() - first)));
    const BatchResult r = learner.evaluate(batch);
    nats += r.loss * static_cast<double>(r.counted);
    hooks.after(batch, r, {});
  }
  if (numbers.empty()) return {};
  return {nats / static_cast<double>(windows.positions()), unknown,
          nats / std::log(2.) / static_cast<double>(part.bytes)};
}

Scores evaluate_texts(Learner& learner, const Part& part, const EvaluationHooks& hooks) {
  double loss = 0;
  std::int64_t correct = 0;
  Logits logits;
  for (std::size_t first = 0; first < part.size(); first += evaluation_texts) {
    hooks.before();
    const std::size_t count = std::min(evaluation_texts, part.size() - first);
    const Batch batch = make_batch(part, first, count);
    const BatchResult r = learner.evaluate(batch, &logits);
    loss += r.loss * static_cast<double>(count);
    correct += r.correct;
    hooks.after(batch, r, logits);
  }
  const auto texts = static_cast<double>(part.size());
  return {loss / texts, static_cast<double>(correct) / texts, unknown};
}

}  // namespace

Scores evaluate_part(Learner& learner, const DataConfig& data, const Part& part,
                     const EvaluationHooks& hooks) {
  if (part.size() == 0) return {};
  return data.language ? evaluate_windows(learner, data, part, hooks) : evaluate_texts(learner, part, hooks);
}

Said said_of(const Logits& logits, std::size_t text) {
  const std::size_t C = logits.shape(1);
  const float* y = logits.data() + text * C;
  const std::int64_t best = std::max_element(y, y + C) - y;
  double sum = 0;
  for (std::size_t c = 0; c < C; ++c)
    sum += std::exp(static_cast<double>(y[c]) - static_cast<double>(y[best]));
  return {best, 1 / sum};
}

}  // namespace tubal
