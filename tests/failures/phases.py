"""A signal at each phase of run, report, export and compare: while the data are read, tokenized, trained on, saved, tested, recorded and the
study is written. The process is held at that very call (the shim stops it there), so that no phase is missed on a fast machine.

phases.py FAIL_AT.so TUBAL FOLDER
"""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

import small
import study
from study import check

# What the run is at, as the shim lists it: the first call of that name.
PHASES = {
    "looks whether it may write": "write /studies/tiny/trials/.probe",
    "writes the plan": "rename /studies/tiny/plan.yaml",
    "writes the history": "write /studies/tiny/history.jsonl",
    "makes trials": "rename /studies/tiny/trials/T/config.yaml",
    "claims a trial": "rename /studies/tiny/trials/T/lease",
    "tokenizes": "write /cache/csv",
    "begins": "create /studies/tiny/trials/T/journal.jsonl",
    "saves": "write /studies/tiny/trials/T/checkpoint",
    "writes results": "rename /studies/tiny/trials/T/trial.h5",
    "writes the model": "fsync /studies/tiny/trials/T/model.safetensors",
    "ends a trial": "remove /studies/tiny/trials/T/checkpoint",
    "writes the study": "rename /studies/tiny/study.h5",
}


def simple(name):
    """A counted call's name, files aside called as what they become."""
    call, path = name.split(" ", 1)
    path = re.sub(r"/\.([^/]*?) aside", r"/\1", path)
    return f"{call} {path}"


