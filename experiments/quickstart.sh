#!/usr/bin/env bash
# quickstart.sh [language] [options of `tubal run`]: installs what is missing, builds in Release and runs a small study on real text without a
# download, the one-line descriptions of Debian packages from apt's own lists; then writes the study's report. Without `language` the
# descriptions are sorted into sections (grids/quickstart.yaml), with it they are learnt character by character and a sample
# is printed (grids/quickstart-language.yaml).
set -euo pipefail
cd "$(dirname "$0")/.."
study=quickstart
[[ ${1:-} != language ]] || { study=quickstart-language; shift; }
core/build.sh -DTUBAL_TESTS=OFF
if [[ -z $(apt-cache dumpavail 2>/dev/null | head -c 1) ]]; then
  root=(); ((EUID == 0)) || root=(sudo)
  echo "Fetching apt's package lists, the quickstart's data"
  "${root[@]}" apt-get update -qq
fi
tubal=${TUBAL_BUILD:-build}/tubal studies=studies arguments=("$@")
for i in "${!arguments[@]}"; do [[ ${arguments[i]} != --studies ]] || studies=${arguments[i + 1]}; done
status=0
"$tubal" run "experiments/grids/$study.yaml" "$@" || status=$?
((status > 1)) || "$tubal" report "$study" --studies "$studies"   # 1: some trials failed, the report says which
if [[ $study == quickstart-language ]] && ((status == 0)); then
  for trial in "$studies/$study"/trials/*; do
    echo "A sample of $(basename "$trial"):"
    "$tubal" generate "$study/$(basename "$trial")" --studies "$studies" --tokens 400 --temperature 0.8 --seed 1
  done
fi
exit "$status"
