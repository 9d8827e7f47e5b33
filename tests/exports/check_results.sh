#!/usr/bin/env bash
# The tables of the results are what the exported files beside them say, and a changed digit is noticed.
set -euo pipefail
results=$(cd "$(dirname "$0")/../../experiments/results" && pwd)
python3 -B "$results/tables.py"
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
unnoticed() {  # FILE CHANGE: a copy of the results with it is still said to hold
  cp "$1" "$copy/before"
  sed -i -E "$2" "$1"
  ! cmp -s "$1" "$copy/before"
  python3 -B "$copy/experiments/results/tables.py" >/dev/null 2>&1
}
fresh() {
  rm -rf "$copy/experiments"
  mkdir -p "$copy/experiments"
  cp -r "$results" "$copy/experiments/results"
  cp "$results/../../README.md" "$copy"
}
figure='0,/"(accuracy|loss)": ([0-9]+)\.[0-9]/s//"\1": \2.0/' difference='s/"difference": (-?[0-9]+)\.[0-9]+/"difference": \1.5/'
for study in "$results"/*/; do
  name=$(basename "$study") there=$copy/experiments/results/$(basename "$study")
  fresh
  # A table of cells rests on the comparison, a table of trials on trials.csv.
  if grep -q "<!-- results: $name[ >]" "$results/README.md"; then
    ! unnoticed "$there/comparison.json" "$figure" || { echo "$name: a changed figure went unnoticed"; exit 1; }
  else
    ! unnoticed "$there/trials.csv" 's/,0\.[0-9]+/,0.5/g' || { echo "$name: a changed figure went unnoticed"; exit 1; }
  fi
  if [ -e "$there/against.json" ]; then
    fresh
    ! unnoticed "$there/against.json" "$difference" || { echo "$name: a changed difference went unnoticed"; exit 1; }
  fi
done
