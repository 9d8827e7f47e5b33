#include "core/error.hpp"
#include "transforms/plugins.hpp"
#include "transforms/transform.hpp"

namespace tubal {

// One file each in this folder.
using Make = std::unique_ptr<Transform>(const TransformSpec&);
Make make_dct, make_dft, make_hartley, make_haar, make_hadamard, make_cosine_product, make_identity,
    make_permutation, make_random_orthogonal, make_learned_orthogonal, make_matrix;

std::unique_ptr<TransformPlan> Transform::plan(int p, std::span<const double>) const { return plan(p); }

std::vector<double> Transform::gradient(int, std::span<const double>, const Tensor<double, 2>&,
                                        const Tensor<double, 2>&) const {
  return {};
}

const std::vector<TransformEntry>& transform_table() {
  static const std::vector<TransformEntry> table = {
      {"dct", "orthonormal DCT-II", "any", make_dct, {}},
      {"dft", "unitary discrete Fourier transform, complex slices", "any", make_dft, {}},
      {"hartley", "Hartley: the Fourier transform's real cousin", "any", make_hartley, {}},
      {"haar", "orthonormal Haar wavelets over a balanced tree", "any", make_haar, {}},
      {"hadamard", "Walsh-Hadamard in sequency order", "powers of two", make_hadamard, {}},
      {"cosine_product",
       "Kernfeld, Kilmer and Aeron's W^-1 C (I+Z), not orthogonal",
       "any",
       make_cosine_product,
       {}},
      {"identity", "control: slices never mix", "any", make_identity, {}},
      {"permutation", "control: seeded permutation of the slices", "any", make_permutation, {"seed"}},
      {"random_orthogonal",
       "control: seeded, uniform over orthogonal matrices",
       "any",
       make_random_orthogonal,
       {"seed"}},
      {"learned_orthogonal",
       "Q(theta) B, learned from the base `init`",
       "as init",
       make_learned_orthogonal,
       {"init", "parametrization", "seed", "file", "dataset"}},
      {"matrix",
       "any invertible matrix, read from HDF5, NPY or CSV",
       "its size",
       make_matrix,
       {"file", "dataset"}},
  };
  return table;
}

std::unique_ptr<Transform> make_transform(const TransformSpec& spec) {
  std::vector<std::string> names;
  for (const TransformEntry& entry : transform_table()) {
    if (entry.name == spec.name) return entry.make(spec);
    names.push_back(entry.name);
  }
  for (const Plugin* plugin : loaded_plugins()) {
    if (plugin->entry.name == spec.name) return plugin->entry.make(spec);
    names.push_back(plugin->entry.name);
  }
  throw UsageError(
      "", 0, "model.transform",
      "`" + spec.name + "` is no transform; there are " + join(names) + ". " +
          did_you_mean(spec.name, names) +
          " (a plug-in's transform is there once loaded: --plugin FILE.so, plugins: in the grid, or "
          "TUBAL_PLUGIN_PATH)");
}

}  // namespace tubal
