#!/usr/bin/env bash
# new_seeds.sh BUILD: the seeds made anew cover the committed targets, and replay accepts them.
set -euo pipefail
build=$(realpath "$1") here=$(cd "$(dirname "$0")" && pwd)
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
"$here/make_seeds.sh" "$build" "$made"
diff <(ls "$here/seeds") <(ls "$made")
cd "$made"
"$build/tests/replay" --runs 1 "$made" $(ls "$made")
