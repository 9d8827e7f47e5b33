#!/usr/bin/env bash
# run.sh SCRIPT.py [WORDS...]: runs a test in a fresh folder (its last argument) that is removed afterwards. SCRIPT is a path; what it
# imports lies beside it, here, or in tests/fault.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source "$here/../fault/python.sh"
folder=$(mktemp -d "${TMPDIR:-/tmp}/tubal-test-XXXXXX")
trap 'rm -rf "$folder"' EXIT
cd "$folder"
PYTHONPATH=$(dirname "$1"):$here:$here/../fault PYTHONDONTWRITEBYTECODE=1 HOME=$folder "$python" "$1" "${@:2}" "$folder"
