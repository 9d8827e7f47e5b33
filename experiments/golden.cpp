#include "experiments/golden.hpp"

#include <yaml-cpp/yaml.h>

#include <cmath>
#include <map>

#include "core/error.hpp"
#include "core/hdf5.hpp"
#include "layers/model.hpp"

namespace tubal {

bool GoldenResult::passed() const {
  if (groups.empty()) return false;
  for (const GoldenGroup& g : groups)
    if (!(g.error <= bound)) return false;
  return true;
}

namespace {

struct Case {
  ModelConfig config;
  int vocabulary = 0, classes = 0;
  Batch batch;
};

template <Choice E>
void read_choice(const YAML::Node& y, E& value) {
  const auto name = y.as<std::string>();
  const auto found = choice<E>(name);
  if (!found) throw UsageError("attribute `config`: `" + name + "` is not one of " + join(names<E>()));
  value = *found;
}

ModelConfig read_model(const YAML::Node& y) {
  ModelConfig c;
  c.width = y["width"].as<int>(), c.p = y["p"].as<int>(), c.depth = y["depth"].as<int>();
  const YAML::Node t = y["transform"];
  if (t.IsMap()) {
    c.transform.name = t["name"].as<std::string>();
    c.transform.init = t["init"].as<std::string>(c.transform.init);
    c.transform.parametrization = t["parametrization"].as<std::string>(c.transform.parametrization);
  } else {
    c.transform.name = t.as<std::string>();
  }
  c.heads_per_slice = y["heads_per_slice"].as<int>(), c.feed_forward = y["feed_forward"].as<int>();
  c.attention_bias = y["attention_bias"].as<bool>();
  read_choice(y["activation"], c.activation), read_choice(y["activation_domain"], c.activation_domain);
  read_choice(y["norm"], c.norm), read_choice(y["norm_domain"], c.norm_domain);
  read_choice(y["norm_over"], c.norm_over), read_choice(y["pooling"], c.pooling);
  read_choice(y["position"]["kind"], c.position.kind),
      read_choice(y["position"]["domain"], c.position.domain);
  const YAML::Node f = y["frequency_scaling"];
  read_choice(f["kind"], c.frequency_scaling.kind), read_choice(f["at"], c.frequency_scaling.at);
  c.frequency_scaling.alpha = f["alpha"].as<double>(0.0);
  if (f["values"]) c.frequency_scaling.values = f["values"].as<std::vector<double>>();
  c.max_length = y["max_length"].as<int>(), c.dropout = 0;
  return c;
}

Case read_case(const hdf5::Reader& file, const std::filesystem::path& path) {
  if (!file.has_attribute("/", "config") || !file.has("/batch/tokens") || !file.has("/parameters"))
    throw UsageError(path.string() +
                     ": no golden case; it needs an attribute `config` and the groups batch, parameters, "
                     "forward, gradients and after_adamw, as tests/golden/generate.py writes them");
  Case c;
  try {
    const YAML::Node y = YAML::Load(file.attribute("/", "config"));
    c.config = read_model(y);
    c.vocabulary = y["vocabulary"].as<int>(), c.classes = y["classes"].as<int>();
  } catch (const YAML::Exception& e) {
    throw UsageError(path.string() + ": attribute `config` does not describe a model: " + e.what());
  }
  c.batch = {file.read<std::int32_t>("/batch/tokens"), file.read<std::int32_t>("/batch/offsets"),
             file.read<std::int32_t>("/batch/labels")};
  return c;
}

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
      if (worst.tensor.empty() || !(error <= worst.error)) worst.error = error, worst.tensor = e.tensor;
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
GoldenResult run(const hdf5::Reader& file, const Case& c, int threads) {
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
  adamw.learning_rate = 1e-3, adamw.decay_everything = true;
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
  const Case c = read_case(file, path);
  return {run<double>(file, c, threads), run<float>(file, c, threads)};
}

}  // namespace tubal
