#include "experiments/training/log_lines.hpp"

#include <cmath>

#include "core/format.hpp"

namespace tubal {

std::string epoch_line(const EvaluationPoint& e, bool language, int epochs, std::int64_t steps) {
  if (language)
    return format(
        "step %lld/%lld: train loss %.4f, validation loss %.4f nat (perplexity %.3f, %.4f bits per byte), "
        "%.1f s",
        static_cast<long long>(e.step), static_cast<long long>(steps), e.train_loss, e.validation_loss,
        std::exp(e.validation_loss), e.validation_bits_per_byte, e.seconds);
  return format("epoch %d/%d: train loss %.4f accuracy %.4f, validation loss %.4f accuracy %.4f, %.1f s",
                e.epoch, epochs, e.train_loss, e.train_accuracy, e.validation_loss, e.validation_accuracy,
                e.seconds);
}

std::string probe_line(double seconds, double trained) {
  return format("looking into the slices took %.2f s, %.2f %% of %.1f s of training", seconds,
                100 * seconds / trained, trained);
}

std::string end_line(const TrialStatus& status, const Scores& test, bool language, bool tested) {
  if (!language)
    return format("complete: test accuracy %.4f, loss %.4f, by epoch %d's parameters", test.accuracy,
                  test.loss, status.best_epoch);
  const double loss = tested ? test.loss : status.validation_loss;
  return format(
      "complete: %s loss %.4f nat (perplexity %.3f, %.4f bits per byte), by the parameters of "
      "evaluation %d",
      tested ? "test" : "validation", loss, std::exp(loss),
      tested ? test.bits_per_byte : status.validation_bits_per_byte, status.best_epoch);
}

}  // namespace tubal
