#!/usr/bin/env bash
# collect.sh TUBAL STUDY [--studies DIR]: takes what a study has so far into this folder: its trials and curves as CSV,
# the comparison with its tests as JSON (margin: $MARGIN, else one point), its figures as SVG; with AGAINST="KEY=VALUE ..." a second
# comparison, with the cell that has these as the baseline. Run tables.py --write afterwards.
set -euo pipefail
tubal=$(realpath "$1") study=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
folder=$here/$study
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$tubal" export "$study" "$@" --csv --figures --output "$scratch"
"$tubal" compare "$study" "$@" --margin "${MARGIN:-1}" --json >"$scratch/comparison.json"
mkdir -p "$folder"
rm -f "$folder"/*.svg   # of figures that have other names by now
cp "$scratch"/trials.csv "$scratch"/curves.csv "$scratch"/*.svg "$folder"
cp "$scratch/comparison.json" "$folder/comparison.json"
rm -f "$folder/against.json"
if [ "${AGAINST:-}" ]; then
  read -ra values <<<"$AGAINST"
  "$tubal" compare "$study" "$@" "${values[@]/#/--baseline=}" --margin "${MARGIN:-1}" --json >"$scratch/against.json"
  cp "$scratch/against.json" "$folder/against.json"
fi
