#include "experiments/runner/message.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cmath>
#include <csignal>
#include <nlohmann/json.hpp>

namespace tubal::runner {

namespace {

// JSON has no NaN: null stands for it.
nlohmann::json number(double x) { return std::isfinite(x) ? nlohmann::json(x) : nlohmann::json(); }

double number(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return 0;
  return found->is_number() ? found->get<double>() : std::nan("");
}

}  // namespace

std::string to_line(const Message& p) {
  nlohmann::ordered_json line{{"kind", p.kind}};
  if (p.kind == "note" || p.kind == "failed")
    line["text"] = p.text;
  else {
    line.update({{"epoch", p.epoch}, {"epochs", p.epochs}, {"step", p.step}, {"steps", p.steps}});
    line["loss"] = number(p.loss);
    line["tokens_per_second"] = number(p.tokens_per_second);
    line["seconds_left"] = number(p.seconds_left);
  }
  if (p.kind == "epoch") {
    line["validation_loss"] = number(p.validation_loss);
    line["validation_accuracy"] = number(p.validation_accuracy);
    line["validation_bits_per_byte"] = number(p.validation_bits_per_byte);
    line["seconds"] = number(p.seconds);
  }
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::optional<Message> from_line(const std::string& line) {
  const auto json = nlohmann::json::parse(line, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  Message p;
  try {
    p.kind = json.value("kind", "");
    p.text = json.value("text", "");
    p.epoch = json.value("epoch", 0);
    p.epochs = json.value("epochs", 0);
    p.step = json.value("step", 0LL);
    p.steps = json.value("steps", 0LL);
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
  p.loss = number(json, "loss");
  p.tokens_per_second = number(json, "tokens_per_second");
  p.seconds_left = number(json, "seconds_left");
  p.validation_loss = number(json, "validation_loss");
  p.validation_accuracy = number(json, "validation_accuracy");
  if (json.contains("validation_bits_per_byte"))
    p.validation_bits_per_byte = number(json, "validation_bits_per_byte");
  p.seconds = number(json, "seconds");
  return p;
}

Reporter::Reporter(int descriptor) : descriptor_(descriptor) {
  if (descriptor_ < 0) return;
  ::signal(SIGPIPE, SIG_IGN);  // the runner may have died
  if (::fcntl(descriptor_, F_SETFL, O_NONBLOCK) < 0)
    descriptor_ = -1;
  else
    ::fcntl(descriptor_, F_SETFD, FD_CLOEXEC);
}

void Reporter::tell(const Message& message) {
  if (descriptor_ < 0) return;
  const auto now = std::chrono::steady_clock::now();
  if (message.kind == "step" && now - last_ < std::chrono::milliseconds(100)) return;
  last_ = now;
  const std::string line = to_line(message) + "\n";  // below PIPE_BUF, so it is written whole or not at all
  if (::write(descriptor_, line.data(), line.size()) < 0 && errno == EAGAIN && message.kind != "step") {
    pollfd wait{descriptor_, POLLOUT, 0};
    if (::poll(&wait, 1, 1000) == 1) {
      [[maybe_unused]] const ssize_t n = ::write(descriptor_, line.data(), line.size());
    }
  }
}

void Reporter::tell_failure(Cause cause) {
  Message message;
  message.kind = "failed";
  message.text = name(cause);
  tell(message);
}

}  // namespace tubal::runner
