"""Trials that throw, crash, run out of memory, diverge or are hopeless: each recorded with its cause, the others go on; policies; ASHA.

causes.py MOODY.so TUBAL FOLDER. MOODY.so is a plug-in (moody.cpp) that breaks while it trains, as the file $MOODY says.
"""
import os
import pathlib
import resource
import signal
import subprocess
import sys
import time

import study
from study import check


def write_grid(path, transforms="moody, dct", more="", **options):
    study.write_grid(path, transforms=transforms, **options)
    path.write_text(path.read_text() + f"plugins: [{MOODY}]\n" + more)
    return path


def disturb(grid, studies, word, *options, **popen):
    """Runs the grid and gives the plug-in its mood once its first trial has trained a while; exit status and output."""
    mood = studies.parent / f"mood-{studies.name}"
    process = subprocess.Popen([study.TUBAL, "run", str(grid), "--studies", str(studies), "--jobs", "1", *options],
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, "MOODY": str(mood)}, **popen)
    end = time.time() + 30
    while not any(p.stat().st_size for p in studies.glob("*/trials/*/journal.jsonl")):
        check(process.poll() is None and time.time() < end, f"nothing trains before the plug-in is to {word}")
        time.sleep(0.005)
    mood.write_text(word)
    output = process.communicate(timeout=60)[0]
    mood.unlink()
    return process.returncode, output


def rows(studies, name="faults"):
    """({state: [rows]}, text) of a study."""
    found = {}
    for row in study.states(studies, name).values():
        found.setdefault(row["state"], []).append(row)
    return found


def broken_plugin(folder, grid, word, says, kind, **popen):
    """One trial breaks by its plug-in, the other is complete; retried without the mood, both are as if nothing had been."""
    studies = folder / f"{word}-{says[0].split()[0]}"
    status, output = disturb(grid, studies, word, **popen)
    found = rows(studies)
    check(status == 1 and sorted(map(len, found.values())) == [1, 1], f"{word}: exit status {status}, {found}\n{output}")
    check("failed" in found and "complete" in found, f"{word}: {found}\n{output}")
    cause = found["failed"][0]["cause"]
    check(found["failed"][0]["cause_kind"] == kind, f"{word}: the cause's kind is {found['failed'][0]['cause_kind']}, not {kind}\n{output}")
    for text in says:
        check(text in cause, f"{word}: the cause lacks `{text}`: {cause}\n{output}")
    check(cause in output, f"{word}: the cause is not told\n{output}")
    check("        | " in output and "log.txt" in output, f"{word}: the log's end is not shown\n{output}")
    check(cause in study.tubal("status", "faults", "--studies", studies).stdout, f"{word}: tubal status does not tell the cause")
    study.reword(studies / "faults" / "trials" / found["failed"][0]["id"], "killed by signal 9: no space left, permission denied")
    result = study.tubal("run", grid, "--studies", studies)
    check("Nothing to run" in result.stdout, f"{word}: run again by itself for the words of its message", result)
    result = study.tubal("retry", "faults", "--failed", "--studies", studies)
    check(result.returncode == 0, f"{word}: tubal retry", result)
    study.same_results(folder / "truth" / "faults", studies / "faults")


def limited_group():
    """A cgroup of 300 MB for this process's children: a function to call in the child, and its folder; None where there can be none."""
    for line in pathlib.Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        v1 = "memory" in controllers.split(",")
        mounts = [f"/sys/fs/cgroup/memory{path}"] if v1 else [f"/sys/fs/cgroup{path}", "/sys/fs/cgroup"] if controllers == "" else []
        for mount in mounts:
            group = pathlib.Path(mount) / f"tubal-test-{os.getpid()}"
            try:
                group.mkdir()
            except OSError:
                continue
            try:
                (group / ("memory.limit_in_bytes" if v1 else "memory.max")).write_text(str(300 << 20))
                return (lambda: (group / "cgroup.procs").write_text("0")), group
            except OSError:
                group.rmdir()
    return None, None


