#!/usr/bin/env bash
# build.sh [CMAKE OPTIONS]: builds the program and the tests of core/, transforms/ and layers/ for 64-bit Arm with Debian's cross
# compiler (-DTUBAL_MARCH=armv8.2-a and the like name a processor) and runs them, and the golden cases by `tubal verify`, under
# qemu-user. The libraries are Debian's packages for arm64, unpacked in build-aarch64/root: nothing of the system's is replaced.
# An hour on two cores; no part of continuous integration.
set -euo pipefail
cd "$(dirname "$0")/../.."
core/packages.sh g++-12-aarch64-linux-gnu qemu-user-static cmake ninja-build pkg-config
build=$PWD/build-aarch64
export TUBAL_ROOT=$build/root
if [ ! -e "$build/root.done" ]; then
  rm -rf "$build/apt" "$TUBAL_ROOT"
  mkdir -p "$build"/apt/{lists,archives}/partial "$TUBAL_ROOT"
  : >"$build/apt/status"
  apt=(-qq -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o "Dir::State=$build/apt" -o "Dir::State::status=$build/apt/status"
    -o "Dir::Cache=$build/apt" -o APT::Sandbox::User=root)
  apt-get "${apt[@]}" update
  apt-get "${apt[@]}" install -y --no-install-recommends --download-only libc6-dev libstdc++-12-dev libgomp1 libopenblas-pthread-dev \
    libopenblas-dev libfftw3-dev libhdf5-dev libssl-dev libboost-dev libboost-program-options-dev zlib1g-dev liblzma-dev libyaml-cpp-dev \
    libsentencepiece-dev nlohmann-json3-dev libxtensor-dev libxtensor-blas-dev libxsimd-dev catch2
  for package in "$build"/apt/archives/*.deb; do dpkg -x "$package" "$TUBAL_ROOT"; done
  # What an installation does: /lib is /usr/lib, and OpenBLAS is chosen among the BLAS libraries, HDF5 without MPI among its two.
  cp -a "$TUBAL_ROOT/lib/." "$TUBAL_ROOT/usr/lib/"
  rm -r "$TUBAL_ROOT/lib"
  ln -s usr/lib "$TUBAL_ROOT/lib"
  libraries=$TUBAL_ROOT/usr/lib/aarch64-linux-gnu
  for file in "$libraries"/openblas-pthread/*.so* "$libraries"/openblas-pthread/pkgconfig/*.pc; do
    ln -sfr "$file" "$libraries/${file#"$libraries"/openblas-pthread/}"
  done
  ln -sfr "$libraries"/hdf5/serial/*.so "$libraries"
  find "$TUBAL_ROOT/usr/lib" -lname '/*' | while read -r link; do ln -sfr "$TUBAL_ROOT$(readlink "$link")" "$link"; done
  touch "$build/root.done"
fi
export PKG_CONFIG_SYSROOT_DIR=$TUBAL_ROOT PKG_CONFIG_LIBDIR=$TUBAL_ROOT/usr/lib/aarch64-linux-gnu/pkgconfig:$TUBAL_ROOT/usr/share/pkgconfig
cmake -S . -B "$build" -G Ninja -DCMAKE_TOOLCHAIN_FILE="$PWD/tests/aarch64/toolchain.cmake" -DTUBAL_TESTS=ON "$@"
cmake --build "$build" --target tubal test_core test_transforms test_layers
run() { qemu-aarch64-static -L "$TUBAL_ROOT" "$@"; }
run "$build/tubal" --version
run "$build/tubal" verify tests/golden/*.h5 | tail -n 1
for part in core transforms layers; do
  echo "test_$part"
  run "$build/tests/test_$part"
done
