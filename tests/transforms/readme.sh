#!/usr/bin/env bash
# Runs every command of transforms/README.md in a fresh home, in order: readme.sh BUILD SOURCE
set -euo pipefail
build=$1 source=$2
home=$(mktemp -d "${TMPDIR:-/tmp}/tubal-readme.XXXXXX")
trap 'rm -rf "$home"' EXIT
mkdir "$home/root"
ln -s "$source/transforms" "$home/root/transforms"
ln -s "$build" "$home/root/build"
export HOME=$home
unset TUBAL_PLUGIN_PATH
cd "$home/root"
{ echo 'set -euo pipefail'; awk '/^```sh$/ {on = 1; next} /^```$/ {on = 0} on' "$source/transforms/README.md"; } >"$home/commands.sh"
(($(grep -cE '^(build/)?tubal |^cmake ' "$home/commands.sh") >= 8)) || { echo "the README's commands were not found"; exit 1; }
bash "$home/commands.sh" >"$home/out" 2>&1 || { cat "$home/out"; exit 1; }
expect() { grep -qE -- "$1" "$home/out" || { cat "$home/out"; echo "FAILED: no line matches: $1"; exit 1; }; }
! grep -n BROKEN "$home/out" || exit 1
expect '^dst +any +yes +1 '
expect '^causal_average +any +no +0 '
expect '^givens +any +yes +1 '
expect '^gradient by differences .* holds$'
expect '^pairs at p = 4: orthogonal, condition 1'
expect '^matrix at p = 2: L\^H L = 2 I'
expect 'transform=pairs|pairs  '
expect '6 trials, 3 cells x 2 seeds'

printf '1,2\n2,4\n' >"$home/singular.csv"
# Bad input: status 2, and what would be accepted.
refused() {  # words, arguments
  local words=$1 status=0; shift
  "$home/tubal/bin/tubal" transforms "$@" >"$home/out" 2>&1 || status=$?
  [[ $status == 2 ]] || { cat "$home/out"; echo "FAILED: tubal transforms $*: status $status"; exit 1; }
  expect "$words"
}
refused 'powers of two, the nearest are 4 and 8' --show hadamard --p 6
refused 'did you mean `haar`' --show haaar
refused 'width could be 255 or 258' --p 3 --width 256
refused 'no such plug-in file' --plugin "$home/none.so"
refused 'claimed scale.* at p = 2 \(error 3' --plugin "$build/tests/plugins/fault_4.so"
refused 'version 99; this program takes version 1' --plugin "$build/tests/plugins/fault_10.so"
refused '`sweep` is no option; there is: sweeps' --plugin "$home/examples/givens.so" --show givens --option sweep=3
refused 'it takes even p, the next is 4' --plugin "$home/pairs/build/pairs.so" --show pairs --p 3
refused 'unknown option `--shwo`.*did you mean `--show`' --shwo haar
refused 'for one, --show haar or --laws haar' haar
refused 'found `x`, needs a whole number from 1 to 1024' --p x
refused '^tubal: --seed: found `-1`, needs a whole number from 0' --show permutation --seed -1
refused 'haar does not read it; it reads no option' --show haar --seed 3
refused 'permutation does not read it; it reads --seed' --show permutation --option a=1
refused 'give one of the two' --show haar --laws haar
refused 'singular or nearly so' --show matrix --file "$home/singular.csv" --p 2
refused 'so p is 2' --show matrix --file "$home/sum_difference.csv"
refused 'takes powers of two' --laws hadamard --p 12
