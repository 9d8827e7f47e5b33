#!/usr/bin/env bash
# long.sh [SECONDS] [TARGET...]: libFuzzer (clang, AddressSanitizer) for so many seconds (600) on each target, one after another,
# $JOBS at a time; a line each with inputs, branches covered (all and by the seeds alone) and finds. Build, corpora, logs and
# finds lie in build-fuzz/, so that the next run goes on from this one's corpora. Exit status 1 where something was found.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-600}
shift || true
core/packages.sh clang libclang-rt-14-dev libomp-dev
build=${TUBAL_BUILD:-build-fuzz}
CC=clang CXX=clang++ TUBAL_BUILD=$build TUBAL_TARGETS="libfuzzer fuzz_plugin" core/build.sh -DTUBAL_TESTS=ON \
  -DCMAKE_BUILD_TYPE=Sanitize -DTUBAL_SANITIZE=fuzzer-no-link,address
# HDF5 1.10 itself breaks on damaged link tables (README.md): files without a seal are read when they are named.
targets=("$@")
((${#targets[@]})) || for folder in tests/fuzz/seeds/*/; do
  name=$(basename "$folder")
  [[ $name == *_without_seal ]] || targets+=("$name")
done
((${#})) || targets+=(plugin)   # its seed is built
export ASAN_OPTIONS=allocator_may_return_null=1:detect_leaks=0 OMP_NUM_THREADS=1
one() {   # BUILD SECONDS TARGET
  local seeds=tests/fuzz/seeds/$3 corpus=$1/corpus/$3 finds=$1/finds/$3 log=$1/log/$3
  [[ $3 != plugin ]] || seeds=$1/tests/fuzz/plugin
  mkdir -p "$corpus" "$finds" "$1/log"
  export FUZZ_TARGET=$3
  covered() { grep -aoE ' cov: [0-9]+' "$1" | tail -1 | tr -dc 0-9; }
  "$1/tests/libfuzzer" -runs=0 "$seeds" >"$log" 2>&1 || true
  local before; before=$(covered "$log")
  local status=0 longest; longest=$(find "$corpus" "$seeds" -type f -printf '%s\n' | sort -n | tail -1)
  "$1/tests/libfuzzer" -max_total_time="$2" -timeout=20 -rss_limit_mb=4096 -max_len="$((longest > 65536 ? longest : 65536))" -print_final_stats=1 \
    -artifact_prefix="$finds/" "$corpus" "$seeds" >"$log" 2>&1 || status=$?
  local inputs; inputs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  printf '%-20s %10s inputs  %6s branches (seeds %s)  %s\n' "$3" "${inputs:-?}" "$(covered "$log")" "$before" \
    "$( ((status)) && echo "ended with status $status, see $log; finds: $(ls "$finds" | head -3 | tr '\n' ' ')" || echo clean)"
  return "$status"
}
export -f one
printf '%s\n' "${targets[@]}" | xargs -P "${JOBS:-1}" -I{} bash -c 'one "$0" "$1" "$2"' "$build" "$seconds" {} || exit 1
