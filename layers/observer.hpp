// A look at what goes through the model in evaluation. Without one the engine does nothing more than compare
// a pointer a junction.
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
  /// After junction j (0 .. 2 depth, encoder.hpp) of a group: w.x is the stream and state(pass, w, j).rstd
  /// the norm's; for odd j, layer_state(pass, w, (j - 1) / 2).qkv is the attention's. Called by several
  /// workers at once, each with a group of its own, in no fixed order.
  virtual void after_junction(const Pass<T>& pass, const Group& group, std::size_t j, Workspace<T>& w) = 0;
};

}  // namespace tubal
