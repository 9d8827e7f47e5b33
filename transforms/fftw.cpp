// FFTW's real transforms (r2r) along the tubes, token by token and 16 columns at a time, so that the work
// stays in the first-level cache: rows gathered and scaled into a scratch [p, 16], 16 transforms of stride
// 16, rows gathered and scaled out. Plans are made with ESTIMATE under one lock, once a kind and type.
#include <fftw3.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>
#include <stdexcept>
#include <tuple>

#include "transforms/fast.hpp"
#include "transforms/scratch.hpp"

namespace tubal {
namespace {

template <class T>
struct Fftw;
template <>
struct Fftw<double> {
  using Plan = fftw_plan;
  static constexpr auto make = fftw_plan_many_r2r;
  static constexpr auto execute = fftw_execute_r2r;
  static constexpr auto destroy = fftw_destroy_plan;
};
template <>
struct Fftw<float> {
  using Plan = fftwf_plan;
  static constexpr auto make = fftwf_plan_many_r2r;
  static constexpr auto execute = fftwf_execute_r2r;
  static constexpr auto destroy = fftwf_destroy_plan;
};

std::mutex& planner() {  // FFTW's planner is one for the process and not thread-safe
  static std::mutex lock;
  return lock;
}

constexpr std::size_t block = 16;

// Row k of what goes on is scale[k] times row from[k] of what there is:
// n columns of rows x_row and y_row apart.
struct Rows {
  std::vector<std::size_t> from;
  std::vector<double> scale;
  template <class T>
  void gather(const T* x, std::size_t x_row, T* y, std::size_t y_row, std::size_t n) const {
    for (std::size_t k = 0; k < from.size(); ++k) {
      const T s = static_cast<T>(scale[k]), *in = x + from[k] * x_row;
      T* out = y + k * y_row;
#pragma omp simd
      for (std::size_t j = 0; j < n; ++j) out[j] = s * in[j];
    }
  }
};
struct Stage {  // one map: gather, transform, gather
  fftw_r2r_kind kind;
  Rows in, out;
};

// The plan of one kind and type for a block of columns, made when it is first asked for. Executing it on
// other arrays is thread-safe.
template <class T>
class PlanOnce {
 public:
  ~PlanOnce() {
    const std::lock_guard<std::mutex> guard(planner());
    if (plan_) Fftw<T>::destroy(plan_);
  }
  typename Fftw<T>::Plan get(int p, fftw_r2r_kind kind, T* x, T* y) {
    std::call_once(once_, [&] {
      const std::lock_guard<std::mutex> guard(planner());
      const int n = p, width = static_cast<int>(block);
      plan_ = Fftw<T>::make(1, &n, width, x, nullptr, width, 1, y, nullptr, width, 1, &kind,
                            FFTW_ESTIMATE | FFTW_DESTROY_INPUT);
      if (!plan_) throw std::runtime_error("FFTW made no plan for p = " + std::to_string(p));
    });
    return plan_;
  }

 private:
  std::once_flag once_;
  typename Fftw<T>::Plan plan_ = nullptr;
};

class FftwAlgorithm final : public TypedAlgorithm<FftwAlgorithm> {
 public:
  /// Stages in the order of Map.
  FftwAlgorithm(int p, std::array<Stage, 4> stages) : p_(p), stages_(std::move(stages)) {}
  std::string name() const override { return "fftw r2r"; }
  template <class T>
  void run(Map map, const T* x, T* y, std::size_t tokens, std::size_t m) const {
    const std::size_t i = static_cast<std::size_t>(map), p = static_cast<std::size_t>(p_);
    const Stage& stage = stages_[i];
    T *u = scratch<T>(2 * p * block), *v = u + p * block;
    if (tokens == 0 || m == 0) return;
    const auto plan = std::get<std::array<PlanOnce<T>, 4>>(plans_)[i].get(p_, stage.kind, u, v);
    for (std::size_t c = 0; c < m; c += block) {
      const std::size_t n = std::min(block, m - c);
      // Columns behind the last one are transformed along as zeros.
      if (n < block) std::fill(u, u + p * block, T(0));
      for (std::size_t t = 0; t < tokens; ++t) {
        stage.in.gather(x + t * p * m + c, m, u, block, n);
        Fftw<T>::execute(plan, u, v);
        stage.out.gather(v, block, y + t * p * m + c, m, n);
      }
    }
  }

