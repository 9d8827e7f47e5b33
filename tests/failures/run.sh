#!/usr/bin/env bash
# run.sh SCRIPT.py [WORDS...] TUBAL: runs a test in a fresh folder (its last argument) that is removed afterwards.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source "$here/../fault/python.sh"
folder=$(mktemp -d "${TMPDIR:-/tmp}/tubal-failures-XXXXXX")
trap 'rm -rf "$folder"' EXIT
cd "$folder"
PYTHONPATH=$here:$here/../fault:$here/../streams PYTHONDONTWRITEBYTECODE=1 HOME=$folder "$python" "$here/$1" "${@:2}" "$folder"
