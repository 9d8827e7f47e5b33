"""Limits on address space at many sizes, while a study is run, reported, compared and exported: an error in words or success, nothing
half-written, never a hang, never a death without a word; without the limit the study ends with the same bits.

memory.py TUBAL FOLDER. FAILURES_ALL=1 tries every 4 MB.
"""
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import sys
import time

import small
import study
from study import check

STEP = 4 if os.environ.get("FAILURES_ALL") else 24
WORDS = ("memory", "allocate", "thread", "Resource temporarily", "ulimit", "shared librar")


def limited(megabytes, words, **options):
    limit = megabytes << 20
    return subprocess.run([study.TUBAL, *map(str, words)], capture_output=True, text=True, timeout=90, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)), **options)


def sizes():
    return range(64, 800, STEP)


def said_why(result, more=""):
    return any(word in result.stdout + result.stderr + more for word in WORDS)


def runs(folder, grid, truth, environment):
    """tubal run from too little to enough: how many sizes ended how, and the least that does."""
    outcomes = {}
    for megabytes in sizes():
        studies = folder / f"run-{megabytes}"
        where = f"tubal run within {megabytes} MiB"
        try:
            result = limited(megabytes, ["run", grid, "--studies", studies], env=environment)
        except subprocess.TimeoutExpired:
            check(False, f"{where}: hangs")
        outcomes[result.returncode] = outcomes.get(result.returncode, 0) + 1
        check(result.returncode in (0, 1, 2, 127), f"{where}", result)
        if studies.exists():
            small.whole_files(studies, where, result)
        if result.returncode:
            told = study.tubal("status", "tiny", "--studies", studies, env=environment).stdout if (studies / "tiny" / "plan.yaml").exists() else ""
            check(said_why(result, told), f"{where}: no reason is told\n{told}", result)
        # A trial that ran out of memory by itself waits for retry; whatever was not begun is begun.
        after = study.tubal("run", grid, "--studies", studies, env=environment)
        if after.returncode == 1:
            after = study.tubal("retry", "tiny", "--failed", "--studies", studies, env=environment)
        check(after.returncode == 0, f"{where}: the run after it", after)
        small.same_study(truth, studies / "tiny", where, after)
        shutil.rmtree(studies)
        if result.returncode == 0:
            return megabytes, outcomes
    check(False, f"tubal run works at no limit up to {megabytes} MiB")


def readers(folder, truth, environment):
    """What writes a file of a finished study: the old file or the new one, whole."""
    least = {}
    for name, words, file in (("report", [], "report.html"), ("export", ["--csv", "--netcdf", "--latex", "--safetensors"], "export/study.nc"), ("compare", [], "study.h5")):
        target = truth / file
        for megabytes in sizes():
            before = target.read_bytes() if target.exists() else None
            where = f"tubal {name} within {megabytes} MiB"
            try:
                result = limited(megabytes, [name, "tiny", *words, "--studies", truth.parent], env=environment)
            except subprocess.TimeoutExpired:
                check(False, f"{where}: hangs")
            check(result.returncode in (0, 1, 2, 127), where, result)
            small.whole_files(truth, where, result)
            if result.returncode == 0:
                least[name] = megabytes
                break
            check(said_why(result), f"{where}: no reason is told", result)
            check((target.read_bytes() if target.exists() else None) == before, f"{where}: {file} was changed", result)
        check(name in least, f"tubal {name} works at no limit up to {megabytes} MiB")
    return least


def main():
    folder, clean = small.fast_folder(pathlib.Path(study.arguments()[0]))
    try:
        grid = small.write_grid(folder)
        environment = {**os.environ, "TUBAL_CACHE": str(folder / "cache")}
        check(study.tubal("run", grid, "--studies", folder / "truth", env=environment).returncode == 0, "the undisturbed run")
        truth = folder / "truth" / "tiny"
        least, outcomes = runs(folder, grid, truth, environment)
        print(f"tubal run: every {STEP} MiB from 64, works from {least} MiB on; exit statuses {outcomes}")
        print(f"from this size on: {readers(folder, truth, environment)} MiB")
    finally:
        clean()


if __name__ == "__main__":
    main()
