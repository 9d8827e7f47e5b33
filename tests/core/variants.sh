#!/usr/bin/env bash
# variants.sh TUBAL TEST_CORE: OpenBLAS on POSIX threads, on OpenMP and its serial variant train the same models, bit by bit, with one thread
# and with two. (The serial one computes wrong products where two threads call it at once, and says nothing.) Variants that are
# not installed are named; status 77 where there is no second one.
set -euo pipefail
tubal=$(realpath "$1") units=$(realpath "$2")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >grid.yaml <<'YAML'
study: variants
data: {name: synthetic, synthetic: {train: 300, test: 60}}
model: {width: 16, depth: 2, heads: 4}
training: {epochs: 2}
seeds: {first: 0, count: 1}
sweep:
  grid: {model.p: [1, 4], model.transform: [dct, dft, {name: learned_orthogonal, init: dct, parametrization: cayley}]}
YAML
library=$(ldd "$tubal" | sed -n 's/.*libopenblas\.so\.0 => \(.*\) (.*/\1/p')
all=$(dirname "$(dirname "$(realpath "$library")")")
met=0 first=
for variant in pthread openmp serial; do
  place=$all/openblas-$variant
  if ! [ -e "$place/libopenblas.so.0" ]; then
    echo "left out: libopenblas0-$variant is not installed"
    continue
  fi
  met=$((met + 1))
  LD_LIBRARY_PATH=$place "$units" -w NoTests "threads: *" >log 2>&1 || { cat log; exit 1; }
  for threads in 1 2; do
    LD_LIBRARY_PATH=$place "$tubal" run grid.yaml --studies "$variant-$threads" --jobs 1 --threads "$threads" >log 2>&1 || { cat log; exit 1; }
    digest=$(cat "$variant-$threads"/variants/trials/*/model.safetensors | sha256sum)
    first=${first:-$digest}
    [ "$digest" = "$first" ] || { echo "$variant, threads $threads: other models than the first"; exit 1; }
    if [ "$variant-$threads" = serial-2 ] && [ "$(nproc)" -gt 1 ]; then
      grep -q 'serial variant' log || { echo "serial, 2 threads: no word about it"; cat log; exit 1; }
    fi
    echo "$variant, threads $threads: the same models"
  done
  # By hand, past the runner: a trial records how many it trained on.
  mkdir "hand-$variant"
  cp "$(ls -d "$variant-1"/variants/trials/* | head -n 1)/config.yaml" "hand-$variant"
  LD_LIBRARY_PATH=$place "$tubal" trial "hand-$variant" --set runtime.threads=2 >log 2>&1 || { cat log; exit 1; }
  on=2
  [ "$variant" != serial ] || on=1
  grep -qE "\"threads\": $on[,}]?$" "hand-$variant/status.json" || { echo "$variant: status.json does not say threads $on"; cat "hand-$variant/status.json"; exit 1; }
done
[ "$met" -gt 1 ] || exit 77
