#!/usr/bin/env bash
# readme.sh TUBAL: runs every ```bash block of experiments/README.md, in order, in a fresh folder.
set -euo pipefail
readme=$(cd "$(dirname "$0")/../.." && pwd)/experiments/README.md
folder=$(mktemp -d "${TMPDIR:-/tmp}/tubal-readme-XXXXXX")
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/bin"
ln -s "$(realpath "$1")" "$folder/bin/tubal"
export PATH=$folder/bin:$PATH
sed -n '/^```bash$/,/^```$/{/^```/d;p}' "$readme" >"$folder/commands"
[[ $(grep -c '^tubal' "$folder/commands") -ge 8 ]] || { echo "FAILED: experiments/README.md has lost its commands"; exit 1; }
cd "$folder"
bash -euxo pipefail commands
