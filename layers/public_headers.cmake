# What `#include <tubal/...>` gives: the headers of the installed libraries, and nothing else is installed. A header in this list
# includes headers of this list alone (tests/layers/library.sh compiles each one outside the tree).
set(TUBAL_PUBLIC_HEADERS
  core/cause.hpp core/error.hpp core/tensor.hpp
  transforms/algorithm.hpp transforms/dense.hpp transforms/laws.hpp transforms/plan.hpp transforms/plugins.hpp transforms/transform.hpp
  layers/choices.hpp layers/lproduct/lproduct.hpp layers/model.hpp layers/model/generation.hpp layers/model_config.hpp)
