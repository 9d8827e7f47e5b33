#!/usr/bin/env bash
# valgrind.sh [BUILD]: memcheck on trainings of a few steps (every transform, block and kind of model), a report, exports and
# predictions of them, with the program of BUILD (build). Any error, and memory that nothing points to at the end, ends it with
# status 9. Minutes; no part of continuous integration.
set -euo pipefail
cd "$(dirname "$0")/../.."
tubal=$(realpath "${1:-build}/tubal")
core/packages.sh valgrind
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
# Valgrind 3.19 knows AVX2, not AVX-512.
export TUBAL_KERNELS=avx2 OPENBLAS_CORETYPE=Haswell XDG_CACHE_HOME=$scratch/cache
cat >classifiers.yaml <<'YAML'
study: classifiers
data: {name: synthetic, max_length: 12, tokenizer: {vocabulary: 60}, synthetic: {train: 64, test: 32}}
model: {width: 16, depth: 2, heads: 8}
training: {epochs: 2, batch_size: 16}
runtime: {jobs: 1, threads: 2}
seeds: {first: 0, count: 1}
sweep:
  - set: {model.p: 4}
    grid: {model.transform: [dct, identity, permutation, random_orthogonal, haar, hadamard, hartley, dft, cosine_product, {name: learned_orthogonal, init: dct, parametrization: cayley}, [dct, haar]]}
  - grid: {model.p: [1, 2, 8]}
  - set: {model.p: 4}
    grid: {model.norm_domain: [spectral]}
  - set: {model.p: 4}
    grid: {model.transform: [{name: learned_orthogonal, init: haar, parametrization: exponential}, {name: learned_orthogonal, parametrization: householder}]}
  - set: {model.p: 4, model.frequency_scaling.at: position}
    grid: {model.frequency_scaling.kind: [harmonic, learned]}
  - set: {model.p: 4, model.frequency_scaling.at: residual}
    grid: {model.frequency_scaling.kind: [learned, decay]}
  - set: {model.p: 4, model.stack: [attention, feed_forward, mixer]}
  - set: {model.p: 4, model.norm: pre, model.norm_kind: rms_norm, model.activation: swiglu, model.position: rotary}
  - set: {model.kind: bag_of_words}
baseline: {model.kind: transformer, model.p: 1}
YAML
printf 'the cat sat on the mat and the dog sat on the log\n%.0s' {1..60} >text.txt
cat >language.yaml <<'YAML'
study: language
task: language_model
data: {name: text, train: text.txt, test: 0.1, tokenizer: {kind: char}, max_length: 16, validation: 0.2}
model: {width: 16, depth: 1, heads: 4, norm: pre, norm_kind: rms_norm, activation: swiglu, position: rotary}
training: {steps: 6, batch_size: 4, evaluate_every: 3}
runtime: {jobs: 1, threads: 1}
seeds: {first: 0, count: 1}
sweep:
  grid: {model.p: [1, 4]}
YAML
checked() {
  echo "tubal $*" >&2
  valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite "$tubal" "$@"
}
for study in classifiers language; do
  "$tubal" run "$study.yaml" --no-wait >run.txt || { cat run.txt; exit 1; }
  for trial in "studies/$study/trials"/*; do
    rm -f "$trial"/{trial.h5,model.safetensors,status.json}
    checked trial "$trial" --study "$study" >/dev/null
    [ -s "$trial/trial.h5" ]
  done
  checked status "$study" >/dev/null
  checked compare "$study" >/dev/null
  checked report "$study" >/dev/null
  checked export "$study" --csv --output out >/dev/null
done
trial=$(ls studies/classifiers/trials | head -n 1)
echo 'w1 w2 w3' | checked predict "studies/classifiers/trials/$trial" >/dev/null
trial=$(ls studies/language/trials | head -n 1)
echo 'the ' | checked generate "studies/language/trials/$trial" --tokens 5 >/dev/null
echo "valgrind: clean"
