#include "experiments/measure/golden.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "experiments/measure/golden_case.hpp"

namespace tubal {

bool GoldenResult::passed() const {
  if (groups.empty()) return false;
  for (const GoldenGroup& g : groups)
    if (!(g.error <= bound)) return false;
  return true;
}

namespace {

// Collects the tensors of a group, then says the worst.
class Comparison {
 public:
  explicit Comparison(std::string group) : group_(std::move(group)) {}

  template <class T>
  void add(const std::string& tensor, const std::vector<T>& ours, const std::vector<double>& golden) {
    Entry e{tensor, ours.size() == golden.size() ? 0 : NAN, 0};
    for (std::size_t i = 0; i < golden.size() && i < ours.size(); ++i) {
      const double difference = std::abs(static_cast<double>(ours[i]) - golden[i]);
      if (!std::isfinite(difference)) e.difference = NAN;
      if (!std::isnan(e.difference)) e.difference = std::max(e.difference, difference);
      e.size = std::max(e.size, std::abs(golden[i]));
    }
    largest_ = std::max(largest_, e.size);
    entries_.push_back(e);
  }

  GoldenGroup worst() const {
    GoldenGroup worst{group_, 0, ""};
    for (const Entry& e : entries_) {
      const double error = e.difference / std::max(e.size, 1e-6 * largest_);
      if (worst.tensor.empty() || !(error <= worst.error)) {
        worst.error = error;
        worst.tensor = e.tensor;
      }
      if (std::isnan(error)) break;
    }
    return worst;
  }

 private:
  struct Entry {
    std::string tensor;
    double difference, size;
  };
  std::string group_;
  std::vector<Entry> entries_;
  double largest_ = 0;
};

template <class T>
std::vector<T> gather(const NamedTensor<T>& t, const T* data) {
  std::vector<T> out;
  const std::size_t inner = t.size() / t.shape[0];
  for (std::size_t o = 0; o < t.shape[0]; ++o)
    out.insert(out.end(), data + o * t.outer_stride, data + o * t.outer_stride + inner);
  return out;
}

template <class T>
GoldenResult run(const hdf5::Reader& file, const GoldenCase& c, int threads) {
  Model<T> model(c.config, c.vocabulary, c.classes, 0, threads);
  const std::vector<NamedTensor<T>> parameters = model.parameters();
  std::vector<std::string> ours;
  for (const NamedTensor<T>& t : parameters) {
    ours.push_back(t.name);
    const std::string name = "/parameters/" + t.name;
    if (!file.has(name)) throw UsageError("golden case lacks the parameter " + t.name);
    if (file.shape(name) != t.shape)
      throw UsageError("golden case: " + t.name + " has another shape than the model's");
    const std::vector<double> x = file.read<double>(name);
    const std::size_t inner = t.size() / t.shape[0];
    for (std::size_t i = 0; i < x.size(); ++i)
      t.value[i / inner * t.outer_stride + i % inner] = static_cast<T>(x[i]);
  }
  for (const std::string& name : file.list("/parameters"))
    if (std::find(ours.begin(), ours.end(), name) == ours.end())
      throw UsageError("golden case has the parameter " + name + ", which this model does not");

  Comparison forward("forward"), gradients("gradients"), after("after_adamw");
  AdamWSettings adamw;
  adamw.learning_rate = 1e-3;
  adamw.decay_everything = true;
  for (int step = 1; step <= 3; ++step) {
    Capture<T> capture;
    const BatchResult result = model.gradients(c.batch, 0, step, &capture);
    if (step == 1) {
      const auto check = [&](const char* name, const Tensor<T, 2>& x) {
        forward.add(name, std::vector<T>(x.begin(), x.end()),
                    file.read<double>(std::string("/forward/") + name));
      };
      check("encoder_input", capture.encoder_input);
      check("encoder_output", capture.encoder_output);
      check("logits", capture.logits);
      forward.add("loss", std::vector<double>{result.loss}, file.read<double>("/forward/loss"));
      for (const NamedTensor<T>& t : model.parameters())
        gradients.add(t.name, gather(t, static_cast<const T*>(t.gradient)),
                      file.read<double>("/gradients/" + t.name));
    }
    model.update(adamw, step);
  }
  for (const NamedTensor<T>& t : model.parameters())
    after.add(t.name, gather(t, static_cast<const T*>(t.value)), file.read<double>("/after_adamw/" + t.name));
  const bool is_double = std::is_same_v<T, double>;
  return {is_double ? "double" : "float",
          is_double ? 1e-9 : 1e-4,
          {forward.worst(), gradients.worst(), after.worst()}};
}

}  // namespace

std::vector<GoldenResult> verify_golden(const std::filesystem::path& path, int threads) {
  const hdf5::Reader file(path);
  const GoldenCase c = read_golden_case(file, path);
  return {run<double>(file, c, threads), run<float>(file, c, threads)};
}

}  // namespace tubal
