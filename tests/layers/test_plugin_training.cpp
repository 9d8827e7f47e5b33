// A plug-in that brings its own application is trained by it: the result is that of its matrix, to rounding.
#include <dlfcn.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "core/random.hpp"
#include "experiments/measure/bench.hpp"
#include "layers/model.hpp"
#include "transforms/plugins.hpp"

using namespace tubal;

namespace {

std::string file(const std::string& name) { return TUBAL_BINARY "/tests/plugins/" + name + ".so"; }

BenchOptions work(const std::string& transform, Domain domain) {
  BenchOptions o;
  o.model.width = 64;
  o.model.p = 8;
  o.model.heads = 8;
  o.model.depth = 2;
  o.model.max_length = 12;
  o.model.transform.name = transform;
  o.model.activation_domain = domain;
  o.vocabulary = 50;
  o.classes = 3;
  o.batch = 8;
  o.length = 12;
  o.mean_length = 8;
  o.steps = 1;
  return o;
}

template <class T>
Model<T> trained(const BenchOptions& o, int steps) {
  Model<T> model(o.model, o.vocabulary, o.classes, 1);
  AdamWSettings adamw;
  adamw.gradient_clip = 1;
  for (int i = 0; i < steps; ++i) {
    model.gradients(random_batch(o, static_cast<std::uint64_t>(i)), 1, i + 1);
    if (steps > 1) model.update(adamw, i + 1);
  }
  return model;
}

// |a - b| / |b| in the 2-norm; NaN stays.
template <class T, class Of>
double difference(const NamedTensor<T>& a, const NamedTensor<T>& b, Of of) {
  double off = 0, all = 0;
  const std::size_t inner = a.size() / a.shape[0];
  for (std::size_t o = 0; o < a.shape[0]; ++o)
    for (std::size_t i = 0; i < inner; ++i) {
      const double x = static_cast<double>(of(a)[o * a.outer_stride + i]),
                   y = static_cast<double>(of(b)[o * b.outer_stride + i]);
      off += (x - y) * (x - y);
      all += y * y;
    }
  return all == 0 && off == 0 ? 0 : std::sqrt(off / all);
}

}  // namespace

TEST_CASE("training by a plug-in's own application is training by its matrix", "[plugins]") {
  load_plugins({file("differences_own"), file("differences_none")});
  void* const library = ::dlopen(file("differences_own").c_str(), RTLD_NOW | RTLD_NOLOAD);
  REQUIRE(library != nullptr);
  const auto calls = reinterpret_cast<long (*)(int)>(::dlsym(library, "differences_calls"));
  REQUIRE(calls != nullptr);
  for (const Domain domain : {Domain::spectral, Domain::original}) {
    const BenchOptions own = work("differences_own", domain), none = work("differences_none", domain);
    long before[4], after[4];
    for (int map = 0; map < 4; ++map) before[map] = calls(map);
    Model<float> a = trained<float>(own, 20), b = trained<float>(none, 20);
    for (int map = 0; map < 4; ++map) after[map] = calls(map);
    CHECK(a.transform_schemes() == std::vector<std::string>{"plug-in"});
    CHECK(b.transform_schemes() == std::vector<std::string>{"p x p product"});
    for (int map = 0; map < 4; ++map) CHECK(after[map] > before[map]);
    double off = 0, all = 0;
    for (std::size_t i = 0; i < a.values().size(); ++i) {
      const double x = static_cast<double>(a.values()[i]), y = static_cast<double>(b.values()[i]);
      off += (x - y) * (x - y);
      all += y * y;
    }
    CHECK(std::sqrt(off / all) <= 1e-5);

    Model<double> c = trained<double>(own, 1), d = trained<double>(none, 1);
    const auto of_c = c.parameters(), of_d = d.parameters();
    REQUIRE(of_c.size() == of_d.size());
    double worst = 0;
    for (std::size_t i = 0; i < of_c.size(); ++i) {
      const double error = difference(of_c[i], of_d[i], [](const auto& t) { return t.gradient; });
      INFO(of_c[i].name);
      CHECK(error <= 1e-10);
      worst = std::max(worst, error);
    }
    CHECK(worst > 0);  // two ways of rounding
  }
  CHECK(bench(work("differences_own", Domain::spectral)).transform_schemes ==
        std::vector<std::string>{"plug-in"});
  ::dlclose(library);
}
