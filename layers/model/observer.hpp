// A look at what goes through the model.
// Without one the engine does nothing more than compare a pointer a stage.
#pragma once
#include <cstddef>

namespace tubal {

struct Group;
template <class T>
struct Pass;
template <class T>
struct Workspace;
template <class T>
struct Lane;

/// What a group has just gone through, and where that lies in the workspace. j counts as encoder.hpp does.
enum class Stage {
  embedding,       // w.x
  sublayer,        // step j's output w.y
  junction,        // j = 0 .. steps: the stream w.x, and input, normalised, rstd of state(pass, w, j)
  head,            // losses; in training w.dx and the head's gradient
  junction_back,   // j = steps .. 0: w.dx and, j > 0, w.dy
  sublayer_back,   // w.du and step j's gradient
  embedding_back,  // pass.embedding_gradient
};

template <class T>
class Observer {
 public:
  virtual ~Observer() = default;
  /// Behind a junction what step j - 1 keeps is still there (frame_of). `lane`: in training, else null.
  /// Called by several workers at once, each with a group of its own, in no fixed order.
  virtual void after(Stage stage, const Pass<T>& pass, const Group& group, std::size_t j, Workspace<T>& w,
                     const Lane<T>* lane) = 0;
};

}  // namespace tubal
