#!/usr/bin/env bash
# make_seeds.sh BUILD [FOLDER]: writes tests/fuzz/seeds, or another folder, anew, from a small study and from make_seeds.cpp. The
# seeds are committed: run this where a format has changed, and keep what replay found (seeds/*/find-*).
set -euo pipefail
build=$(realpath "$1") here=$(cd "$(dirname "$0")" && pwd)
seeds=${2:-$here/seeds}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TUBAL_CACHE=$work/cache
# The bytes of an HDF5 file before its seal (core/hdf5_seal.hpp), as an earlier version wrote it.
without_seal() { head -c "$(($(grep -abo 'tubal: SHA-256 of all' "$1" | tail -1 | cut -d: -f1) - 1))" "$1" >"$work/unsealed"; }
put() { mkdir -p "$seeds/$2"; cp "$1" "$seeds/$2/$3"; }
"$build/tests/make_seeds" "$seeds"
cat >"$work/grid.yaml" <<'END'
study: small
data:
  name: synthetic
  synthetic: {classes: 2, words: 30, length: 8, train: 40, test: 20}
  max_length: 8
model: {width: 8, depth: 1, heads: 2, p: 2}
training: {epochs: 1, batch_size: 8}
seeds: {first: 0, count: 1}
sweep:
  grid: {model.p: [1, 2], model.transform: [dct, {name: haar}]}
baseline: {model.p: 1}
END
cat >"$work/language.yaml" <<'END'
study: language
task: language_model
data: {name: text, train: text.txt, validation: 0.2, max_length: 8, tokenizer: {kind: char}}
model: {width: 8, depth: 1, heads: 2, p: 1}
training: {steps: 4, batch_size: 2, evaluate_every: 2}
seeds: [0, 1]
END
for i in 1 2 3 4 5 6 7 8; do echo "a line of text, number $i"; echo; done >"$work/text.txt"
printf 'text,label\n"a, ""quoted"" text",good\nplain,bad\n' >"$work/rows.csv"
printf '{"text": "a \\u00e9 text", "label": "good"}\n{"text": "another", "label": "bad"}\n' >"$work/rows.jsonl"
printf 'model.p=4\nmodel.transform=[dct, identity]\ntraining.optimizer.learning_rate=1e-3,3e-4\nmodel.stack=[attention, feed_forward]\n' >"$work/options"
(cd "$work" && "$build/tubal" run grid.yaml >/dev/null && "$build/tubal" run language.yaml >/dev/null)
put "$work/grid.yaml" grid classes
put "$work/options" overrides four
put "$work/rows.csv" csv rows; put "$work/rows.csv" labelled_csv rows
put "$work/rows.jsonl" jsonl rows
put "$work/text.txt" text lines
gzip -n <"$work/text.txt" >"$work/packed.gz"; put "$work/packed.gz" packed gz; put "$work/packed.gz" text gz
xz <"$work/text.txt" >"$work/packed.xz"; put "$work/packed.xz" packed xz
for study in small language; do
  s=$work/studies/$study
  put "$s/plan.yaml" plan "$study"; put "$s/history.jsonl" history "$study"; put "$s/study.h5" study "$study"
  t=$(ls -d "$s"/trials/* | head -1)
  put "$t/config.yaml" config "$study"; put "$t/status.json" status "$study"
  put "$t/trial.h5" trial "$study"; put "$t/journal.jsonl" journal "$study"
  without_seal "$s/study.h5"; put "$work/unsealed" study_without_seal "$study"
  without_seal "$t/trial.h5"; put "$work/unsealed" trial_without_seal "$study"
done
for image in $(grep -rlaE '^TUBAL(DS|TX|TK|IM)?' "$work/cache" | sort); do
  [[ $(head -c 5 "$image") != TUBAL ]] || put "$image" token_cache "$([[ $(grep -ac '"language":true' "$image") == 0 ]] && echo classes || echo language)"
done
for case in $(ls -S "$here"/../golden/*.h5 | tail -2); do put "$case" golden "$(basename "$case" .h5)"; done
