"""The clock jumps while a study runs, and stands elsewhere when others look: the same bits, no negative duration, a history in order, no
lease that is stolen from the living or held for ever by the dead.

clock.py CLOCK.so TUBAL FOLDER
"""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

import h5py
import numpy

import small
import study
from study import check

DAY = 86400
APART = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]


def environment(folder, **clock):
    more = {"LD_PRELOAD": str(CLOCK), **{k: str(v) for k, v in clock.items()}} if clock else {}
    return {**os.environ, "TUBAL_CACHE": str(folder / "cache"), **more}


def durations(root, where):
    """No trial's time, and no time of its epochs, is negative."""
    for trial in (root / "trials").iterdir():
        status = json.loads((trial / "status.json").read_text())
        check(0 <= status["seconds"] < 60 and status["tokens_per_second"] > 0, f"{where}: {trial.name}: {status['seconds']} s, {status['tokens_per_second']} tokens/s")
        check(0 < status["processor_seconds"] < 60, f"{where}: {trial.name}: {status['processor_seconds']} s of processor")
        with h5py.File(trial / "trial.h5", "r") as h5:
            for name in ("metrics/evaluation/seconds", "metrics/train/tokens_per_second"):
                if name in h5:
                    check(numpy.all(h5[name][()] >= 0), f"{where}: {name}: {h5[name][()]}")
    for word in ("status", "history", "report", "compare"):
        result = study.tubal(word, root.name, "--studies", root.parent)
        check(result.returncode == 0 and " -" not in result.stdout.replace(" --", "").replace(" - ", "").replace("−", "-") or word == "compare", f"{where}: tubal {word}", result)


def jumps(folder, grid, truth):
    count = 0
    for by in (-DAY, DAY, -30 * 365 * DAY, 30 * 365 * DAY):
        for after, swing in ((0, False), (3, False), (2, True)):
            where = f"the clock jumps by {by} s after {after} looks{', and back' if swing else ''}"
            studies = folder / f"jump{count}"
            result = study.tubal("run", grid, "--studies", studies, env=environment(folder, CLOCK_JUMP=by, CLOCK_AFTER=after, **({"CLOCK_SWING": 1} if swing else {})), timeout=60)
            check(result.returncode == 0, where, result)
            small.same_study(truth, studies / "tiny", where, result)
            durations(studies / "tiny", where)
            # Run again by the right clock, and with another grid: the history counts on.
            result = study.tubal("run", grid, "--studies", studies, "--set", "model.width=16", env=environment(folder))
            check(result.returncode == 0, f"{where}; then another grid", result)
            grids = json.loads(study.tubal("history", "tiny", "--studies", studies, "--json").stdout)["grids"]
            check([g["grid"] for g in grids] == [1, 2], f"{where}: the history holds {[(g['grid'], g['time']) for g in grids]}")
            shutil.rmtree(studies)
            count += 1
    return count


def beats(studies):
    return list((studies / "tiny" / "trials").glob("*/lease/**/owner.json"))


def leases(folder):
    """A lease of another machine (a process space of its own), seen by clocks that stand elsewhere; a dead one's beat from the future."""
    if shutil.which("unshare") is None or subprocess.run([*APART, "true"], stderr=subprocess.DEVNULL).returncode:
        print("left out: no process namespace can be made here, so leases of another machine were not tried")
        return
    place = folder / "long"
    place.mkdir()
    grid = small.write_grid(place, small.GRID.replace("epochs: 1,", "epochs: 100000,").replace("count: 2", "count: 1"))
    studies = place / "studies"
    first = subprocess.Popen([*APART, study.TUBAL, "run", str(grid), "--studies", str(studies)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(folder))
    end = time.time() + 60
    while not list(studies.glob("tiny/trials/*/checkpoint")) or not beats(studies):
        check(time.time() < end and first.poll() is None, "the first machine does not train")
        time.sleep(0.01)
    token = json.loads(beats(studies)[0].read_text())["token"]
    # The living: a day ahead, a day behind, for a while.
    for by in (DAY, -DAY, -40 * 365 * DAY):
        other = subprocess.run(["timeout", "-s", "INT", "2", study.TUBAL, "run", str(grid), "--studies", str(studies)], capture_output=True, text=True, env=environment(folder, CLOCK_JUMP=by))
        check(first.poll() is None, f"a clock {by} s elsewhere ended another machine's run", other)
        lease = beats(studies)
        check(len(lease) == 1 and json.loads(lease[0].read_text())["token"] == token, f"a clock {by} s elsewhere took a living trial over", other)
    first.send_signal(signal.SIGKILL)
    first.wait()
    time.sleep(0.2)
    # The dead: its last beat says that it is 2040. Whoever wants the lease sets it to now, and has it a minute later.
    future = time.time() + 15 * 365 * DAY
    os.utime(beats(studies)[0], (future, future))
    second = subprocess.Popen([study.TUBAL, "run", str(grid), "--studies", str(studies)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment(folder))
    end = time.time() + 20
    while beats(studies)[0].stat().st_mtime > time.time() + DAY:
        check(time.time() < end and second.poll() is None, "a beat from the future stays as it is: its lease is held for ever")
        time.sleep(0.05)
    check(json.loads(beats(studies)[0].read_text())["token"] == token, "taken over before the silence was long enough")
    old = time.time() - 61
    os.utime(beats(studies)[0], (old, old))
    end = time.time() + 30
    log = next((studies / "tiny" / "trials").glob("*/log.txt"))
    while "goes on at step" not in log.read_text():
        check(time.time() < end and second.poll() is None, "a dead lease was not taken over")
        time.sleep(0.05)
    second.send_signal(signal.SIGINT)
    output = second.communicate(timeout=30)[0]
    check(second.returncode == 75, f"the second machine: exit status {second.returncode}\n{output}")
    print("leases: by clocks a day ahead, a day and forty years behind none is stolen; a dead beat from the future is not held for ever")


def main():
    folder, clean = small.fast_folder(pathlib.Path(study.arguments()[0]))
    try:
        grid = small.write_grid(folder)
        check(study.tubal("run", grid, "--studies", folder / "truth", env=environment(folder)).returncode == 0, "the undisturbed run")
        count = jumps(folder, grid, folder / "truth" / "tiny")
        leases(folder)
        print(f"{count} jumps of the clock: the same bits, no negative duration, the history in order")
    finally:
        clean()


if __name__ == "__main__":
    CLOCK = pathlib.Path(sys.argv.pop(1)).resolve()
    main()
