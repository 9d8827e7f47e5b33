"""A machine dies in the middle of its trials: another one that shares the folder waits while the heartbeats are fresh, takes over once
they are old, goes on from the checkpoint and ends with the same bits. The dead machine is a process namespace, whose processes
cannot be seen from outside it; its heartbeats are made old by hand instead of waiting for a minute."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

import study
from study import check

APART = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]


def heartbeats(studies):
    return list((studies / "faults" / "trials").glob("*/lease/**/owner.json"))


def main():
    folder = pathlib.Path(study.arguments()[0])
    if shutil.which("unshare") is None or subprocess.run([*APART, "true"], stderr=subprocess.DEVNULL).returncode:
        print("no process namespace can be made here")
        sys.exit(77)
    grid = study.write_grid(folder / "grid.yaml", epochs=study.epochs_for(folder, 3), seeds=1)
    check(study.tubal("run", grid, "--studies", folder / "truth").returncode == 0, "the undisturbed run")

    studies = folder / "shared"
    first = subprocess.Popen([*APART, study.TUBAL, "run", str(grid), "--studies", str(studies)], stdout=subprocess.DEVNULL)
    end = time.time() + 60
    while len(list((studies / "faults" / "trials").glob("*/checkpoint"))) < 2:
        check(time.time() < end and first.poll() is None, "the first machine saved no two checkpoints")
        time.sleep(0.01)
    first.send_signal(signal.SIGKILL)  # and with it, its whole namespace
    first.wait()
    time.sleep(0.2)
    check(not study.trial_processes(studies), "trials outlive their machine")
    check(len(heartbeats(studies)) == 2, "the dead machine's leases are gone")
    steps = [json.loads((root / "status.json").read_text())["step"] for root in (studies / "faults" / "trials").iterdir()]

    second = subprocess.Popen([study.TUBAL, "run", str(grid), "--studies", str(studies)], stdout=subprocess.PIPE, text=True)
    time.sleep(3)
    check(second.poll() is None, "the second machine did not wait for trials that may still run elsewhere")
    rows = study.states(studies)
    check(all(row["attempt"] == 1 for row in rows.values()), f"taken over while the heartbeats were fresh: {rows}")
    for beat in heartbeats(studies):
        old = time.time() - 61
        os.utime(beat, (old, old))
    output = second.communicate(timeout=120)[0]
    check(second.returncode == 0, f"the second machine: exit status {second.returncode}\n{output}")
    rows = study.states(studies)
    check(all(row["attempt"] == 2 and row["state"] == "complete" for row in rows.values()), f"after the takeover: {rows}")
    for id in rows:
        log = (studies / "faults" / "trials" / id / "log.txt").read_text()
        check("goes on at step" in log, f"trial {id} began anew instead of going on:\n{log}")
    check(not heartbeats(studies), "leases were left behind")
    study.same_results(folder / "truth" / "faults", studies / "faults")
    print(f"taken over after steps {sorted(steps)}: the same bits")


if __name__ == "__main__":
    main()
