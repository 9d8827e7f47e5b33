#!/usr/bin/env bash
# run.sh SCRIPT.py [WORDS...] TUBAL: runs a fault test in a fresh folder that is removed afterwards.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source "$here/python.sh"
folder=$(mktemp -d "${TMPDIR:-/tmp}/tubal-fault-XXXXXX")
trap 'rm -rf "$folder"' EXIT
PYTHONPATH=$here PYTHONDONTWRITEBYTECODE=1 HOME=$folder "$python" "$here/$1" "${@:2}" "$folder" ${FAULT_MORE:-}
