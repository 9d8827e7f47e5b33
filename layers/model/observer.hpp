// A look at what goes through the model in evaluation.
// Without one the engine does nothing more than compare a pointer a junction.
#pragma once
#include <cstddef>

namespace tubal {

struct Group;
template <class T>
struct Pass;
template <class T>
struct Workspace;

template <class T>
class Observer {
 public:
  virtual ~Observer() = default;
  /// After junction j (0 .. steps, encoder.hpp) of a group: w.x is the stream, state(pass, w, j).rstd the
  /// norm's, and what step j - 1 keeps is still there (frame_of). Called by several workers at once, each
  /// with a group of its own, in no fixed order.
  virtual void after_junction(const Pass<T>& pass, const Group& group, std::size_t j, Workspace<T>& w) = 0;
};

}  // namespace tubal
