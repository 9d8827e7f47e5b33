// The live table of a run.
#include <algorithm>

#include "core/text_table.hpp"
#include "experiments/runner/loop.hpp"

namespace tubal::runner {

void Runner::draw() {
  if (!display_.live() || interrupted_ || seconds_now() < drawn_ + 0.1) return;
  drawn_ = seconds_now();
  const int width = display_.width();
  std::vector<std::string> lines;
  double longest = 0;
  int names = 0;
  for (const auto& [pid, r] : running_) names = std::max(names, columns(r.work.trial->name()));
  for (const auto& [pid, r] : running_) {
    const Message& m = r.last;
    const double share = m.steps > 0 ? static_cast<double>(m.step) / static_cast<double>(m.steps) : 0;
    const double left = m.kind == "note" || m.step == 0 ? std::nan("") : m.seconds_left;
    if (std::isfinite(left)) longest = std::max(longest, left);
    std::string facts = m.kind.empty() ? "starting"
                        : m.kind == "note"
                            ? m.text
                            : "epoch " + std::to_string(m.epoch) + "/" + std::to_string(m.epochs) +
                                  "  step " + std::to_string(m.step) + "/" + std::to_string(m.steps) +
                                  "  loss " + show_share(m.loss) + "  " + show_count(m.tokens_per_second) +
                                  " tok/s  " + show_seconds(left) + " left";
    const int bar = std::clamp(width / 6, 6, 24), room = std::max(12, width - bar - 4 - columns(facts) - 3);
    lines.push_back(fit("  " + fit(r.work.trial->name(), std::min(room, names)) + "  " +
                            show_bar(share, bar, display_.unicode()) + "  " + facts,
                        width - 1));
  }
  const int left = static_cast<int>(waiting_.size() + running_.size());
  std::string total = "  " + index_.study + ": " + std::to_string(tally_.complete + tally_.stopped) +
                      " finished, " + std::to_string(tally_.failed + tally_.diverged) + " failed, " +
                      std::to_string(left) + " left";
  if (const std::string best = best_.text(); !best.empty()) total += "   " + best;
  if (seconds_count_ > 0 && left > 0)
    total +=
        "   about " +
        show_seconds(longest + seconds_sum_ / seconds_count_ *
                                   std::max(0.0, std::ceil(static_cast<double>(waiting_.size()) / jobs_))) +
        " left";
  if (!drain_.empty()) total += "   draining";
  lines.push_back(fit(total, width - 1));
  display_.draw(lines);
}

}  // namespace tubal::runner
