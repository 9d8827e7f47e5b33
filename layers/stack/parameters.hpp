// The parameters of a model: what each part of the stack declares, where it lies, and how it begins.
//
// Two arenas. The parameter arena holds what files hold. The effective arena is what the layers multiply by:
// a complex map W = Wr + i Wi is the real matrix [[Wr, -Wi], [Wi, Wr]] there. Without complex slices the
// effective arena is the parameter arena's head, and nothing is copied.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "layers/stack/slices.hpp"

namespace tubal {

/// How a parameter starts: everywhere `size`; normal with this standard deviation; uniform in +-size.
struct Initial {
  enum Kind { constant, normal, uniform } kind = constant;
  double size = 0;
};

/// A parameter as files name it.
struct ParameterEntry {
  std::string name;
  std::vector<std::size_t> shape;
  std::size_t offset = 0, outer_stride = 0;  // in the parameter arena
  Initial initial;
  bool decays = false;         // takes weight decay by default
  bool encoder = true;         // counts as the encoder's
  std::vector<int> bins = {};  // bin of each index of axis 0 (maps on spectral slices only)
  std::size_t transform = 0;   // whose bins
  std::size_t size() const;
};

/// Where coordinate o of a complex vector, part 0 (re) or 1 (im), lies in its real one: in heads of `head`
/// coordinates, im `gap` behind re.
struct ComplexOrder {
  std::size_t begin = 0, head = 1, gap = 1;
  std::size_t place(std::size_t o, std::size_t part) const {
    return begin + o / head * 2 * head + part * gap + o % head;
  }
};

/// Several maps that read the same input are one matrix ("stacked"); the outputs of such parts lie in a slice
/// part behind part, or, of a complex slice too, row behind row of L: [rows, parts, out].
enum class Stacking { by_part, by_row };

/// The matrices (or, with in = 0, vectors) that a map has on each slice.
struct SliceMatrices {
  std::vector<std::string> names;  // one a part, without suffix
  std::size_t out = 1, in = 0;
  Stacking stacking = Stacking::by_part;
  // Complex coordinates lie head by head, (re, im) in each; 0: all in one.
  std::size_t out_head = 0, in_head = 0;
  Initial initial = {};
  bool decays = false;
};

class ParameterList {
 public:
  /// From here on a part of the model declares its own:
  /// the places that it is told count from the returned one.
  std::size_t begin_part();
  /// A tensor that is the same in both arenas. Returns its place.
  std::size_t plain(const std::string& name, std::vector<std::size_t> shape, Initial initial, bool decays);
  /// One (stacked) matrix a slice: `names` [real slices, out, in], `names`_complex [complex slices, 2, out,
  /// in]. Returns the places of the effective matrices [parts rows out, rows in], one a slice.
  std::vector<std::size_t> on_slices(const Slices& slices, std::size_t transform,
                                     const SliceMatrices& matrices);
  /// A tensor that no effective one mirrors; only after all others.
  /// Returns its offset in the parameter arena.
  std::size_t outside(const std::string& name, std::vector<std::size_t> shape, Initial initial, bool decays);

  std::vector<ParameterEntry> entries;
  bool encoder = true;  // of what is declared next

  std::size_t size() const { return parameters_; }
  std::size_t effective_size() const { return effective_; }
  /// How many of the parameters, from the first on, effective ones mirror.
  std::size_t mirrored_size() const { return mirrored_; }
  bool has_complex() const { return !complex_.empty(); }
  /// The effective arena from the parameters; needed where has_complex() alone.
  template <class T>
  void to_effective(const T* parameters, T* effective) const;
  /// The adjoint, for gradients: dWr = g_rr + g_ii, dWi = g_ir - g_ri.
  template <class T>
  void from_effective(const T* effective, T* parameters) const;

 private:
  struct Copy {
    std::size_t parameter, effective, count;
  };
  struct ComplexMatrix {  // parameters [2, out, in] to an effective [2 out, 2 in]; in = 0: a vector
    std::size_t parameter, effective, out, in;
    ComplexOrder rows, columns;
  };
  void enter(const std::string& name, std::vector<std::size_t> shape, std::size_t offset, std::size_t stride,
             const Initial& initial, bool decays);

  std::size_t parameters_ = 0, effective_ = 0, mirrored_ = 0, part_ = 0;
  std::vector<Copy> copies_;
  std::vector<ComplexMatrix> complex_;
};

}  // namespace tubal
