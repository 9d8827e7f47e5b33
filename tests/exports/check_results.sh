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
  file=$copy/experiments/results/$(basename "$study")/comparison.json
  cp "$file" "$copy/before"
  sed -i -E '0,/"(accuracy|loss)": ([0-9]+)\.[0-9]/s//"\1": \2.0/' "$file"
  ! cmp -s "$file" "$copy/before"
  if python3 -B "$copy/experiments/results/tables.py" >/dev/null 2>&1; then
    echo "$(basename "$study"): a changed figure went unnoticed"
    exit 1
  fi
done
