// The transform interface: an invertible map L along the tubes of x [T, p, m],
// xhat[t,k,i] = sum_l L[k,l] x[t,l,i].
//
// Storage of the spectral domain. A complex L of real input keeps one bin of each conjugate pair, so every
// transform is a real invertible p x p matrix F ("stored" rows): real slices take one row each and come
// first, then each complex slice takes two rows (real part, imaginary part). xhat is [T, p, m] again; slice
// widths are m (real) or 2m (complex).
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/tensor.hpp"

namespace tubal {

/// One spectral slice. `bin` is k in the mathematics (DFT bin, DCT index); `frequency` f_k is in [0, 1].
struct Slice {
  int bin = 0;
  bool complex = false;
  double frequency = 0;
};

/// L for one p, immutable, safe to share between threads.
class TransformPlan {
 public:
  virtual ~TransformPlan() = default;
  virtual int p() const = 0;
  /// In storage order: real slices, then complex ones. sum(1 or 2) = p.
  virtual const std::vector<Slice>& slices() const = 0;
  /// l where L^H L = l I for the full (complex) L, 0 if there is none.
  virtual double scale() const = 0;
  /// F and F^-1, [p, p]: stored spectral rows from original slices, and back.
  virtual const Tensor<double, 2>& forward_matrix() const = 0;
  virtual const Tensor<double, 2>& inverse_matrix() const = 0;
  /// The full L [p, p] (bins 0..p-1), complex for complex transforms.
  virtual Tensor<Complex, 2> matrix() const = 0;

  /// Whether the maps below run a scheme of the transform's own rather than the p x p product, on slices of m
  /// numbers of sizeof(T) = scalar_size bytes. Says the same on every machine, so that results do not depend
  /// on timings (README.md has the measurements).
  virtual bool own_scheme_is_faster(std::size_t m, std::size_t scalar_size) const = 0;
  /// What runs there, for people: "p x p product", "fftw r2r", "plane rotations",
  /// "butterflies", "plug-in", ...
  virtual std::string description(std::size_t m, std::size_t scalar_size) const = 0;

  /// y = F x, F^-1 x, F^T x, F^-T x along the tubes of T rows [p, m], contiguous; x and y must not overlap.
  /// A NaN or infinity in x reaches y. Relative error about p*eps of the type. Any number of threads may call
  /// them at once; no locks, and no allocation after a thread's first call of its size.
  virtual void forward(const float* x, float* y, std::size_t T, std::size_t m) const = 0;
  virtual void forward(const double* x, double* y, std::size_t T, std::size_t m) const = 0;
  virtual void inverse(const float* x, float* y, std::size_t T, std::size_t m) const = 0;
  virtual void inverse(const double* x, double* y, std::size_t T, std::size_t m) const = 0;
  virtual void forward_adjoint(const float* x, float* y, std::size_t T, std::size_t m) const = 0;
  virtual void forward_adjoint(const double* x, double* y, std::size_t T, std::size_t m) const = 0;
  virtual void inverse_adjoint(const float* x, float* y, std::size_t T, std::size_t m) const = 0;
  virtual void inverse_adjoint(const double* x, double* y, std::size_t T, std::size_t m) const = 0;
};

/// What a configuration says of a transform; unused fields keep their defaults.
struct TransformSpec {
  std::string name = "dct";
  std::string init = "dct";                    // learned_orthogonal: the base B
  std::string parametrization = "cayley";      // learned_orthogonal: cayley | exponential | householder
  std::uint64_t seed = 0;                      // permutation, random_orthogonal
  std::string file, dataset;                   // matrix: HDF5, NPY or CSV file, and the HDF5 data set's name
  std::map<std::string, std::string> options;  // plug-ins: passed through
  bool operator==(const TransformSpec&) const = default;
};

/// A transform with its options bound, for any p that it takes.
class Transform {
 public:
  virtual ~Transform() = default;
  virtual std::string name() const = 0;
  /// Why this p is refused and what would be accepted, or nothing.
  virtual std::optional<std::string> refuses(int p) const = 0;
  /// Fixed transforms: the plan. Learned ones: the plan at the initial parameters.
  /// Throws UsageError where refused.
  virtual std::unique_ptr<TransformPlan> plan(int p) const = 0;

  /// Learned transforms: parameters theta in float64 (0 of them: fixed).
  virtual std::size_t parameter_count(int) const { return 0; }
  virtual std::vector<double> initial_parameters(int) const { return {}; }
  virtual std::unique_ptr<TransformPlan> plan(int p, std::span<const double> theta) const;
  /// d loss / d theta from dF = d loss / d F and dI = d loss / d F^-1, both [p, p], taken as independent.
  virtual std::vector<double> gradient(int p, std::span<const double> theta, const Tensor<double, 2>& dF,
                                       const Tensor<double, 2>& dI) const;
};

/// One line of the registration table.
struct TransformEntry {
  std::string name;
  std::string summary;    // one line for `tubal transforms`
  std::string allowed_p;  // for people: "any", "powers of two"
  std::unique_ptr<Transform> (*make)(const TransformSpec&);
  std::vector<std::string> options;  // the TransformSpec fields that it reads
};

/// Built-in transforms, one line each (transforms/table.cpp).
const std::vector<TransformEntry>& transform_table();

/// From a specification; built-in names first, then loaded plug-ins. An unknown name is a UsageError that
/// lists what there is and the nearest name.
std::unique_ptr<Transform> make_transform(const TransformSpec& spec);

}  // namespace tubal
