#!/usr/bin/env bash
# Installs what a build needs and builds in Release: build.sh [cmake options]. The folder is build/, or $TUBAL_BUILD; $TUBAL_TARGETS
# names what is built where that is not all.
set -euo pipefail
cd "$(dirname "$0")/.."
core/packages.sh g++ cmake ninja-build ccache pkg-config libxtensor-dev libxtensor-blas-dev libxsimd-dev libopenblas-dev \
  libfftw3-dev libhdf5-dev libboost-dev libboost-program-options-dev libyaml-cpp-dev nlohmann-json3-dev libssl-dev zlib1g-dev liblzma-dev \
  libsentencepiece-dev libdnnl-dev catch2
command -v npm >/dev/null || core/packages.sh npm ca-certificates   # a node from elsewhere brings its own
build=${TUBAL_BUILD:-build}
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release "$@" >"${TMPDIR:-/tmp}/tubal-configure.$$" ||
  { cat "${TMPDIR:-/tmp}/tubal-configure.$$"; exit 1; }
rm -f "${TMPDIR:-/tmp}/tubal-configure.$$"
cmake --build "$build" ${TUBAL_TARGETS:+--target $TUBAL_TARGETS}
