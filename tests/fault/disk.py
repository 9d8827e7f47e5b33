"""A full disk, and a folder that cannot be written: clear messages, nothing lost.

disk.py full|read_only TUBAL FOLDER. `full` mounts a small tmpfs, so it needs root.
"""
import os
import pathlib
import subprocess
import sys
import time

import study
from study import check

SKIPPED = 77


def full(folder):
    small = folder / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small], capture_output=True, text=True)
    if mounted.returncode:
        print(f"SKIPPED: a small tmpfs cannot be mounted here ({mounted.stderr.strip()})")
        sys.exit(SKIPPED)
    try:
        grid = study.write_grid(folder / "grid.yaml")
        check(study.tubal("run", grid, "--studies", folder / "truth").returncode == 0, "the undisturbed run")
        ballast = small / "ballast"
        # Not even the plan fits: status 2 before anything is half-written.
        ballast.write_bytes(bytes(1024 * 1024 - 16 * 1024))
        result = study.tubal("run", grid, "--studies", small / "studies")
        check(result.returncode == 2 and "no space left" in result.stderr, "a full disk at the start", result)
        left = [p for p in small.rglob("*") if p.is_file() and p != ballast]
        check(not left, f"half-written: {left}")
        # The plan fits, the results do not.
        os.truncate(ballast, 1024 * 1024 - 140 * 1024)
        result = study.tubal("run", grid, "--studies", small / "studies", "--jobs", 1)
        check(result.returncode == 1 and "no space left" in result.stdout + result.stderr, "a disk that fills up", result)
        study.read_everything(small / "studies" / "faults")  # what can be seen is whole
        kinds = {row["cause_kind"] for row in study.states(small / "studies").values() if row["state"] == "failed"}
        check(kinds <= {"no_space"}, f"the kinds of the causes on a full disk: {kinds}", result)
        ballast.unlink()
        result = study.tubal("run", grid, "--studies", small / "studies")
        check(result.returncode == 0, "the run after space was freed", result)
        study.same_results(folder / "truth" / "faults", small / "studies" / "faults")
    finally:
        subprocess.run(["umount", small], check=True)
    print("full disk: told, nothing lost, results bit-identical after space was freed")


def read_only(folder):
    os.chdir(folder)  # the present one may be closed to others
    if os.geteuid() == 0:  # root may write anywhere
        os.chown(folder, 65534, 65534)
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
        if not os.access(study.TUBAL, os.X_OK):
            print("SKIPPED: the unprivileged user may not run the program under test")
            sys.exit(SKIPPED)
    grid = study.write_grid(folder / "grid.yaml", epochs=study.epochs_for(folder, 3), seeds=1)  # not over before its folder is closed
    check(study.tubal("run", grid, "--studies", folder / "truth").returncode == 0, "the undisturbed run")
    closed = folder / "closed"
    closed.mkdir(mode=0o555)
    result = study.tubal("run", grid, "--studies", closed / "studies")
    check(result.returncode == 2 and "permission denied" in result.stderr and str(closed) in result.stderr, "a folder that cannot be written", result)

    studies = folder / "studies"
    runner = subprocess.Popen([study.TUBAL, "run", str(grid), "--studies", str(studies), "--jobs", "1"], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
    trials = studies / "faults" / "trials"
    while not list(trials.glob("*/checkpoint")):
        check(runner.poll() is None, "the study ended before its folder was closed")
        time.sleep(0.002)
    folders = [trials, *trials.iterdir()]
    for f in folders:
        f.chmod(0o555)
    output = runner.communicate(timeout=60)[0]
    check(runner.returncode == 1 and "permission denied" in output, f"a folder turned read-only; exit status {runner.returncode}\n{output}")
    study.read_everything(studies / "faults")
    for f in folders:
        f.chmod(0o755)
    result = study.tubal("run", grid, "--studies", studies)
    check(result.returncode == 0, "the run after the folder was opened again", result)
    study.same_results(folder / "truth" / "faults", studies / "faults")
    print("read-only folder: told, nothing lost, results bit-identical after it was opened again")


if __name__ == "__main__":
    which = sys.argv.pop(1)
    {"full": full, "read_only": read_only}[which](pathlib.Path(study.arguments()[0]))
