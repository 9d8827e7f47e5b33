"""Limits on address space, from too little for the program's own libraries upwards: an error in words, never a hang, never a signal.

limits.py TUBAL FOLDER
"""
import os
import pathlib
import resource
import subprocess
import sys
import time

import commands
import study
from study import check

GOLDEN = sorted((pathlib.Path(__file__).resolve().parents[1] / "golden").glob("*.h5"))[0]
LIMITS = [100, 110, 120, 130, 140, 150, 170, 200, 230, 260, 300, 350, 400, 500, 700]  # MB, as `ulimit -v` counts


def main():
    folder = pathlib.Path(study.arguments()[0])
    trial = commands.prepare(folder)
    at = ["--studies", str(folder / "studies")]
    grid = folder / "again.yaml"
    grid.write_text(commands.GRID.replace("study: tiny", "study: again"))
    table = [
        ["--version"],
        ["--help"],
        ["transforms", "--p", "8", "--width", "64"],
        ["transforms", "--laws", "random_orthogonal", "--p", "6"],
        ["bench", "--steps", "1", "--batch", "2", "--length", "16", "--set", "model.width=64", "--set", "model.depth=1"],
        ["bench", "--steps", "1", "--batch", "2", "--length", "16", "--threads", "2", "--set", "model.width=64", "--set", "model.depth=1"],
        ["compare", "tiny", *at],
        ["verify", str(GOLDEN)],
        ["predict", f"tiny/{trial}", *at],
        ["data", str(folder / "tiny.yaml")],
        ["plan", str(folder / "tiny.yaml"), "--budget", "1"],
        ["ablate", f"tiny/{trial}", *at],
        ["run", str(grid), "--studies", str(folder / "limited"), "--jobs", "1"],
    ]
    least = {}
    for words in table:
        name = " ".join(words[:3])
        for megabytes in LIMITS:
            limit = megabytes * 1000 * 1024
            began = time.time()
            try:
                result = subprocess.run([study.TUBAL, *words], capture_output=True, text=True, input="a text\n", timeout=90,
                                        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
            except subprocess.TimeoutExpired:
                sys.exit(f"FAILED: {name} at {megabytes} MB hangs")
            took = time.time() - began
            if result.returncode == 127:  # the system's loader, before any line of this program
                check("error while loading shared libraries" in result.stderr, f"{name} at {megabytes} MB", result)
                continue
            check(result.returncode in (0, 1, 2), f"{name} at {megabytes} MB ({took:.1f} s)", result)
            if result.returncode == 0:
                least.setdefault(name, megabytes)
            else:
                said = [line for line in (result.stderr + result.stdout).splitlines() if line.strip()]
                if words[0] == "run":  # its trials met the limit: `status` says so of each
                    said += study.tubal("status", "again", "--studies", folder / "limited").stdout.splitlines()
                check(said and any(w in " ".join(said) for w in ("memory", "allocate", "thread", "Resource temporarily", "ulimit")), f"{name} at {megabytes} MB: no reason", result)
                check(len(result.stderr.splitlines()) <= 3, f"{name} at {megabytes} MB: many lines", result)
        if words[0] == "run":
            result = study.tubal("retry", "again", "--failed", "--studies", folder / "limited")
            check(result.returncode == 0, "retry without a limit", result)
            least.setdefault(name, 0)
        check(name in least, f"{name} works at no limit up to {LIMITS[-1]} MB")
        print(f"{name}: works from {least[name]} MB on" if least[name] else f"{name}: its trials failed for want of memory, and a retry without a limit finished them")
    states = {row["state"] for row in study.states(folder / "limited", "again").values()}
    check(states == {"complete"} , f"the study after all limits: {states}")


if __name__ == "__main__":
    main()
