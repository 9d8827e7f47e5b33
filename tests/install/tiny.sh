# Sourced: `works PREFIX` runs the program below PREFIX/bin on a study of its own in the current folder; `fail WORDS...` ends.
fail() { echo "FAILED: $*"; exit 1; }
quietly() { "$@" >out 2>&1 || { cat out; fail "$*"; }; }

works() {
  local tubal=$1/bin/tubal
  "$tubal" --version >out || fail "$tubal --version"
  grep -qE '^tubal [0-9.]+ \(([0-9a-f]{40}(-dirty)?|revision unknown: built outside git)\), (GCC|Clang) [0-9].*, HDF5 [0-9].*, OpenSSL .*, OpenBLAS [0-9.]+ \((serial|pthread|OpenMP), [A-Za-z0-9]+\), FFTW [0-9.]+, kernels for (avx2|avx512|neon|generic)$' out || { cat out; fail "--version"; }
  quietly "$tubal" transforms --p 4 --width 64
  grep -q '^haar ' out || { cat out; fail "no haar"; }
  cat >tiny.yaml <<'END'
study: tiny
data: {name: synthetic, synthetic: {train: 200, test: 60, length: 6, words: 50}, max_length: 8}
model: {width: 16, depth: 1, heads: 4}
training: {epochs: 1, batch_size: 32}
sweep: {grid: {model.p: [1, 2]}}
END
  quietly "$tubal" run tiny.yaml --jobs 1 --threads 1
  "$tubal" status tiny --json >out
  grep -qE '"complete": ?2' out || { cat out; fail "the two trials are not complete"; }
  quietly "$tubal" report tiny
  [[ -s studies/tiny/report.html ]] || fail "no report"
}
