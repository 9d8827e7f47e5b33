#!/usr/bin/env bash
# Installs what is missing, builds in Release and runs every test; arguments go to ctest (for example -R golden).
set -euo pipefail
cd "$(dirname "$0")/.."
core/packages.sh python3 python3-xarray python3-h5netcdf python3-netcdf4 netcdf-bin python3-h5py python3-numpy hdf5-tools git python3-pandas gnuplot-nox texlive-latex-recommended
core/packages.sh slurm-wlm munge || echo "Slurm cannot be installed here: its test will be skipped."
core/packages.sh chromium fonts-dejavu-core || echo "Chromium cannot be installed here: the report's browser test will be skipped."
core/packages.sh clang-format || echo "clang-format cannot be installed here: the form of C++ will not be checked."
core/packages.sh groff-base mandoc zsh fish dpkg-dev file || echo "Not all shells and tools of the install tests can be had here: those tests say what they leave out."
core/build.sh -DTUBAL_TESTS=ON
ctest --test-dir "${TUBAL_BUILD:-build}" --output-on-failure -j "$(nproc)" "$@"
