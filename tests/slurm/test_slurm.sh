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
flock 9  # one at a time on this machine: they share munged and two cores
source "$here/../fault/python.sh"
for old in "${TMPDIR:-/tmp}"/tubal-slurm-*; do  # a test that was killed; under the lock none of them lives
  [[ -d $old ]] || continue
  SLURM_CONF=$old/slurm/slurm.conf timeout 10 scancel --user "$(id -un)" 2>/dev/null 9>&- || true
  "$here/local-slurm" stop "$old/slurm" 9>&- || true
  rm -rf "$old"
done
work=$(mktemp -d "${TMPDIR:-/tmp}/tubal-slurm-XXXXXX")
finish() {
  timeout 10 scancel --user "$(id -un)" 2>/dev/null || true
  "$here/local-slurm" stop "$work/slurm" 9>&- || true
  rm -rf "$work" || { sleep 2; rm -rf "$work"; }  # a task may be writing its last line
}
trap finish EXIT
"$here/local-slurm" start "$work/slurm" >"$work/environment" 2>"$work/start.log" 9>&- || {
  cat "$work/start.log"
  ! grep -q "initialize cgroup plugin" "$work/start.log" || skip "slurmd finds no control groups (a container or chroot without /sys/fs/cgroup)"
  fail "Slurm does not start"
}
source "$work/environment"
cd "$work"
until_true() {  # until_true SECONDS WHAT COMMAND...
  local seconds=$1 what=$2
  shift 2
  for ((i = 0; i < seconds * 5; ++i)); do "$@" && return 0; sleep 0.2; done
  fail "not within $seconds s: $what"
}
count() { "$tubal" status "$1" --studies studies --json | "$python" -c "import json, sys; print(json.load(sys.stdin)['$2'])"; }
attempts() { "$tubal" status slurm --studies studies --json | "$python" -c "import json, sys; print(sum(t['attempt'] for t in json.load(sys.stdin)['trials']))"; }
queue() { squeue -h "$@" || echo "squeue does not answer"; }  # which is no empty queue
empty() { [[ -z $(queue "$@") ]]; }
grid() {  # grid NAME SEEDS EPOCHS
  PYTHONPATH=$here/../fault "$python" -c "
import pathlib, study
study.write_grid(pathlib.Path('$1.yaml'), name='$1', rows=600, seeds=$2, epochs=$3, transforms='dct')"
}
epochs=$(PYTHONPATH=$here/../fault "$python" -c "
import pathlib, study
study.TUBAL = '$tubal'
print(study.epochs_for(pathlib.Path('.'), 15, rows=600))")

# Arrays stay below MaxArraySize (20 here), and submit returns at once.
grid held 22 2
"$tubal" submit held.yaml --engine slurm --partition main --time 10 --cpus 1 --memory 200M --sbatch=--hold | tee out
grep -q "Queued 22 trials of held as 2 arrays" out || fail "22 trials should be two arrays"
[[ $(queue -r | wc -l) == 22 ]] || fail "22 tasks should be queued"
# A task that starts after `tubal stop` ends without running anything and is not queued again.
"$tubal" stop held --studies studies
first=$(sed -n 1p studies/held/slurm/1/jobs.txt)
scancel "${first}_[1-19]" "$(sed -n 2p studies/held/slurm/1/jobs.txt)"
scontrol release "$first"
until_true 60 "the stopped task leaves the queue" empty
[[ $(count held planned) == 22 ]] || fail "a stopped study ran something"

# A task that is told to stop (its time limit is near), one that is requeued and one that is preempted go on where they were.
grid slurm 4 "$epochs"
"$tubal" submit slurm.yaml --engine slurm --partition main --array-size 3 | tee out
grep -q "as 2 arrays" out || fail "--array-size 3 should make two arrays of four trials"
training() {  # training N: N tasks run and N trials with a checkpoint are under way
  [[ $(queue -t R | wc -l) == "$1" && $(count slurm running) == "$1" ]]
}
until_true 60 "two tasks train" training 2
mapfile -t jobs < <(queue -t R -o %A)
until_true 60 "both have checkpoints" bash -c '(($(find studies/slurm/trials -name checkpoint | wc -l) == 2))'
scancel --batch --signal=TERM "${jobs[0]}"
scontrol requeue "${jobs[1]}"
saved() { [[ $(count slurm interrupted) == "$1" && $(queue -p main -t PD | wc -l) == "$1" ]]; }
until_true 60 "both are saved and queued again" saved 2
until_true 60 "the other two train" training 2
until_true 60 "they have checkpoints" bash -c '(($(find studies/slurm/trials -name checkpoint | wc -l) == 4))'
sbatch --partition=urgent --output=urgent.log --wrap=true
until_true 60 "a third is preempted and queued again" saved 3
for job in $(queue -t PD -p main -o %A); do scontrol update JobId="$job" StartTime=now; done  # Slurm lets a requeued job wait for two minutes
until_true 150 "all four trials are complete" empty -t R,PD,CG
[[ $(count slurm complete) == 4 ]] || fail "all four trials should be complete"
[[ $(attempts) == 7 ]] || fail "three of four trials should have begun twice, the other once: $(attempts) attempts"
grep -h "goes on at step" studies/slurm/trials/*/log.txt >goes_on || true
[[ $(grep -vc "goes on at step 0 " goes_on) == 3 ]] || fail "three trials should have gone on from their checkpoints: $(cat goes_on)"
"$tubal" submit slurm.yaml --engine slurm | grep -q "Nothing to submit" || fail "a finished study is submitted again"

# A local run goes on with a study that was submitted, and the results are those of a run without Slurm.
"$tubal" run held.yaml --only "$(sed -n 1p studies/held/slurm/1/array-0.txt)" >out || fail "a local run of a submitted study: $(cat out)"
[[ $(count held complete) == 1 ]] || fail "the local run should have finished one trial"
"$tubal" run slurm.yaml --studies local >out || fail "the local run: $(cat out)"
PYTHONPATH=$here/../fault "$python" -c "
import pathlib, study
print(study.same_results(pathlib.Path('studies/slurm'), pathlib.Path('local/slurm')), 'trials bit-identical with a run without Slurm')"
