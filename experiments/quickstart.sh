#!/usr/bin/env bash
# Installs what is missing, builds in Release and runs the small study of experiments/grids/quickstart.yaml: one-line
# descriptions of Debian packages, from apt's own lists, sorted into sections; then writes the study's report. Arguments go to `tubal run`.
set -euo pipefail
cd "$(dirname "$0")/.."
core/build.sh -DTUBAL_TESTS=OFF
if [[ -z $(apt-cache dumpavail 2>/dev/null | head -c 1) ]]; then
  root=(); ((EUID == 0)) || root=(sudo)
  echo "Fetching apt's package lists, the quickstart's data"
  "${root[@]}" apt-get update -qq
fi
studies=studies arguments=("$@")
for i in "${!arguments[@]}"; do [[ ${arguments[i]} != --studies ]] || studies=${arguments[i + 1]}; done
status=0
"${TUBAL_BUILD:-build}/tubal" run experiments/grids/quickstart.yaml "$@" || status=$?
((status > 1)) || "${TUBAL_BUILD:-build}/tubal" report quickstart --studies "$studies"   # 1: some trials failed, the report says which
exit "$status"
