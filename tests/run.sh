#!/usr/bin/env bash
# Installs what is missing, builds in Release and runs every test; arguments go to ctest (for example -R golden).
# With --sanitize first: what reads and computes, under AddressSanitizer and UndefinedBehaviorSanitizer, with --sanitize=tsan under
# ThreadSanitizer, with --sanitize=quick the units of core/, transforms/ and layers/ alone (tests/sanitize/README.md).
set -euo pipefail
cd "$(dirname "$0")/.."
sanitizer=
case ${1:-} in
  --sanitize | --sanitize=asan-ubsan) sanitizer=asan-ubsan ;;
  --sanitize=tsan | --sanitize=quick) sanitizer=${1#*=} ;;
  --sanitize=*) echo "run.sh: ${1#*=} is no sanitizer; there are asan-ubsan, tsan and quick" >&2; exit 2 ;;
esac
core/packages.sh python3 python3-xarray python3-h5netcdf python3-netcdf4 netcdf-bin python3-h5py python3-numpy hdf5-tools git python3-pandas gnuplot-nox texlive-latex-recommended
core/packages.sh slurm-wlm munge || echo "Slurm cannot be installed here: its test will be skipped."
core/packages.sh chromium fonts-dejavu-core || echo "Chromium cannot be installed here: the report's browser test will be skipped."
core/packages.sh clang-format || echo "clang-format cannot be installed here: the form of C++ will not be checked."
core/packages.sh libopenblas0-openmp libopenblas0-serial || echo "Other variants of OpenBLAS cannot be installed here: their test will be skipped."
core/packages.sh groff-base mandoc zsh fish dpkg-dev file || echo "Not all shells and tools of the install tests can be had here: those tests say what they leave out."
if [ "$sanitizer" ]; then
  shift
  source tests/sanitize/settings.sh "$sanitizer"
  set -- "${without[@]}" "$@"
fi
core/build.sh -DTUBAL_TESTS=ON ${options[@]+"${options[@]}"}
build=$SECONDS
# Many tests wait for processes and timers: two more at a time than there are cores.
ctest --test-dir "${TUBAL_BUILD:-build}" --output-on-failure -j "$(($(nproc) + 2))" "$@" | tests/times.py "$build"