 private:
  int p_;
  std::array<Stage, 4> stages_;
  mutable std::tuple<std::array<PlanOnce<float>, 4>, std::array<PlanOnce<double>, 4>> plans_;
};

Rows in_order(int p, double scale, double first) {
  Rows rows;
  for (int k = 0; k < p; ++k) {
    rows.from.push_back(k);
    rows.scale.push_back(k ? scale : first);
  }
  return rows;
}

}  // namespace

// FFTW's REDFT10 is 2 sum x[l] cos(pi (2l+1) k / 2p); REDFT01 is x[0] + 2 sum_{k>0} x[k] cos(...).
std::unique_ptr<Algorithm> fftw_dct(int p) {
  const double n = p;
  const Stage there = {FFTW_REDFT10, in_order(p, 1, 1), in_order(p, std::sqrt(0.5 / n), 0.5 / std::sqrt(n))};
  const Stage back = {FFTW_REDFT01, in_order(p, std::sqrt(0.5 / n), 1 / std::sqrt(n)), in_order(p, 1, 1)};
  return std::make_unique<FftwAlgorithm>(p, std::array<Stage, 4>{there, back, back, there});
}

std::unique_ptr<Algorithm> fftw_hartley(int p) {
  const double s = 1 / std::sqrt(static_cast<double>(p));
  const Stage stage = {FFTW_DHT, in_order(p, 1, 1), in_order(p, s, s)};
  return std::make_unique<FftwAlgorithm>(p, std::array<Stage, 4>{stage, stage, stage, stage});
}

// FFTW's half-complex order is re 0, re 1, .., re p/2, im (p-1)/2, .., im 1;
// ours re 0, [re p/2,] re 1, im 1, re 2, ...
std::unique_ptr<Algorithm> fftw_dft(int p) {
  const double s = 1 / std::sqrt(static_cast<double>(p));
  std::vector<std::size_t> place = {0};  // where FFTW keeps our row k
  std::vector<double> mirror = {1};      // 2 where a mirror bin goes with the row
  const auto add = [&](std::size_t at, double weight) {
    place.push_back(at);
    mirror.push_back(weight);
  };
  if (p % 2 == 0) add(p / 2, 1);
  for (int k = 1; 2 * k < p; ++k) {
    add(k, 2);
    add(p - k, 2);
  }

  std::array<Stage, 4> stages;
  for (int map = 0; map < 4; ++map) {
    const bool there = map == static_cast<int>(Map::forward) || map == static_cast<int>(Map::inverse_adjoint);
    // HC2R counts each mirror bin. So F = s R2HC, F^-1 = s HC2R, F^T = F^-1 mirror^-1, F^-T = mirror F.
    const bool weighted =
        map == static_cast<int>(Map::forward_adjoint) || map == static_cast<int>(Map::inverse_adjoint);
    stages[map].kind = there ? FFTW_R2HC : FFTW_HC2R;
    Rows spectral = in_order(p, s, s), original = in_order(p, 1, 1);
    for (int k = 0; k < p; ++k) {
      const double weight = weighted ? mirror[k] : 1;
      if (there) {
        spectral.from[k] = place[k];
        spectral.scale[k] = s * weight;
      } else {
        spectral.from[place[k]] = k;
        spectral.scale[place[k]] = s / weight;
      }
    }
    stages[map].in = there ? original : spectral;
    stages[map].out = there ? spectral : original;
  }
  return std::make_unique<FftwAlgorithm>(p, std::move(stages));
}

std::string fftw_name() {
  const std::string full = fftw_version;  // "fftw-3.3.10-sse2-avx-..."
  return "FFTW " + full.substr(5, full.find('-', 5) - 5);
}

}  // namespace tubal
