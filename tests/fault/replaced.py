"""The program's file is replaced while a study runs, as a new build does, or removed: the study goes on by the program that began it."""
import os
import pathlib
import shutil
import subprocess
import time

import study
from study import check


def goes_on(folder, truth, grid, name, disturb):
    own, studies = folder / name / "tubal", folder / name / "studies"
    own.parent.mkdir()
    shutil.copy(study.TUBAL, own)
    process = subprocess.Popen([own, "run", str(grid), "--studies", str(studies), "--jobs", "1"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    end = time.time() + 60
    while not list(studies.glob("faults/trials/*/journal.jsonl")):
        check(time.time() < end and process.poll() is None, f"{name}: no trial begins")
        time.sleep(0.005)
    disturb(own)
    output = process.communicate(timeout=120)[0]
    check(process.returncode == 0, f"{name}: exit status {process.returncode}\n{output}")
    rows = study.states(studies)
    check(all(row["state"] == "complete" and row["attempt"] == 1 for row in rows.values()), f"{name}: {rows}\n{output}")
    study.same_results(truth / "faults", studies / "faults")


def replace(own):
    other = own.with_name("other")
    other.write_text("#!/bin/sh\necho another program\nexit 1\n")
    os.chmod(other, 0o755)
    os.rename(other, own)


def main():
    folder = pathlib.Path(study.arguments()[0])
    grid = study.write_grid(folder / "grid.yaml", epochs=8, seeds=2)
    truth = folder / "truth"
    check(study.tubal("run", grid, "--studies", truth).returncode == 0, "the undisturbed run")
    goes_on(folder, truth, grid, "replaced", replace)
    goes_on(folder, truth, grid, "removed", lambda own: own.unlink())
    goes_on(folder, truth, grid, "moved", lambda own: own.rename(own.with_name("elsewhere")))
    print("replaced, removed and moved while it runs: every trial by the program that began the study, at its first attempt")


if __name__ == "__main__":
    main()
