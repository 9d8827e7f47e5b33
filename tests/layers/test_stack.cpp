// Every room of the stack by itself against central differences: linear maps, sub-layers, norms, heads,
// positions; with real, complex and low-rank weights.
// A new sub-layer is held to this by its line in the table.
#include <catch2/catch.hpp>

#include "layers/model/structure.hpp"
#include "tests/layers/finite_differences.hpp"

using namespace tubal;
using namespace tubal::test;

namespace {

constexpr double bound = 1e-8;
const std::vector<Sequence> sequences = {{0, 0, 0, 3}, {1, 3, 3, 1}, {2, 4, 4, 4}};
constexpr std::size_t tokens = 8, capacity = 64;

struct Basis {  // one transform at one p
  std::string transform;
  int p;
};
const std::vector<Basis> places = {{"dct", 3}, {"dft", 5}, {"dft", 4}, {"cosine_product", 4}};

ModelConfig base(const Basis& at) {
  ModelConfig c;
  c.p = at.p;
  c.width = 4 * at.p;
  c.transform.name = at.transform;
  c.heads = 0;
  c.heads_per_slice = 2;
  c.feed_forward = 2;
  c.max_length = 6;
  c.dropout = 0;
  return c;
}

Slices slices_at(const ModelConfig& c) {
  const auto plan = make_transform(c.transform)->plan(c.p);
  return slices_of(*plan, static_cast<std::size_t>(c.width / c.p));
}

// Parameters of a room in both arenas.
struct Arena {
  ParameterList list;
  std::vector<double> values, effective, gradient, effective_gradient;
  void fill(std::uint64_t seed) {
    values = normals(list.size(), seed, 0.6);
    effective.resize(list.effective_size());
    gradient.assign(list.size(), 0.0);
    effective_gradient.assign(list.effective_size(), 0.0);
  }
  Weights<double> weights() {
    list.to_effective(values.data(), effective.data());
    return {effective.data(), nullptr};
  }
  const std::vector<double>& gradients() {
    list.from_effective(effective_gradient.data(), gradient.data());
    return gradient;
  }
};

void check(const Disagreement& found, std::size_t least) {
  INFO("at " << found.where << ", " << found.compared << " numbers compared");
  CHECK(found.error <= bound);
  CHECK(found.compared >= least);
}

}  // namespace

TEST_CASE("linear maps: real, complex, of low rank, stacked either way", "[stack]") {
  for (const Basis& at : places)
    for (const std::size_t rank : {0u, 1u, 3u})
      for (const Stacking stacking : {Stacking::by_part, Stacking::by_row})
        for (const std::size_t head : {0u, 2u}) {
          if (stacking == Stacking::by_row && head) continue;
          INFO(at.transform << " p = " << at.p << ", rank " << rank << ", by_row "
                            << (stacking == Stacking::by_row) << ", heads of " << head);
          const Slices slices = slices_at(base(at));
          Arena arena;
          LinearShape shape{{"first", "second"}, 6, 4};
          shape.stacking = stacking;
          shape.out_head = head;
          shape.in_head = head;
          const Linear map(arena.list, slices, 0, shape, rank);
          arena.fill(1);
          std::vector<double> u = normals(capacity * slices.p * 4, 2), y(capacity * map.width()),
                              du(u.size()), inner(capacity * map.inner() + 1), d_inner(inner.size());
          const std::vector<double> c = normals(tokens * map.width(), 3);
          const auto loss = [&] {
            map.forward(arena.weights(), tokens, u.data(), y.data(), inner.data());
            return dot(c, y);
          };
          loss();
          map.backward(arena.weights(), tokens, c.data(), u.data(), inner.data(), du.data(), d_inner.data(),
                       arena.effective_gradient.data());
          u.resize(tokens * slices.p * 4);
          check(disagreement(loss, {{"u", u, du}, {"parameters", arena.values, arena.gradients()}}), 150);
        }
}

