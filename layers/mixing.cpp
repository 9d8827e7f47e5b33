#include "layers/mixing.hpp"

#include <algorithm>

#include "layers/frequency_scaling.hpp"
#include "transforms/dense.hpp"

namespace tubal {

namespace {

Matrix diagonal(const std::vector<double>& a) {
  Matrix m = identity_matrix(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) m(i, i) = a[i];
  return m;
}

bool scales(const Structure& s, ScalingPlace at) {
  return s.config.frequency_scaling.kind != ScalingKind::none && s.config.frequency_scaling.at == at;
}
bool learns_scale(const Structure& s) { return s.config.frequency_scaling.kind == ScalingKind::learned; }
bool spectral_positions(const Structure& s) {
  return s.config.position.kind == PositionKind::sinusoidal && s.config.position.domain == Domain::spectral &&
         s.p > 1;
}

// Factors of the real parts' rows; imaginary rows take no sinusoid.
Tensor<double, 3> spectral_sinusoids(const Structure& s, const std::vector<double>& by_bin, bool derivative) {
  const Tensor<double, 3> of_bin = sinusoids(s.config.max_length, s.m, by_bin, derivative);
  Tensor<double, 3> x({static_cast<std::size_t>(s.config.max_length), s.p, s.m});
  x.fill(0);
  for (std::size_t t = 0; t < x.shape()[0]; ++t) {
    std::size_t row = 0;
    for (const Block& b : s.blocks) {
      for (std::size_t j = 0; j < s.m; ++j) x(t, row, j) = of_bin(t, b.bin, j);
      row += b.complex ? 2 : 1;
    }
  }
  return x;
}

template <class T>
std::vector<double> doubles(const T* x, std::size_t n) {
  return {x, x + n};
}

template <class T>
void build_positions(const Structure& s, const T* arena, const std::vector<double>& gains, Mixing<T>& mix) {
  const std::size_t n = s.config.max_length;
  mix.position_table.resize(n * s.d);
  if (s.config.position.kind == PositionKind::learned) {
    mix.position_learned = true;
    std::copy(arena + s.position_embedding, arena + s.position_embedding + n * s.d,
              mix.position_table.begin());
    return;
  }
  const bool at_position = scales(s, ScalingPlace::position);
  if (!spectral_positions(s)) {
    std::vector<double> f(s.p, 0.0);
    for (std::size_t l = 0; l < s.p; ++l)
      f[l] = s.p > 1 ? static_cast<double>(l) / static_cast<double>(s.p - 1) : 0;
    const std::vector<double> a = at_position ? scaling_factors(s.config.frequency_scaling, s.p, f, gains)
                                              : std::vector<double>(s.p, 1.0);
    const Tensor<double, 3> x = sinusoids(n, s.m, a);
    std::copy(x.begin(), x.end(), mix.position_table.begin());
    mix.position_learned = at_position && learns_scale(s);
    return;
  }
  const std::vector<double> a = at_position ? mix.by_bin : std::vector<double>(s.blocks.size(), 1.0);
  const Tensor<double, 3> x = spectral_sinusoids(s, a, false);
  for (std::size_t t = 0; t < n; ++t)
    for (std::size_t l = 0; l < s.p; ++l)
      for (std::size_t j = 0; j < s.m; ++j) {
        double sum = 0;
        for (std::size_t k = 0; k < s.p; ++k) sum += mix.I(l, k) * x(t, k, j);
        mix.position_table[(t * s.p + l) * s.m + j] = static_cast<T>(sum);
      }
  mix.position_learned = (at_position && learns_scale(s)) || s.theta_count > 0;
}

}  // namespace

template <class T>
void build_mixing(const Structure& s, const T* arena, Mixing<T>& mix, const SliceFactors* further) {
  std::unique_ptr<TransformPlan> learned;
  if (s.theta_count) learned = s.transform->plan(s.config.p, doubles(arena + s.theta, s.theta_count));
  const TransformPlan& plan = learned ? *learned : *s.initial_plan;
  mix.F = plan.forward_matrix(), mix.I = plan.inverse_matrix();
  const std::vector<double> gains = doubles(arena + s.scaling_gain, s.scaling_count);
  const bool by_slice = !(s.config.frequency_scaling.at == ScalingPlace::position &&
                          s.config.position.domain == Domain::original);
  mix.by_bin = by_slice ? scaling_factors(s.config.frequency_scaling, s.blocks.size(), s.frequencies, gains)
                        : std::vector<double>(s.blocks.size(), 1.0);
  mix.rows = row_factors(s, mix.by_bin);

  const bool trivial = !s.theta_count && mix.F == identity_matrix(s.p);  // F = I: nothing to multiply by
  // The stored rows' factors at a place; empty: none.
  const auto factors = [&](ScalingPlace at) {
    std::vector<double> a;
    if (scales(s, at)) a = mix.rows;
    if (!further || further->at != at) return a;
    if (a.empty()) a.assign(s.p, 1.0);
    std::size_t row = 0;
    for (std::size_t b = 0; b < s.blocks.size(); ++b)
      for (int part = 0; part <= s.blocks[b].complex; ++part) a[row++] *= further->factor.at(b);
    return a;
  };
  const std::vector<double> none, at_in = factors(ScalingPlace::input),
                                  at_residual = factors(ScalingPlace::residual),
                                  at_out = factors(ScalingPlace::output);
  const bool in = !at_in.empty(), out = !at_out.empty();
  const bool spectral = s.spectral_stream,
             original_activation = s.config.activation_domain == Domain::original;
  const auto set = [&](MapName name, bool I, const std::vector<double>& a, bool F) {
    TubeMap<T>& map = mix.maps[name];
    const bool A = !a.empty();
    I = I && !trivial, F = F && !trivial;
    map.present = I || A || F, map.has_inverse = I, map.has_factors = A, map.has_forward = F;
    if (!map.present) return;
    Matrix M = F ? mix.F : identity_matrix(s.p);
    if (A) M = product(diagonal(a), M);
    if (I) M = product(mix.I, M);
    map.matrix.assign(M.begin(), M.end());
    map.forward.assign(M.begin(), M.end());
    const Matrix Mt = transposed(M);
    map.adjoint.assign(Mt.begin(), Mt.end());
  };
  set(entry, in && !spectral, at_in, in || spectral);
  set(sub_in, false, none, !spectral);
  set(sub_out, !spectral, at_residual, false);
  set(exit_map, out || spectral, at_out, out && !spectral);
  set(act_in, original_activation, none, false);
  set(act_out, false, none, original_activation);
  mix.learned = s.theta_count > 0 ||
                (learns_scale(s) && (scales(s, ScalingPlace::input) || scales(s, ScalingPlace::residual) ||
                                     scales(s, ScalingPlace::output)));
  build_positions(s, arena, gains, mix);
}

template <class T>
void mixing_gradients(const Structure& s, const T* arena, const Mixing<T>& mix, const MapGradients& maps,
                      const std::vector<T>& table, T* gradient) {
  const std::size_t p = s.p, n = s.config.max_length;
  Matrix dF({p, p}), dI({p, p});
  dF.fill(0), dI.fill(0);
  std::vector<double> da(s.blocks.size(), 0.0), dgain(s.scaling_count, 0.0);
  std::vector<std::size_t> bin_of_row;
  for (const Block& b : s.blocks) bin_of_row.insert(bin_of_row.end(), b.complex ? 2 : 1, b.bin);

  // M = I A F (absent factors are identities): dI += dM (A F)^T, dF += (I A)^T dM, da_k += (I^T dM F^T)_kk.
  for (std::size_t name = 0; name < maps.size(); ++name) {
    if (maps[name].empty()) continue;
    const TubeMap<T>& map = mix.maps[name];
    Matrix dM({p, p});
    std::copy(maps[name].begin(), maps[name].end(), dM.begin());
    const Matrix A = map.has_factors ? diagonal(mix.rows) : identity_matrix(p);
    const Matrix F = map.has_forward ? mix.F : identity_matrix(p),
                 I = map.has_inverse ? mix.I : identity_matrix(p);
    if (map.has_inverse) dI += product(dM, transposed(product(A, F)));
    if (map.has_forward) dF += product(transposed(product(I, A)), dM);
    if (map.has_factors) {
      const Matrix core = product(product(transposed(I), dM), transposed(F));
      for (std::size_t k = 0; k < p; ++k) da[bin_of_row[k]] += core(k, k);
    }
  }

  if (mix.position_learned && !table.empty()) {
    if (s.config.position.kind == PositionKind::learned) {
      for (std::size_t i = 0; i < n * s.d; ++i) gradient[s.position_embedding + i] += table[i];
    } else if (!spectral_positions(s)) {
      const Tensor<double, 3> slope =
          sinusoids(n, s.m, doubles(arena + s.scaling_gain, s.scaling_count), true);
      for (std::size_t t = 0; t < n; ++t)
        for (std::size_t l = 0; l < p; ++l)
          for (std::size_t j = 0; j < s.m; ++j) dgain[l] += slope(t, l, j) * table[(t * p + l) * s.m + j];
    } else {  // table[t] = I x[t]
      const bool at = scales(s, ScalingPlace::position);
      const std::vector<double> a = at ? mix.by_bin : std::vector<double>(s.blocks.size(), 1.0);
      const Tensor<double, 3> x = spectral_sinusoids(s, a, false), slope = spectral_sinusoids(s, a, true);
      for (std::size_t t = 0; t < n; ++t)
        for (std::size_t l = 0; l < p; ++l)
          for (std::size_t j = 0; j < s.m; ++j) {
            const double g = table[(t * p + l) * s.m + j];
            for (std::size_t k = 0; k < p; ++k) {
              dI(l, k) += g * x(t, k, j);
              if (at) da[bin_of_row[k]] += g * mix.I(l, k) * slope(t, k, j);
            }
          }
    }
  }
  if (s.scaling_count == s.blocks.size() &&
      !(s.config.frequency_scaling.at == ScalingPlace::position && !spectral_positions(s)))
    for (std::size_t k = 0; k < s.scaling_count; ++k) dgain[k] += da[k];
  for (std::size_t k = 0; k < s.scaling_count; ++k) gradient[s.scaling_gain + k] += static_cast<T>(dgain[k]);
  if (s.theta_count) {
    const std::vector<double> dtheta =
        s.transform->gradient(s.config.p, doubles(arena + s.theta, s.theta_count), dF, dI);
    for (std::size_t i = 0; i < s.theta_count; ++i) gradient[s.theta + i] += static_cast<T>(dtheta[i]);
  }
}

template void build_mixing(const Structure&, const float*, Mixing<float>&, const SliceFactors*);
template void build_mixing(const Structure&, const double*, Mixing<double>&, const SliceFactors*);
template void mixing_gradients(const Structure&, const float*, const Mixing<float>&, const MapGradients&,
                               const std::vector<float>&, float*);
template void mixing_gradients(const Structure&, const double*, const Mixing<double>&, const MapGradients&,
                               const std::vector<double>&, double*);

}  // namespace tubal
