#include "layers/model/maps.hpp"

#include <algorithm>
#include <xtensor/xbuilder.hpp>

#include "layers/stack/frequency_scaling.hpp"
#include "transforms/dense.hpp"

namespace tubal {

namespace {

Matrix diagonal(const std::vector<double>& a) { return xt::diag(xt::adapt(a)); }

template <class T>
std::vector<double> doubles(const T* x, std::size_t n) {
  return {x, x + n};
}

// Scaled by spectral slice (and not by the original slices of a position's).
bool scales_slices(const Structure& s) {
  const FrequencyScalingConfig& f = s.config.frequency_scaling;
  return f.kind != ScalingKind::none && !(f.at == ScalingPlace::position && s.position->by_original());
}

}  // namespace

template <class T>
std::size_t Maps<T>::index(MapRole role, std::size_t transform) {
  const std::size_t at = static_cast<std::size_t>(role);
  return role <= MapRole::exit ? at : at + 4 * transform;
}

template <class T>
void Maps<T>::build(const Structure& s, const T* arena, const SliceFactors* further) {
  const FrequencyScalingConfig& scaling = s.config.frequency_scaling;
  const std::vector<double> gains = doubles(arena + s.scaling_gain, s.scaling_count);
  now_.clear();
  for (const StackTransform& t : s.transforms) {
    std::unique_ptr<TransformPlan> learned;
    if (t.theta_count) learned = t.transform->plan(s.config.p, doubles(arena + t.theta, t.theta_count));
    const TransformPlan& plan = learned ? *learned : *t.plan;
    const std::size_t S = t.slices.count();
    now_.push_back({plan.forward_matrix(), plan.inverse_matrix(),
                    scales_slices(s) ? scaling_factors(scaling, S, t.slices.frequency, gains)
                                     : std::vector<double>(S, 1.0)});
  }

  // The stored rows' factors at a place; empty: none.
  const auto factors = [&](ScalingPlace at, std::size_t t) {
    const Slices& slices = s.transforms[t].slices;
    std::vector<double> a;
    if (scales(scaling, at)) a = by_row(slices, now_[t].by_bin);
    if (!further || further->at != at) return a;
    if (a.empty()) a.assign(s.p, 1.0);
    for (std::size_t k = 0; k < slices.count(); ++k)
      for (std::size_t i = 0; i < slices.all[k].rows; ++i) a[slices.all[k].row + i] *= further->factor.at(k);
    return a;
  };
  maps_.assign(2 + 4 * s.transforms.size(), {});
  const auto set = [&](MapRole role, std::size_t t, bool I, const std::vector<double>& a, bool F) {
    const TransformNow& L = now_[t];
    const bool trivial = !s.transforms[t].theta_count && L.F == identity_matrix(s.p), A = !a.empty();
    StackMap<T>& map = maps_[index(role, t)];
    I = I && !trivial;
    F = F && !trivial;
    map.role = role;
    map.transform = t;
    map.has_inverse = I;
    map.has_factors = A;
    map.has_forward = F;
    if (!I && !A && !F) return;
    if (!A && I != F && !s.transforms[t].theta_count) {  // L or L^-1 alone: its plan knows how
      map.map = TubeMap<T>(*s.transforms[t].plan, I);
      return;
    }
    Matrix M = F ? L.F : identity_matrix(s.p);
    if (A) M = product(diagonal(a), M);
    if (I) M = product(L.I, M);
    map.map = TubeMap<T>(s.p, M.data());
  };
  const std::vector<double> none;
  const std::size_t last = (s.depth - 1) % s.transforms.size();
  const std::vector<double> at_in = factors(ScalingPlace::input, 0),
                            at_out = factors(ScalingPlace::output, last);
  const bool spectral = s.spectral_stream;
  set(MapRole::entry, 0, !at_in.empty() && !spectral, at_in, !at_in.empty() || spectral);
  set(MapRole::exit, last, !at_out.empty() || spectral, at_out, !at_out.empty() && !spectral);
  const bool inside = s.config.activation_domain == Domain::original;
  for (std::size_t t = 0; t < s.transforms.size(); ++t) {
    set(MapRole::to_sub, t, false, none, !spectral);
    set(MapRole::from_sub, t, !spectral, factors(ScalingPlace::residual, t), false);
    set(MapRole::to_original, t, inside, none, false);
    set(MapRole::to_spectral, t, false, none, inside);
  }
  const bool learns_scale = scaling.kind == ScalingKind::learned,
             theta = std::any_of(s.transforms.begin(), s.transforms.end(),
                                 [](const auto&t) { return t.theta_count > 0; });
  learned_ = theta || (learns_scale && scaling.at != ScalingPlace::position);
  factors_learned_ = learns_scale && scaling.at == ScalingPlace::position && s.position->rotates();
  position_learned_ = s.position->adds() && (s.position->parameter_count() > 0 ||
                                             (learns_scale && scaling.at == ScalingPlace::position) ||
                                             (s.position->uses_transform() && s.first().theta_count > 0));
  build_positions(s, arena);
}

namespace {

// Factors that the position sees: frequency scaling's where it acts there, else 1.
template <class T>
std::vector<double> position_factors(const Structure& s, const T* arena, const std::vector<double>& by_bin) {
  const FrequencyScalingConfig& scaling = s.config.frequency_scaling;
  if (!s.position->by_original())
    return scales(scaling, ScalingPlace::position) ? by_bin : std::vector<double>(by_bin.size(), 1.0);
  if (!scales(scaling, ScalingPlace::position)) return std::vector<double>(s.p, 1.0);
  std::vector<double> f(s.p, 0.0);
  for (std::size_t l = 1; l < s.p; ++l) f[l] = static_cast<double>(l) / static_cast<double>(s.p - 1);
  return scaling_factors(scaling, s.p, f, doubles(arena + s.scaling_gain, s.scaling_count));
}

}  // namespace

// What depends on no parameter is made once.
template <class T>
void Maps<T>::build_positions(const Structure& s, const T* arena) {
  const Position& position = *s.position;
  if (position.adds() && (position_table_.empty() || position_learned_)) {
    const std::vector<double> own = doubles(arena + position.parameters_begin(), position.parameter_count()),
                              a = position_factors(s, arena, now_[0].by_bin);
    const std::vector<double> table = position.table({own, a, &now_[0].I});
    position_table_.assign(table.begin(), table.end());
  }
  if (!position.rotates() || !(rotations_.empty() || factors_learned_)) return;
  rotations_.clear();
  for (std::size_t t = 0; t < s.transforms.size(); ++t)
    rotations_.emplace_back(s.transforms[t].slices, position_factors(s, arena, now_[t].by_bin),
                            static_cast<std::size_t>(s.config.max_length), s.m / s.heads_per_slice());
}

template <class T>
void Maps<T>::reset(const Structure& s, MapGradients<T>& g) const {
  g.positions.assign(position_learned_ ? position_table_.size() : 0, T(0));
  g.maps.assign(maps_.size(), {});
  for (std::size_t i = 0; i < maps_.size(); ++i)
    if (learned_ && maps_[i].map.present()) g.maps[i].assign(s.p * s.p, 0.0);
  g.factors.clear();
  if (factors_learned_)
    for (const TransformNow& t : now_) g.factors.emplace_back(t.by_bin.size(), 0.0);
}

template <class T>
void Maps<T>::chain(const Structure& s, const T* arena, const MapGradients<T>& g, T* gradient) const {
  const std::size_t n = s.transforms.size(), p = s.p;
  std::vector<Matrix> dF(n, Matrix({p, p}, 0.0)), dI(n, Matrix({p, p}, 0.0));
  std::vector<std::vector<double>> da;  // by bin
  for (std::size_t t = 0; t < n; ++t)
    da.push_back(g.factors.empty() ? std::vector<double>(now_[t].by_bin.size(), 0.0) : g.factors[t]);

  // M = I A F (absent ones are identities): dI += dM (A F)^T, dF += (I A)^T dM, da_k += (I^T dM F^T)_kk.
  for (std::size_t i = 0; i < maps_.size(); ++i) {
    if (g.maps[i].empty()) continue;
    const StackMap<T>& map = maps_[i];
    const std::size_t t = map.transform;
    const Slices& slices = s.transforms[t].slices;
    const Matrix dM = xt::adapt(g.maps[i], std::array{p, p});
    const Matrix A = map.has_factors ? diagonal(by_row(slices, now_[t].by_bin)) : identity_matrix(p);
    const Matrix F = map.has_forward ? now_[t].F : identity_matrix(p),
                 I = map.has_inverse ? now_[t].I : identity_matrix(p);
    if (map.has_inverse) dI[t] += product(dM, transposed(product(A, F)));
    if (map.has_forward) dF[t] += product(transposed(product(I, A)), dM);
    if (!map.has_factors) continue;
    const Matrix core = product(product(transposed(I), dM), transposed(F));
    for (const SpectralSlice& k : slices.all)
      for (std::size_t row = k.row; row < k.row + k.rows; ++row)
        da[t][static_cast<std::size_t>(k.bin)] += core(row, row);
  }

  std::vector<double> dgain(s.scaling_count, 0.0);
  if (!g.positions.empty()) {
    const Position& position = *s.position;
    const std::vector<double> own = doubles(arena + position.parameters_begin(), position.parameter_count()),
                              a = position_factors(s, arena, now_[0].by_bin),
                              dtable = doubles(g.positions.data(), g.positions.size());
    PositionGradient d{std::vector<double>(own.size(), 0.0), std::vector<double>(a.size(), 0.0),
                       Matrix({p, p}, 0.0)};
    position.gradient({own, a, &now_[0].I}, dtable, d);
    for (std::size_t i = 0; i < own.size(); ++i)
      gradient[position.parameters_begin() + i] += static_cast<T>(d.own[i]);
    dI[0] += d.inverse;
    if (s.scaling_count && scales(s.config.frequency_scaling, ScalingPlace::position))
      for (std::size_t k = 0; k < a.size(); ++k)
        (position.by_original() ? dgain[k] : da[0][k]) += d.factors[k];
  }
  if (scales_slices(s))
    for (const std::vector<double>& of_transform : da)
      for (std::size_t k = 0; k < s.scaling_count; ++k) dgain[k] += of_transform[k];
  for (std::size_t k = 0; k < s.scaling_count; ++k) gradient[s.scaling_gain + k] += static_cast<T>(dgain[k]);
  for (std::size_t t = 0; t < n; ++t) {
    const StackTransform& own = s.transforms[t];
    if (!own.theta_count) continue;
    const std::vector<double> dtheta =
        own.transform->gradient(s.config.p, doubles(arena + own.theta, own.theta_count), dF[t], dI[t]);
    for (std::size_t i = 0; i < own.theta_count; ++i) gradient[own.theta + i] += static_cast<T>(dtheta[i]);
  }
}

template class Maps<float>;
template class Maps<double>;

}  // namespace tubal
