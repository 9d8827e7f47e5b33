#include "experiments/training/divergence.hpp"

#include <cmath>
#include <cstdio>

#include "core/cause.hpp"

namespace tubal {

std::string growth(std::span<const TrainPoint> train) {
  const TrainPoint *least = nullptr, *last = nullptr;
  for (const TrainPoint& t : train)
    if (std::isfinite(t.loss)) {
      if (!least || t.loss < least->loss) least = &t;
      last = &t;
    }
  if (!least || last->loss < 10 * least->loss) return "";
  char text[128];
  std::snprintf(text, sizeof text, "The loss had grown since step %lld, from %.3g to %.3g at step %lld. ",
                static_cast<long long>(least->step), least->loss, last->loss,
                static_cast<long long>(last->step));
  return text;
}

std::string why_diverged(const std::string& what, const std::string& when, const NonFinite& origin,
                         std::span<const TrainPoint> train) {
  std::string began;
  if (origin.when == NonFinite::parameters)
    began = "It began in " + origin.told() + ", which an update before had left so. ";
  else if (origin.when != NonFinite::nowhere)
    began = "It began in " + origin.told() + ". ";
  return what + " " + words(Cause::not_finite) + " " + when + ". " + began + growth(train) +
         "A smaller learning rate, a longer warm-up or gradient clipping may help.";
}

}  // namespace tubal
