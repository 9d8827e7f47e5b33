#!/usr/bin/env bash
# test_slurm.sh TUBAL: `tubal submit` against a real Slurm of two nodes that is started for the test.
# Exits 77 (skipped), saying why, only where Slurm is not there and cannot run.
set -euo pipefail
tubal=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
skip() { echo "SKIPPED: $*"; exit 77; }
fail() { echo "FAILED: $*"; tubal_status; squeue 2>/dev/null || true; tail -n 5 "$work"/studies/*/slurm/*/*.log 2>/dev/null || true; exit 1; }
tubal_status() { "$tubal" status slurm --studies "$work/studies" || true; }
((EUID == 0)) || skip "starting a Slurm needs root"
for program in slurmctld slurmd sbatch munged; do
  PATH=$PATH:/usr/sbin command -v $program >/dev/null || skip "there is no $program (Debian packages slurm-wlm and munge)"
done
export PATH=$PATH:/usr/sbin
exec 9>/tmp/tubal-test-slurm.lock
flock 9  # its ports are fixed, so one at a time on this machine
source "$here/../fault/python.sh"
work=$(mktemp -d "${TMPDIR:-/tmp}/tubal-slurm-XXXXXX")
finish() {
  scancel --user "$(id -un)" 2>/dev/null || true
  "$here/local-slurm" stop "$work/slurm" 9>&- || true
  sleep 1
  rm -rf "$work"
}
trap finish EXIT
"$here/local-slurm" start "$work/slurm" >"$work/environment" 2>"$work/start.log" 9>&- || { cat "$work/start.log"; fail "Slurm does not start"; }
eval "$(cat "$work/environment")"
cd "$work"
until_true() {  # until_true SECONDS WHAT COMMAND...
  local seconds=$1 what=$2
  shift 2
  for ((i = 0; i < seconds * 5; ++i)); do "$@" && return 0; sleep 0.2; done
  fail "not within $seconds s: $what"
}
count() { "$tubal" status "$1" --studies studies --json | "$python" -c "import json, sys; print(json.load(sys.stdin)['$2'])"; }
attempts() { "$tubal" status slurm --studies studies --json | "$python" -c "import json, sys; print(sum(t['attempt'] for t in json.load(sys.stdin)['trials']))"; }
grid() {  # grid NAME SEEDS EPOCHS
  PYTHONPATH=$here/../fault "$python" -c "
import pathlib, study
study.write_grid(pathlib.Path('$1.yaml'), name='$1', rows=600, seeds=$2, epochs=$3, transforms='dct')"
}

# Arrays stay below MaxArraySize (20 here), and submit returns at once.
grid held 22 2
"$tubal" submit held.yaml --engine slurm --partition main --time 10 --cpus 1 --memory 200M --sbatch=--hold | tee out
grep -q "Queued 22 trials of held as 2 arrays" out || fail "22 trials should be two arrays"
[[ $(squeue -h -r | wc -l) == 22 ]] || fail "22 tasks should be queued"
# A task that starts after `tubal stop` ends without running anything and is not queued again.
"$tubal" stop held --studies studies
first=$(sed -n 1p studies/held/slurm/1/jobs.txt)
scancel "${first}_[1-19]" "$(sed -n 2p studies/held/slurm/1/jobs.txt)"
scontrol release "$first"
until_true 30 "the stopped task leaves the queue" bash -c '[[ -z $(squeue -h) ]]'
[[ $(count held planned) == 22 ]] || fail "a stopped study ran something"

# A task that is told to stop (its time limit is near) and one that is requeued (preempted) go on where they were.
grid slurm 4 "${TUBAL_SLURM_EPOCHS:-60}"
"$tubal" submit slurm.yaml --engine slurm --array-size 3 | tee out
grep -q "as 2 arrays" out || fail "--array-size 3 should make two arrays of four trials"
running_two() { [[ $(count slurm running) == 2 && $(find studies/slurm/trials -name checkpoint | wc -l) == 2 ]]; }
until_true 40 "two tasks train" running_two
mapfile -t jobs < <(squeue -h -t R -o %A)
scancel --batch --signal=TERM "${jobs[0]}"
scontrol requeue "${jobs[1]}"
requeued() { [[ $(count slurm interrupted) -ge 2 && $(squeue -h -j "${jobs[0]},${jobs[1]}" -t PD | wc -l) == 2 ]]; }
until_true 30 "both are saved and queued again" requeued
scontrol update JobId="${jobs[0]}" StartTime=now  # Slurm lets a requeued job wait for two minutes
scontrol update JobId="${jobs[1]}" StartTime=now
until_true 90 "all four trials are complete" bash -c '[[ -z $(squeue -h -t R,PD,CG) ]]'
[[ $(count slurm complete) == 4 ]] || fail "all four trials should be complete"
[[ $(attempts) == 6 ]] || fail "two of four trials should have begun twice, the others once: $(attempts) attempts"
"$tubal" submit slurm.yaml --engine slurm | grep -q "Nothing to submit" || fail "a finished study is submitted again"

# A local run goes on with a study that was submitted, and the results are those of a run without Slurm.
"$tubal" run held.yaml --only "$(sed -n 1p studies/held/slurm/1/array-0.txt)" >out || fail "a local run of a submitted study: $(cat out)"
[[ $(count held complete) == 1 ]] || fail "the local run should have finished one trial"
"$tubal" run slurm.yaml --studies local >out || fail "the local run: $(cat out)"
PYTHONPATH=$here/../fault "$python" -c "
import pathlib, study
print(study.same_results(pathlib.Path('studies/slurm'), pathlib.Path('local/slurm')), 'trials bit-identical with a run without Slurm')"
