#!/usr/bin/env bash
# A language model's data as a user meets them, in `tubal data`, `plan` and `run`: text.sh TUBAL
set -euo pipefail
tubal=$(realpath "$1")
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
export TUBAL_CACHE=$folder/cache
cd "$folder"
fail() { echo "text.sh: $*" >&2; exit 1; }
has() { grep -q -- "$1" out || fail "no \`$1\` in: $(cat out)"; }

for i in $(seq 300); do echo "line $i of $((i % 7)) or $((i % 13))"; done >book.txt
gzip -k book.txt; head -c 300 book.txt.gz >cut.gz
cat >grid.yaml <<'YAML'
task: language_model
data: {name: text, train: book.txt, test: 0.1, documents: line, tokenizer: char, max_length: 16}
model: {width: 16, depth: 1, p: 1, dropout: 0}
training: {steps: 20, evaluate_every: 10, batch_size: 4, order: random}
YAML
"$tubal" data grid.yaml >out
has "$folder/book.txt"; has '^documents  *24[0-9]  *[23][0-9]  *[23][0-9]$'; has '^bytes a token  *1.000'; has 'learnt from the training part alone'; has 'windows of 16 tokens'
"$tubal" data --name text --train book.txt.gz --validation book.txt --set data.max_length=16 >out 2>&1 && fail "a text is its own validation"
has 'data.validation'
"$tubal" data --name text --train book.txt.gz --set data.tokenizer.kind=word --set data.max_length=16 >out; has 'book.txt.gz'; has 'case and marks kept'; has 'Unknown tokens'
"$tubal" data --name synthetic --language --set data.max_length=16 --set data.tokenizer.kind=char >out; has '^documents'
"$tubal" plan grid.yaml --no-timing >out; has 'windows of 16 tokens'; has 'a vocabulary of 2[0-9]'
"$tubal" plan grid.yaml --json >out; has '"seconds_timed": true'
"$tubal" bench --help >/dev/null
# What cannot be is said in one line, by status 2, before anything is made; or stands in the trial's status.
refused() {  # PATTERN, arguments of plan
  local pattern=$1 status=0; shift
  "$tubal" plan grid.yaml "$@" >out 2>err || status=$?
  [[ $status == 2 && ! -s out ]] || fail "exit status $status, not 2, for $*"
  [[ $(wc -l <err) == 1 ]] || fail "more than one line: $(cat err)"
  grep -q -- "$pattern" err || fail "$*: $(cat err)"
}
refused 'grid.yaml:2: data.name: .*no labels' --set task=classification
refused 'data.validation: found 0' --set data.validation=0
refused '--set data.validation=1: data.validation' --set data.validation=1
refused '--set data.test=-0.5: data.test' --set data.test=-0.5
refused 'model.p: p = 3 does not divide' --set model.p=3
refused 'task: .*needs model.kind transformer' --set model.kind=bag_of_words
for bad in missing.txt . cut.gz; do
  status=0; "$tubal" run grid.yaml --studies "studies-$bad" --set data.train=$bad >out 2>&1 || status=$?
  [[ $status == 2 || $status == 1 ]] || fail "exit status $status for $bad: $(cat out)"
  [[ -z $(find . -name '*.unfinished') && ! -e studies-$bad/grid/trials/model.safetensors ]] || fail "something half-written for $bad"
done
"$tubal" run grid.yaml >out 2>&1 || fail "$(cat out studies/grid/trials/*/log.txt)"
grep -q 'perplexity' studies/grid/trials/*/log.txt || fail "the log has no perplexity"
"$tubal" verify grid >out || fail "$(cat out)"