def held(folder, shim, words, at, **popen):
    """A command that stands still before its n-th call; the process that does, and the command."""
    mark = folder / f"{shim.name}.held"
    shim.count.write_bytes(bytes(8))
    environment = shim.environment(LD_PRELOAD=str(shim.library), FAIL_ROOT=str(shim.root), FAIL_COUNT=str(shim.count), FAIL_CALLS=small.CHANGES, FAIL_AT=str(at), FAIL_HOLD=str(mark))
    process = subprocess.Popen([study.TUBAL, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, cwd=shim.root.parent, **popen)
    end = time.time() + 30
    while not mark.exists() or not mark.read_text().endswith("\n"):
        if process.poll() is not None:
            return None, process
        check(time.time() < end, f"{shim.name}: call {at} is not reached")
        time.sleep(0.002)
    pid = int(mark.read_text())
    while pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "T":  # not yet: it would miss the SIGCONT
        check(time.time() < end, f"{shim.name}: {pid} does not stop")
        time.sleep(0.002)
    return pid, process


def go_on(pid):
    try:
        os.kill(pid, signal.SIGCONT)
    except ProcessLookupError:
        pass


def run_at(library, folder, grid, truth, phase, at, number):
    name = f"{phase}-{number.name}".replace(" ", "-")
    shim = small.Shim(library, folder, name)
    where = f"{number.name} while tubal run {phase}"
    pid, process = held(folder, shim, ["run", grid, "--studies", shim.root / "studies"], at)
    check(pid, f"{where}: it ended before")
    process.send_signal(number)
    if number != signal.SIGKILL and pid == process.pid:
        time.sleep(0.02)
    go_on(pid)
    try:
        output = process.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        check(False, f"{where}: hangs")
    result = subprocess.CompletedProcess([], process.returncode, *output)
    allowed = (-9,) if number == signal.SIGKILL else (75, 0)
    check(result.returncode in allowed, f"{where}: exit status {result.returncode}, allowed are {allowed}", result)
    go_on(pid)
    study.wait_for_trials(shim.root / "studies")
    small.whole_files(shim.root, where, result)
    after = shim.run(grid)
    check(after.returncode == 0, f"{where}: the run after it", after)
    small.same_study(truth, shim.root / "studies" / "tiny", where, after)
    shutil.rmtree(shim.root)
    return result.returncode


def reader_at(library, folder, truth, words, name, file, number):
    """report, export and compare, held before the rename of what they write: the old file stays, whole."""
    called = f"{name}-{pathlib.Path(file).stem}-{number.name}"  # its files are its own
    shim = small.Shim(library, folder, called)
    shutil.copytree(truth.parent, shim.root / "studies")
    target = shim.root / "studies" / "tiny" / file
    if name == "compare":
        target.unlink()  # it makes what is missing
    elif target.exists():
        target.unlink()
    listed = [words[0], "tiny", *words[1:], "--studies", shim.root / "studies"]
    probe = small.Shim(library, folder, f"{called}-list")
    shutil.copytree(shim.root, probe.root)
    result = probe.tubal(words[0], "tiny", *words[1:], "--studies", probe.root / "studies", calls=small.CHANGES, list=probe.list)
    names = [simple(n) for n in probe.names()]
    wanted = f"rename /studies/tiny/{file}"
    check(result.returncode == 0 and wanted in names, f"{name} makes no `{wanted}`: {names}", result)
    pid, process = held(folder, shim, listed, names.index(wanted) + 1)
    where = f"{number.name} while tubal {name} writes {file}"
    check(pid, f"{where}: it ended before")
    process.send_signal(number)
    go_on(pid)
    output = process.communicate(timeout=20)
    check(process.returncode == -number, f"{where}: exit status {process.returncode}", subprocess.CompletedProcess([], process.returncode, *output))
    check(not target.exists(), f"{where}: {file} was written all the same")
    small.whole_files(shim.root, where, None)
    result = shim.tubal(*listed)
    check(result.returncode == 0 and target.exists(), f"{where}: the command after it", result)
    left = [p.name for p in shim.root.rglob("*.unfinished") if p.parent.name in ("tiny", "export")]
    check(number != signal.SIGKILL or len(left) <= 1, f"{where}: left behind: {left}")
    shutil.rmtree(shim.root), shutil.rmtree(probe.root)


def gone_reader(library, folder, grid, truth):
    """Whoever reads the run's standard output goes away at each phase: the study goes on without."""
    shim = small.Shim(library, folder, "pipe")
    process = subprocess.Popen([study.TUBAL, "run", str(grid), "--studies", str(shim.root / "studies")], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=shim.environment(), cwd=folder)
    process.stdout.readline()
    process.stdout.close()
    check(process.wait(60) == 0, f"a reader that goes after the first line: exit status {process.returncode}")
    small.same_study(truth, shim.root / "studies" / "tiny", "a reader that goes", None)


def main():
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell that starts us in the background has it ignored, for all that we start
    library = pathlib.Path(sys.argv.pop(1)).resolve()
    folder, clean = small.fast_folder(pathlib.Path(study.arguments()[0]))
    try:
        grid = small.write_grid(folder)
        shim = small.Shim(library, folder, "list")
        check(shim.run(grid, calls=small.CHANGES, list=shim.list).returncode == 0, "the undisturbed run")
        truth, names = shim.root / "studies" / "tiny", [simple(n) for n in shim.names()]
        jobs = []
        for i, (phase, call) in enumerate(PHASES.items()):
            found = [n for n, name in enumerate(names, 1) if name.startswith(call)]
            check(found, f"no call `{call}` in {names}")
            numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL)
            # Each phase has one of them; all of each with FAILURES_ALL=1.
            for number in numbers if os.environ.get("FAILURES_ALL") else (numbers[i % 4],):
                jobs.append((phase, found[0], number))
        ends = small.all_of(jobs, lambda job: run_at(library, folder, grid, truth, *job))
        readers = [(["report"], "report", "report.html"), (["export", "--csv"], "export", "export/trials.csv"), (["export", "--netcdf"], "export", "export/study.nc"), (["compare"], "compare", "study.h5")]
        count = 0
        for i, (words, name, file) in enumerate(readers):
            for number in numbers if os.environ.get("FAILURES_ALL") else (numbers[i % 4],):
                reader_at(library, folder, truth, words, name, file, number)
                count += 1
        gone_reader(library, folder, grid, truth)
        print(f"{len(jobs)} signals in {len(PHASES)} phases of tubal run ({ends.count(75)} ended with 75, {ends.count(-9)} were killed), {count} in report, export and compare: whole files, the same bits")
    finally:
        clean()


if __name__ == "__main__":
    main()