TEST_CASE("sub-layers: every kind of the table, in every setting that it reads", "[stack]") {
  struct Setting {
    std::string name;
    void (*set)(ModelConfig&);
  };
  const std::vector<Setting> settings = {
      {"plain", [](ModelConfig&) {}},
      {"no attention bias", [](ModelConfig& c) { c.attention_bias = false; }},
      {"causal", [](ModelConfig& c) { c.task = Task::language_model; }},
      {"rotary", [](ModelConfig& c) { c.position.kind = PositionKind::rotary; }},
      {"rank 2", [](ModelConfig& c) { c.rank = 2; }},
      {"silu", [](ModelConfig& c) { c.activation = Activation::silu; }},
      {"geglu", [](ModelConfig& c) { c.activation = Activation::geglu; }},
      {"swiglu of rank 2",
       [](ModelConfig& c) {
         c.activation = Activation::swiglu;
         c.rank = 2;
       }},
      {"original gelu", [](ModelConfig& c) { c.activation_domain = Domain::original; }},
      {"original swiglu",
       [](ModelConfig& c) {
         c.activation_domain = Domain::original;
         c.activation = Activation::swiglu;
       }},
      {"modern", [](ModelConfig& c) {
         c.task = Task::language_model;
         c.position.kind = PositionKind::rotary;
         c.activation = Activation::swiglu;
         c.rank = 3;
       }}};
  for (const SublayerEntry& entry : sublayer_table())
    for (const Basis& at : places)
      for (const Setting& setting : settings) {
        INFO(entry.name << ", " << setting.name << ", " << at.transform << " p = " << at.p);
        ModelConfig c = base(at);
        setting.set(c);
        const auto plan = make_transform(c.transform)->plan(c.p);
        const Slices slices = slices_of(*plan, 4);
        const std::size_t p = slices.p, d = 4 * p;
        Arena arena;
        const auto sublayer = entry.make({c, slices, 0, false, "layers.0.", arena.list, 2});
        arena.fill(4);
        const Room room = sublayer->room(4);
        std::vector<double> u = normals(capacity * d, 5), y(capacity * d), du(capacity * d),
                            kept(room.kept * capacity + 1),
                            scratch(room.scratch * capacity + room.fixed_scratch + 1);
        // L^-1, L and the factors of rotary positions are moved as if they were parameters.
        std::vector<double> I(plan->inverse_matrix().begin(), plan->inverse_matrix().end()),
            F(plan->forward_matrix().begin(), plan->forward_matrix().end()), dI(p * p, 0.0), dF(p * p, 0.0),
            factors = normals(slices.count(), 6), d_factors(slices.count(), 0.0);
        TubeMap<double> to_original, to_spectral;
        Rotation<double> rotation;
        Frame<double> f;
        f.sequences = sequences;
        f.tokens = tokens;
        f.capacity = capacity;
        f.kept = kept.data();
        f.scratch = scratch.data();
        f.to_original = &to_original;
        f.to_spectral = &to_spectral;
        f.rotation = &rotation;
        const std::vector<double> weight = normals(tokens * d, 7);
        const auto loss = [&] {
          to_original = TubeMap<double>(p, I.data());
          to_spectral = TubeMap<double>(p, F.data());
          rotation = Rotation<double>(slices, factors, 6, 2);
          f.weights = arena.weights();
          sublayer->forward(f, u.data(), y.data());
          return dot(weight, y);
        };
        loss();
        f.gradient = arena.effective_gradient.data();
        f.d_original = dI.data();
        f.d_spectral = dF.data();
        f.d_factors = d_factors.data();
        sublayer->backward(f, weight.data(), u.data(), du.data());
        u.resize(tokens * d);
        std::vector<Claim> claims = {{"u", u, du}, {"parameters", arena.values, arena.gradients()}};
        claims.push_back({"L^-1", I, dI});
        claims.push_back({"L", F, dF});
        claims.push_back({"factors", factors, d_factors});
        check(disagreement(loss, claims), tokens * d + 9);
      }
}

TEST_CASE("norms over segments of one and of different widths", "[stack]") {
  for (const NormKind kind : {NormKind::layer_norm, NormKind::rms_norm})
    for (const NormSegments& segments :
         {NormSegments{{0, 4, 8, 12}, {3, 4}, {}}, NormSegments{{0, 12}, {1, 12}, {}},
          NormSegments{{0, 4, 12, 20}, {1, 4}, {2, 2, 4}}}) {
      INFO(name(kind) << ", " << segments.count() << " segments");
      const std::size_t d = segments.width();
      Arena arena;
      const auto norm = make_norm(kind, arena.list, "norm", segments);
      arena.fill(8);
      std::vector<double> x = normals(tokens * d, 9), n(x.size()), y(x.size()), dx(x.size()), again(x.size()),
                          rstd(tokens * segments.count());
      const std::vector<double> c = normals(x.size(), 10);
      const auto loss = [&] {
        norm->forward(arena.weights(), x.data(), n.data(), y.data(), rstd.data(), tokens);
        return dot(c, y);
      };
      loss();
      norm->backward(arena.weights(), c.data(), n.data(), rstd.data(), dx.data(),
                     arena.effective_gradient.data(), tokens);
      norm->output(arena.weights(), n.data(), again.data(), tokens);
      CHECK(again == y);
      check(disagreement(loss, {{"x", x, dx}, {"parameters", arena.values, arena.gradients()}}),
            tokens * d + d);
    }
}

