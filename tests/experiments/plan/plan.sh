#!/usr/bin/env bash
# tubal plan as a user meets it: plan.sh TUBAL SOURCE
set -euo pipefail
tubal=$1 source=$2
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
fail() { echo "plan.sh: $*" >&2; exit 1; }

"$tubal" plan "$source/experiments/grids/quickstart.yaml" --no-timing --json 2>/dev/null >"$folder/plan.json"
python3 - "$folder/plan.json" <<'PYTHON'
import json, sys
plan = json.load(open(sys.argv[1]))
assert plan["study"] == "quickstart" and plan["axes"] == ["model.p", "model.transform", "model.kind"], plan
assert len(plan["trials"]) == 5 * len(plan["seeds"]), len(plan["trials"])
assert all(t["seconds"] is None for t in plan["trials"])
assert all(t["total_parameters"] > t["encoder_parameters"] > 0 for t in plan["trials"] if t["values"]["model.kind"] == "transformer")
PYTHON
"$tubal" plan "$source/experiments/grids/quickstart.yaml" --no-timing --cells >"$folder/out" 2>"$folder/err"
grep -q 'p=4 transform=haar' "$folder/out" || fail "no table"
grep -q 'below six' "$folder/err" || fail "no warning of too few seeds"
"$tubal" plan --keys >"$folder/out"; grep -q 'training.optimizer.learning_rate: 3e-4' "$folder/out" || fail "no key reference"
grep -q 'model.stack: \[attention, feed_forward\]' "$folder/out" || fail "the key reference lacks the stack"
grep -q 'list of one or more of attention, feed_forward, mixer' "$folder/out" || fail "the key reference lacks the sub-layers"
"$tubal" plan "$source/experiments/grids/quickstart.yaml" --no-timing --cells --set model.stack=attention,mixer,feed_forward \
  --sweep 'model.transform=dct,[dct,haar]' >"$folder/out" 2>"$folder/err"
grep -q 'p=4 transform=\[dct, haar\]' "$folder/out" || fail "no cell of two transforms: $(cat "$folder/out" "$folder/err")"
"$tubal" plan --help >"$folder/out"; grep -q Examples "$folder/out" || fail "no help"

printf 'data: {name: synthetic}\nmodel:\n  widht: 64\n' >"$folder/bad.yaml"
status=0; "$tubal" plan "$folder/bad.yaml" >"$folder/out" 2>"$folder/err" || status=$?
[[ $status == 2 ]] || fail "exit status $status, not 2"
[[ ! -s $folder/out ]] || fail "a bad grid printed something"
grep -q 'bad.yaml:3: model.widht: unknown key; did you mean `model.width`?' "$folder/err" || fail "$(cat "$folder/err")"
for bad in model.stack=[] model.stack=attend model.rank=99 data.name=text data.validation=1.5 training.order=backwards 'model.transform=[dct,harr]'; do
  status=0; "$tubal" plan "$source/experiments/grids/imdb.yaml" --set "$bad" >"$folder/out" 2>"$folder/err" || status=$?
  [[ $status == 2 && ! -s $folder/out ]] || fail "exit status $status, not 2, for --set $bad"
  grep -q -- "--set $(printf %s "$bad" | sed 's/[][]/\\&/g'): ${bad%%=*}: " "$folder/err" || fail "$bad: $(cat "$folder/err")"
done
for arguments in "" "none.yaml" "--nonsense" "$folder/bad.yaml extra"; do
  status=0; "$tubal" plan $arguments >/dev/null 2>&1 || status=$?
  [[ $status == 2 ]] || fail "exit status $status, not 2, for: plan $arguments"
done
