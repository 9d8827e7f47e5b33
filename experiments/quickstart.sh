#!/usr/bin/env bash
# quickstart.sh [language] [options of `tubal run`]: runs a small study on real text without a download, the one-line descriptions
# of Debian packages from apt's own lists, and writes its report. Without `language` the descriptions are sorted into sections
# (grids/quickstart.yaml), with it they are learnt character by character and samples are printed (grids/quickstart-language.yaml).
# In the source tree it first installs what is missing and builds in Release; from where tubal is installed
# (share/doc/tubal/experiments) it takes that program, and the study goes into the current folder.
set -euo pipefail
study=quickstart
[[ ${1:-} != language ]] || { study=quickstart-language; shift; }
here=$(cd "$(dirname "$0")" && pwd)
if [[ -x $here/../core/build.sh ]]; then
  cd "$here/.."
  core/build.sh -DTUBAL_TESTS=OFF
  tubal=${TUBAL_BUILD:-build}/tubal
else
  tubal=$here/../../../../bin/tubal
  [[ -x $tubal ]] || tubal=tubal
fi
if [[ -z $(apt-cache dumpavail 2>/dev/null | head -c 1) ]]; then
  root=(); ((EUID == 0)) || root=(sudo)
  echo "Fetching apt's package lists, the quickstart's data"
  "${root[@]}" apt-get update -qq
fi
studies=studies arguments=("$@")
for i in "${!arguments[@]}"; do [[ ${arguments[i]} != --studies ]] || studies=${arguments[i + 1]}; done
status=0
"$tubal" run "$here/grids/$study.yaml" "$@" || status=$?
((status > 1)) || "$tubal" report "$study" --studies "$studies"   # 1: some trials failed, the report says which
if [[ $study == quickstart-language ]] && ((status == 0)); then
  for trial in "$studies/$study"/trials/*; do
    echo "A sample of $(basename "$trial"):"
    "$tubal" generate "$study/$(basename "$trial")" --studies "$studies" --tokens 400 --temperature 0.8 --seed 1
  done
fi
exit "$status"
