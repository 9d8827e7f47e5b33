"""Studies of many trials: what status, compare, report, history and study.h5 cost for a trial more does not grow with the study.

large.py MAKE_LARGE FAIL_AT.so TUBAL FOLDER. Counted are system calls that look at files, memory and, where the system lets itself be asked,
instructions: no time. FAILURES_TRIALS=100000 measures that many, with seconds and memory, and judges nothing.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

import small
import study
from study import check

COMMANDS = {
    "status": ["status", "large"],
    "status --json": ["status", "large", "--json"],
    "history": ["history", "large"],
    "compare": ["compare", "large"],
    "report": ["report", "large"],
    "export --csv": ["export", "large", "--csv"],
    "study.h5": ["trial", "--rebuild"],
    "run, nothing left": ["run", "large"],
}
SIZES = (300, 600, 1200)


def measured(shim, words):
    """{what: how much} of a command, and its seconds; instructions where the system counts them."""
    report = shim.root.parent / "instructions"
    report.write_text("")
    shim.count.write_bytes(bytes(8))
    counter = ["perf", "stat", "-x", ",", "-e", "instructions:u", "-o", str(report)] if shutil.which("perf") else []
    environment = shim.environment(LD_PRELOAD=str(shim.library), FAIL_ROOT=str(shim.root), FAIL_COUNT=str(shim.count), FAIL_CALLS="open,read,stat,create,make,write")
    began = time.time()
    process = subprocess.Popen([*counter, study.TUBAL, *map(str, words)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    _, status, used = os.wait4(process.pid, 0)
    check(status == 0, f"tubal {' '.join(map(str, words))}: status {status}")
    out = {"calls": shim.counted(), "KiB": used.ru_maxrss, "seconds of processor": used.ru_utime + used.ru_stime}
    found = re.search(r"^(\d+),,instructions", report.read_text(), re.M)
    return out | ({"instructions": int(found.group(1))} if found else {}), time.time() - began


def main():
    maker, library = (pathlib.Path(sys.argv.pop(1)).resolve() for _ in range(2))
    folder, clean = small.fast_folder(pathlib.Path(study.arguments()[0]))
    many = os.environ.get("FAILURES_TRIALS")
    try:
        found = {}
        for trials in [int(many)] if many else SIZES:
            shim = small.Shim(library, folder, f"n{trials}")
            studies = shim.root / "studies"
            began = time.time()
            subprocess.run([maker, studies, str(trials)], check=True, env=shim.environment())
            if many:
                print(f"made in {time.time() - began:.1f} s (plan, configurations, history, study.h5)", flush=True)
            for name, words in COMMANDS.items():
                words = [*words, studies / "large"] if "--rebuild" in words else [*words, "--studies", studies]
                if name == "study.h5":
                    (studies / "large" / "study.h5").unlink()
                found[name, trials], took = measured(shim, words)
                if many:
                    print(f"{name}: {took:.1f} s, {found[name, trials]}", flush=True)
            shutil.rmtree(shim.root)
        if many:
            return
        few, some, lots = SIZES
        asked = False
        for name in COMMANDS:
            for what in ("calls", "KiB", "instructions"):
                if what not in found[name, lots]:
                    continue
                asked = asked or what == "instructions"
                a, b, c = (found[name, n][what] for n in SIZES)
                # What a trial costs in the second thousand against the first five hundred: the same, but for a logarithm.
                first, second = (b - a) / (some - few), (c - b) / (lots - some)
                least = {"calls": 0.5, "KiB": 32, "instructions": 20000}[what]  # less for a trial is noise
                check(second < max(least, first) * 1.35, f"{name}: {what} for each further trial: {first:.1f}, then {second:.1f} ({a}, {b}, {c} for {SIZES} trials)")
                print(f"{name}: {what} for each trial more: {first:.1f}, then {second:.1f}")
        if not asked:
            print("left out: instructions (no perf, or the system does not count them here)")
    finally:
        clean()


if __name__ == "__main__":
    main()