def plugins(folder):
    grid = write_grid(folder / "grid.yaml", epochs=study.epochs_for(folder, 3), seeds=1)
    check(study.tubal("run", grid, "--studies", folder / "truth").returncode == 0, "the undisturbed run")
    broken_plugin(folder, grid, "throw", ["the plug-in is in a mood"], "other")
    broken_plugin(folder, grid, "crash", ["crashed by signal 11", "peak memory"], "crashed")
    limit = 2 << 30
    broken_plugin(folder, grid, "allocate", ["bad_alloc"], "other", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
    enter, group = limited_group()
    if enter:
        try:
            broken_plugin(folder, grid, "allocate", ["out of memory: the system ended the process", "peak memory"], "memory", preexec_fn=enter)
        finally:
            group.rmdir()
    else:
        print("no memory cgroup can be made here: the kernel's own kill was not tried")
    # A trial that does not listen is killed; the runner still ends within two seconds.
    studies = folder / "stall"
    mood = folder / "mood-stall"
    process = subprocess.Popen([study.TUBAL, "run", str(grid), "--studies", str(studies), "--jobs", "1"], stdout=subprocess.DEVNULL,
                               env={**os.environ, "MOODY": str(mood)})
    while not any(p.stat().st_size for p in studies.glob("*/trials/*/journal.jsonl")):
        time.sleep(0.005)
    mood.write_text("stall")
    time.sleep(0.3)
    began = time.time()
    process.send_signal(signal.SIGTERM)
    status = process.wait(timeout=10)
    took = time.time() - began
    mood.unlink()
    check(status == 75 and took < 2, f"a trial that does not listen: exit status {status} after {took:.2f} s")
    check(not study.trial_processes(studies), "a trial that does not listen outlives its runner")
    check(study.tubal("run", grid, "--studies", studies).returncode == 0, "the run after it")
    study.same_results(folder / "truth" / "faults", studies / "faults")


def policies(folder):
    (folder / "mood").write_text("throw")  # from the start
    variables = {**os.environ, "MOODY": str(folder / "mood")}
    grid = write_grid(folder / "policy.yaml", name="retries", seeds=1, epochs=2, more="policy: {retries: 2}\n")
    result = study.tubal("run", grid, "--studies", folder, env=variables)
    found = rows(folder, "retries")
    check(result.returncode == 1 and len(found["failed"]) == 1 and len(found["complete"]) == 1, f"policy.retries: {found}", result)
    check("Trying again (2 of 2)" in result.stdout and "3 of 2" not in result.stdout, "policy.retries: 2", result)

    grid = write_grid(folder / "row.yaml", name="row", transforms="moody", seeds=6, epochs=2, more="policy: {max_consecutive_failures: 3}\n")
    result = study.tubal("run", grid, "--studies", folder, "--jobs", 1, env=variables)
    found = rows(folder, "row")
    check(result.returncode == 1 and len(found["failed"]) == 3 and len(found["planned"]) == 3, f"policy.max_consecutive_failures: {found}", result)
    check("3 trials in a row failed (policy.max_consecutive_failures)" in result.stdout, "policy.max_consecutive_failures", result)

    grid = write_grid(folder / "fast.yaml", name="fast", transforms="moody", seeds=4, epochs=2)
    result = study.tubal("run", grid, "--studies", folder, "--jobs", 1, "--fail-fast", env=variables)
    found = rows(folder, "fast")
    check(result.returncode == 1 and len(found["failed"]) == 1 and len(found["planned"]) == 3, f"--fail-fast: {found}", result)
    result = study.tubal("retry", "fast", "--failed", "--studies", folder)
    check(result.returncode == 0 and len(rows(folder, "fast")["complete"]) == 4, "tubal retry after the cause is mended", result)

    # Losses that are not finite: the trial ends as diverged and is not run again by itself; or the step is left out.
    grid = study.write_grid(folder / "nan.yaml", name="nan", seeds=1, epochs=2, transforms="dct")
    grid.write_text(grid.read_text() + "training.optimizer.learning_rate: 1e30\ntraining.gradient_clip: 0\n")
    result = study.tubal("run", grid, "--studies", folder)
    found = rows(folder, "nan")
    check(result.returncode == 1 and len(found["diverged"]) == 1, f"a diverging trial: {found}", result)
    cause = found["diverged"][0]["cause"]
    check("not finite at step" in cause and "learning rate" in cause and cause in result.stdout, f"the cause of divergence: {cause}", result)
    check("Nothing to run" in study.tubal("run", grid, "--studies", folder).stdout, "a diverged trial runs again by itself")
    grid.write_text(grid.read_text().replace("study: nan", "study: skip") + "policy: {on_nan: skip}\n")
    result = study.tubal("run", grid, "--studies", folder)
    check(result.returncode == 0 and "complete" in rows(folder, "skip"), "policy.on_nan: skip", result)


def asha(folder):
    """Of nine learning rates, six that cannot learn: with eta 3 some of them end early, the best one never."""
    grid = study.write_grid(folder / "asha.yaml", name="asha", rows=400, seeds=1, epochs=9, transforms="dct")
    text = grid.read_text().replace("grid: {model.transform: [dct]}",
                                    "grid: {training.optimizer.learning_rate: [3e-3, 1e-9, 2e-9, 3e-9, 4e-9, 5e-9, 1e-3, 6e-9, 7e-9]}\n"
                                    "  early_stop: {asha: {metric: validation_accuracy, min: 3, eta: 3}}")
    grid.write_text(text)
    result = study.tubal("run", grid, "--studies", folder, "--jobs", 1)
    found = rows(folder, "asha")
    check(result.returncode == 0 and len(found.get("stopped", [])) >= 4, f"ASHA stopped {len(found.get('stopped', []))} of 9", result)
    for row in found["stopped"]:
        check("stopped by ASHA after epoch" in row["cause"] and row["epoch"] in (3,) and row["test_accuracy"] is not None, f"a stopped trial: {row}", result)
    best = max((r for group in found.values() for r in group), key=lambda r: r["validation_accuracy"])
    check(best["state"] == "complete" and best["epoch"] == 9, f"ASHA stopped the best trial: {best}", result)
    again = study.tubal("run", grid, "--studies", folder)
    check(again.returncode == 0 and "Nothing to run" in again.stdout, "stopped trials run again", again)
    check(study.tubal("verify", folder / "asha").returncode == 0, "tubal verify of a study with stopped trials")


if __name__ == "__main__":
    MOODY = os.path.abspath(sys.argv.pop(1))
    root = pathlib.Path(study.arguments()[0])
    for part in (plugins, policies, asha):
        (root / part.__name__).mkdir()
        part(root / part.__name__)
    print("plug-ins that throw, crash, allocate and stall, policies, divergence and ASHA: as promised")
