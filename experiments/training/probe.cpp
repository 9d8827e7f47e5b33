#include "experiments/training/probe.hpp"

#include <algorithm>
#include <cmath>

#include "core/blas.hpp"
#include "core/eigenvalues.hpp"
#include "experiments/data/batches.hpp"
#include "layers/stack/frequency_scaling.hpp"

namespace tubal {

// The symmetric part of a rotation has the eigenvalues cos(theta).
double largest_angle(const Tensor<double, 2>& R) {
  const Tensor<double, 2> symmetric = (R + xt::transpose(R)) / 2;
  if (!std::all_of(symmetric.begin(), symmetric.end(), [](double x) { return std::isfinite(x); })) return NAN;
  std::vector<double> cosines(R.shape(0));
  symmetric_eigenvalues(cosines.size(), symmetric.data(), cosines.data());
  return std::acos(std::clamp(cosines.front(), -1., 1.));
}

static const NamedTensor<float>* find(const std::vector<NamedTensor<float>>& all, const std::string& name) {
  for (const NamedTensor<float>& t : all)
    if (t.name == name) return &t;
  return nullptr;
}

std::size_t probe_tokens(std::size_t training_tokens) {
  return std::clamp<std::size_t>(training_tokens / 256, 256, 4096);
}

Batch probe_batch(const Dataset& data, const DataConfig& config) {
  const Part& part = data.validation.size() > 0 ? data.validation : data.train;
  const std::size_t wanted = probe_tokens(data.train.tokens.size());
  if (data.language) {
    const Windows windows(part, config.max_length, config.cross_documents);
    std::vector<std::size_t> order = shuffled_rows(windows.count(), 0, Purpose::probe);
    const auto context = static_cast<std::size_t>(config.max_length);
    order.resize(std::min(order.size(), (wanted + context - 1) / context));
    return windows.numbered(order);
  }
  const std::vector<std::size_t> order = shuffled_rows(part.size(), 0, Purpose::probe);
  std::size_t tokens = 0, count = 0;
  while (count < order.size() && tokens < wanted) tokens += part.length(order[count++]);
  return make_batch(part, {order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count)});
}

Probe::Probe(const ModelConfig& config, Batch batch) : config_(config), batch_(std::move(batch)) {
  if (config.kind != ModelKind::transformer) return;
  const std::vector<TransformSpec> cycle = transform_cycle(config);
  for (std::size_t i = 0; i < cycle.size(); ++i) {
    std::unique_ptr<Transform> transform = make_transform(cycle[i]);
    const std::unique_ptr<TransformPlan> plan = transform->plan(config.p);
    std::vector<SliceInfo> slices;
    for (const Slice& s : plan->slices()) slices.push_back({s.bin, s.complex, s.frequency});
    if (slices.size() > slices_.size()) slices_ = slices;
    of_transform_.push_back(std::move(slices));
    const bool learned = transform->parameter_count(config.p) > 0;
    if (transform_ && (!learned || !skew_.empty())) continue;
    if (learned) skew_ = "transform." + (cycle.size() > 1 ? std::to_string(i) + "." : "") + "skew";
    transform_ = std::move(transform);
    start_ = plan->matrix();
    scale_ = plan->scale();
  }
}

namespace {

// A complex matrix as two real ones, for products.
struct Parts {
  explicit Parts(const Tensor<Complex, 2>& L) : real(L.size()), imaginary(L.size()) {
    for (std::size_t i = 0; i < L.size(); ++i) {
      real[i] = L.data()[i].real();
      imaginary[i] = L.data()[i].imag();
      complex |= imaginary[i] != 0;
    }
  }
  std::vector<double> real, imaginary;
  bool complex = false;
};

}  // namespace

