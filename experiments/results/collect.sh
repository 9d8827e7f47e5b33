#!/usr/bin/env bash
# collect.sh TUBAL STUDY [--studies DIR]: takes what a study has so far into this folder: its trials and curves as CSV,
# the comparison with its tests as JSON (margin: $MARGIN, else one point), its figures as SVG. Run tables.py --write afterwards.
set -euo pipefail
tubal=$(realpath "$1") study=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
folder=$here/$study
mkdir -p "$folder"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$tubal" export "$study" "$@" --csv --figures --output "$scratch"
rm -f "$folder"/*.svg   # of figures that have other names by now
cp "$scratch"/trials.csv "$scratch"/curves.csv "$scratch"/*.svg "$folder"
"$tubal" compare "$study" "$@" --margin "${MARGIN:-1}" --json >"$scratch/comparison.json"
cp "$scratch/comparison.json" "$folder/comparison.json"