TEST_CASE("heads: the classifier, and the language head with and without a matrix of its own", "[stack]") {
  struct Setting {
    Task task;
    bool tied;
    Pooling pooling;
  };
  for (const Setting& setting : {Setting{Task::classification, false, Pooling::mean},
                                 {Task::classification, false, Pooling::cls},
                                 {Task::language_model, true, Pooling::mean},
                                 {Task::language_model, false, Pooling::mean}}) {
    INFO(name(setting.task) << ", tied " << setting.tied << ", " << name(setting.pooling));
    constexpr std::size_t p = 3, m = 4, d = p * m, V = 19, C = 5;
    ModelConfig c;
    c.task = setting.task;
    c.tied = setting.tied;
    c.pooling = setting.pooling;
    Arena arena;
    const auto head = make_head(c.task, {c, V, C, p, m, arena.list});
    arena.fill(11);
    std::vector<double> x = normals(tokens * d, 12), dx(tokens * d), E = normals(V * d, 13), dE(V * d, 0.0),
                        M = normals(p * p, 14), dM(p * p, 0.0), losses(tokens),
                        scratch(head->scratch() + 64 * 64);
    std::vector<std::uint8_t> hits(tokens);
    const std::vector<std::int32_t> labels = {4, 0, 2}, targets = {3, 18, 0, 7, -1, 7, 7, 2};
    HeadFrame<double> f;
    f.sequences = sequences;
    f.tokens = tokens;
    f.labels = labels.data();
    f.targets = targets.data();
    f.share = 0.2;
    f.x = x.data();
    f.losses = losses.data();
    f.hits = hits.data();
    f.scratch = scratch.data();
    TubeMap<double> exit;
    f.exit = &exit;
    const auto loss = [&] {
      exit = TubeMap<double>(p, M.data());
      f.weights = arena.weights();
      f.embedding = {E.data(), nullptr};
      std::fill(losses.begin(), losses.end(), 0.0);
      head->run(f);
      double sum = 0;
      for (const double one : losses) sum += one;
      return f.share * sum;
    };
    f.dx = dx.data();
    f.gradient = arena.effective_gradient.data();
    f.d_embedding = dE.data();
    f.d_exit = dM.data();
    loss();
    f.dx = nullptr;
    check(disagreement(loss, {{"x", x, dx},
                              {"parameters", arena.values, arena.gradients()},
                              {"embedding", E, dE},
                              {"exit", M, dM}}),
          tokens * d + p * p + V * d);
  }
}

TEST_CASE("positions: tables by their parameters, by frequency scaling and by L", "[stack]") {
  for (const Basis& at : places)
    for (const PositionKind kind : {PositionKind::sinusoidal, PositionKind::learned})
      for (const Domain domain : {Domain::original, Domain::spectral}) {
        ModelConfig c = base(at);
        c.position = {kind, domain};
        INFO(name(kind) << " " << name(domain) << " " << at.transform << " p = " << at.p);
        const auto plan = make_transform(c.transform)->plan(c.p);
        const Slices slices = slices_of(*plan, 4);
        ParameterList list;
        const auto position = make_position(kind, {c, slices, list});
        REQUIRE(position->adds());
        std::vector<double> own = normals(position->parameter_count(), 15),
                            factors = normals(position->by_original() ? slices.p : slices.count(), 16);
        Tensor<double, 2> I = plan->inverse_matrix();
        const std::vector<double> weight = normals(6 * slices.p * 4, 17);
        const auto loss = [&] { return dot(weight, position->table({own, factors, &I})); };
        PositionGradient g{std::vector<double>(own.size(), 0.0), std::vector<double>(factors.size(), 0.0),
                           Tensor<double, 2>({slices.p, slices.p}, 0.0)};
        position->gradient({own, factors, &I}, weight, g);
        check(disagreement(loss, {{"own", own, g.own},
                                  {"factors", factors, g.factors},
                                  {"L^-1", {I.data(), I.size()}, {g.inverse.data(), g.inverse.size()}}}),
              slices.p * slices.p);
      }
}