std::optional<TransformPoint> Probe::transform(Learner& learner, int epoch) const {
  if (!transform_) return {};
  const bool learned = !skew_.empty();
  if (!learned && epoch > 0) return {};
  Tensor<Complex, 2> L = start_;
  if (learned) {
    const auto parameters = learner.parameters(false);
    const NamedTensor<float>& t = *find(parameters, skew_);
    L = transform_->plan(config_.p, std::vector<double>(t.value, t.value + t.size()))->matrix();
  }
  const std::size_t p = L.shape(0);
  TransformPoint point;
  point.epoch = epoch;
  const Parts now(L), start(start_);
  // L L(start)^H / scale, its real part: the rotation so far; L^H L / scale: the identity, but for rounding.
  Tensor<double, 2> R({p, p});
  std::vector<double> gram(p * p), skew(p * p);
  const double part = scale_ > 0 ? 1 / scale_ : 1;
  const auto square = [p](auto& x) { return contiguous(x.data(), p, p); };
  const MatrixView<const double> re = square(now.real), im = square(now.imaginary);
  gemm(part, re, transposed(square(start.real)), 0.0, square(R));
  gemm(part, transposed(re), re, 0.0, square(gram));
  if (now.complex || start.complex) {
    gemm(part, im, transposed(square(start.imaginary)), 1.0, square(R));
    gemm(part, transposed(im), im, 1.0, square(gram));
    gemm(part, transposed(re), im, 0.0, square(skew));
  }
  double drift = 0, size = 0, error = 0;
  for (std::size_t i = 0; i < p; ++i)
    for (std::size_t j = 0; j < p; ++j) {
      error += std::norm(Complex(gram[i * p + j] - (i == j), skew[i * p + j] - skew[j * p + i]));
      drift += std::norm(L(i, j) - start_(i, j));
      size += std::norm(start_(i, j));
    }
  const bool complex = start.complex;
  point.real = now.real;
  point.imaginary = now.imaginary;
  if (!complex) point.imaginary.clear();
  point.orthogonality_error = std::sqrt(error);
  point.drift_from_init = std::sqrt(drift / size);
  point.largest_angle = !learned ? 0 : scale_ > 0 && !complex ? largest_angle(R) : unknown;
  return point;
}

std::optional<SpectrumPoint> Probe::spectrum(Learner& learner, int epoch) const {
  if (!transform_) return {};
  const std::size_t S = slices_.size(), layers = static_cast<std::size_t>(config_.depth);
  const auto of_layer = [&](std::size_t i) -> const std::vector<SliceInfo>& {
    return of_transform_[i % of_transform_.size()];
  };
  SpectrumPoint point;
  point.epoch = epoch;
  std::vector<double> weight(layers * S, unknown), gradient(layers * S, unknown);
  for (std::size_t i = 0; i < layers; ++i)
    for (std::size_t k = 0; k < of_layer(i).size(); ++k) weight[i * S + k] = gradient[i * S + k] = 0;
  const auto parameters = learner.parameters(false);
  for (const NamedTensor<float>& t : parameters) {
    // layers.{i}.{query,...}.{weight,left,right}[_complex]: axis 0 runs over the real (complex) slices.
    const auto is = [&](const char* part) { return t.name.find(part) != std::string::npos; };
    if (!t.by_slice || !(is(".weight") || is(".left") || is(".right"))) continue;
    const std::size_t layer = std::stoul(t.name.substr(7));
    const std::vector<SliceInfo>& slices = of_layer(layer);
    const auto real = std::count_if(slices.begin(), slices.end(), [](auto& s) { return !s.complex; });
    const std::size_t first = t.name.ends_with("_complex") ? static_cast<std::size_t>(real) : 0;
    for (std::size_t k = 0; k < t.shape[0]; ++k) {
      double w = 0, g = 0;
      for (std::size_t i = 0, n = t.size() / t.shape[0]; i < n; ++i) {
        const double x = t.value[k * t.outer_stride + i], dx = t.gradient[k * t.outer_stride + i];
        w += x * x;
        g += dx * dx;
      }
      weight[layer * S + first + k] += w;
      gradient[layer * S + first + k] += g;
    }
  }
  for (double& x : weight) x = std::sqrt(x);
  for (double& x : gradient) x = std::sqrt(x);
  point.values["weight_norm"] = weight;
  if (epoch > 0) point.values["gradient_norm"] = gradient;
  const SliceFigures seen = learner.slice_figures(batch_);
  point.values["energy"] = seen.energy;
  point.values["effective_rank"] = seen.effective_rank;
  point.values["attention_entropy"] = seen.attention_entropy;
  point.values["off_diagonal_mixing"] = seen.off_diagonal_mixing;

  const FrequencyScalingConfig& f = config_.frequency_scaling;
  const bool by_original = scales_original_slices(config_);
  if (f.kind != ScalingKind::none && (!by_original || S == static_cast<std::size_t>(config_.p))) {
    std::vector<double> learned;
    if (const NamedTensor<float>* t = find(parameters, "frequency_scaling.gain"))
      learned.assign(t->value, t->value + t->size());
    std::vector<double>& gains = point.values["gain"];
    gains.assign(layers * S, unknown);
    for (std::size_t i = 0; i < layers; ++i) {  // factors go by bin, slices by storage
      const std::vector<SliceInfo>& slices = of_layer(i);
      std::vector<double> frequency(slices.size());
      for (const SliceInfo& s : slices) frequency[static_cast<std::size_t>(s.bin)] = s.frequency;
      const std::vector<double> gain = scaling_factors(f, slices.size(), frequency, learned);
      for (std::size_t k = 0; k < slices.size(); ++k)
        gains[i * S + k] = gain[static_cast<std::size_t>(slices[k].bin)];
    }
  }
  return point;
}

}  // namespace tubal
