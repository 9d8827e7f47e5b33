#!/usr/bin/env bash
# The tables of the results are what the exported files beside them say, and a changed digit is noticed.
set -euo pipefail
results=$(cd "$(dirname "$0")/../../experiments/results" && pwd)
python3 -B "$results/tables.py"
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
for study in "$results"/*/; do
  rm -rf "$copy/experiments"
  mkdir -p "$copy/experiments"
  cp -r "$results" "$copy/experiments/results"
  cp "$results/../../README.md" "$copy"
  # A table of cells rests on the comparison, a table of trials on trials.csv.
  if grep -q "<!-- results: $(basename "$study")[ >]" "$results/README.md"; then
    file=$copy/experiments/results/$(basename "$study")/comparison.json
    change='0,/"(accuracy|loss)": ([0-9]+)\.[0-9]/s//"\1": \2.0/'
  else
    file=$copy/experiments/results/$(basename "$study")/trials.csv
    change='s/,0\.[0-9]+/,0.5/g'
  fi
  cp "$file" "$copy/before"
  sed -i -E "$change" "$file"
  ! cmp -s "$file" "$copy/before"
  if python3 -B "$copy/experiments/results/tables.py" >/dev/null 2>&1; then
    echo "$(basename "$study"): a changed figure went unnoticed"
    exit 1
  fi
done
