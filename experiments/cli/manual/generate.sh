#!/usr/bin/env bash
# Manual page and shell completions from the program's own words: generate.sh FOLDER COMMAND..., where COMMAND runs tubal (also
# through an emulator). Writes tubal.1, tubal.bash, _tubal (zsh) and tubal.fish; `generate.sh - COMMAND...` prints the records.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$1; shift
unset TUBAL_PLUGIN_PATH
export LC_ALL=C
work=$(mktemp -d "${TMPDIR:-/tmp}/tubal-manual.XXXXXX")
trap 'rm -rf "$work"' EXIT

"$@" --help >"$work/help"
{
  echo @version; "$@" --version
  echo @general; cat "$work/help"
  for command in $(awk '/^[A-Z]/ {exit} /^  [a-z]+ / {print $1}' "$work/help"); do
    echo "@command $command"; "$@" "$command" --help
  done
  echo @keys; "$@" plan --keys
  echo @transforms; "$@" transforms --p 2 --width 2
} >"$work/texts"
awk -f "$here/describe.awk" "$work/texts" >"$work/records"
if [[ $folder == - ]]; then cat "$work/records"; exit; fi

# The date of the page: SOURCE_DATE_EPOCH, the commit's, or that of these sources where there is no git.
date=${SOURCE_DATE_EPOCH:-$(git -C "$here" log -1 --format=%ct 2>/dev/null || stat -c %Y "$here/describe.awk")}
date=$(date -u -d "@$date" +%Y-%m-%d)
mkdir -p "$folder"
write() { cat >"$work/page"; mv "$work/page" "$folder/$1"; }
from() { awk -v date="$date" -f "$here/$1" "$work/records"; }
made='# Completion of tubal, made from what `tubal --help` says.'
from man.awk | write tubal.1
{ echo "$made"; from tables.awk; cat "$here/completion.bash"; } | write tubal.bash
{ echo '#compdef tubal'; echo "$made"; from tables.awk; from zsh.awk; cat "$here/completion.zsh"; } | write _tubal
{ echo "$made"; from fish.awk; cat "$here/completion.fish"; } | write tubal.fish
