"""SIGINT and SIGTERM: checkpoint and status 75 within two seconds; `tubal stop`; crashes; several runners at once.

signals.py TUBAL FOLDER
"""
import os
import pathlib
import shutil
import signal
import subprocess
import time

import study
from study import check


def running(studies, grid, *options, **popen):
    process = subprocess.Popen([study.TUBAL, "run", str(grid), "--studies", str(studies), *options], stdout=subprocess.PIPE, text=True, **popen)
    end = time.time() + 30
    while not list(studies.glob("*/trials/*/checkpoint")):
        check(process.poll() is None and time.time() < end, "nothing runs")
        time.sleep(0.005)
    return process


def finish(process, number, what):
    """Ends `process` by `number` (None: it has been told) and checks that it takes less than two seconds."""
    began = time.time()
    if number:
        process.send_signal(number)
    output = process.communicate(timeout=30)[0]
    took = time.time() - began
    check(process.returncode == 75, f"{what}: exit status {process.returncode}\n{output}")
    check(took < 2, f"{what}: ended after {took:.2f} s\n{output}")
    return output


def main():
    folder = pathlib.Path(study.arguments()[0])
    # Trials of some seconds: none is over before it is interrupted.
    grid = study.write_grid(folder / "grid.yaml", epochs=study.epochs_for(folder, 4), seeds=1)
    check(study.tubal("run", grid, "--studies", folder / "truth").returncode == 0, "the undisturbed run")
    for number in (signal.SIGINT, signal.SIGTERM):
        studies = folder / number.name
        process = running(studies, grid)
        finish(process, number, number.name)
        check(not study.trial_processes(studies), f"{number.name}: trials outlive their runner")
        check(any(row["state"] == "interrupted" for row in study.states(studies).values()), f"{number.name}: nothing is interrupted")
        check(study.tubal("run", grid, "--studies", studies).returncode == 0, f"the run after {number.name}")
        study.same_results(folder / "truth" / "faults", studies / "faults")

    # tubal stop --now: the same, by a file.
    studies = folder / "stop-now"
    process = running(studies, grid, "--jobs", "1")
    check(study.tubal("stop", "faults", "--studies", studies, "--now").returncode == 0, "tubal stop --now")
    finish(process, None, "tubal stop --now")
    states = sorted(row["state"] for row in study.states(studies).values())
    check(states == ["interrupted", "planned"], f"tubal stop --now: {states}")

    # tubal stop: the running trial ends, no other begins.
    studies = folder / "stop"
    process = running(studies, grid, "--jobs", "1")
    check(study.tubal("stop", "faults", "--studies", studies).returncode == 0, "tubal stop")
    output = process.communicate(timeout=120)[0]
    states = sorted(row["state"] for row in study.states(studies).values())
    check(process.returncode == 75 and states == ["complete", "planned"], f"tubal stop: exit status {process.returncode}, {states}\n{output}")
    check(study.tubal("run", grid, "--studies", studies).returncode == 0, "the run after tubal stop")
    study.same_results(folder / "truth" / "faults", studies / "faults")

    # nohup: a closed terminal is nothing to stop for.
    studies = folder / "nohup"
    process = running(studies, grid, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    process.send_signal(signal.SIGHUP)
    output = process.communicate(timeout=120)[0]
    check(process.returncode == 0, f"nohup and SIGHUP: exit status {process.returncode}\n{output}")

    # Before anything runs: the same status, at once.
    process = subprocess.Popen([study.TUBAL, "run", str(grid), "--studies", str(folder / "early")], stdout=subprocess.DEVNULL)
    while not (folder / "early" / "faults" / "trials").exists():
        check(process.poll() is None, "the run ended before it began")
    finish(process, signal.SIGTERM, "SIGTERM at the start")

    # A trial that crashes: recorded with its signal and memory; the others go on.
    studies = folder / "crash"
    process = running(studies, grid, "--jobs", "1")
    victims = study.trial_processes(studies)
    check(len(victims) == 1, "no trial to crash")
    os.kill(victims[0], signal.SIGSEGV)
    output = process.communicate(timeout=120)[0]
    rows = study.states(studies)
    failed = [row for row in rows.values() if row["state"] == "failed"]
    check(process.returncode == 1 and len(failed) == 1, f"a crash: exit status {process.returncode}, {len(failed)} failed\n{output}")
    check(any(row["state"] == "complete" for row in rows.values()), f"a crash took the other trial along\n{output}")
    check("signal 11" in failed[0]["cause"] and "peak memory" in failed[0]["cause"], f"the cause is `{failed[0]['cause']}`")
    again = study.tubal("run", grid, "--studies", studies)
    check(again.returncode == 1 and "Nothing to run" in again.stdout, "a failed trial runs again only when asked", again)
    retry = study.tubal("retry", "faults", "--failed", "--studies", studies)
    check(retry.returncode == 0, "tubal retry", retry)
    study.same_results(folder / "truth" / "faults", studies / "faults")

    # Several runners of one study: each trial begins exactly once.
    grid = study.write_grid(folder / "short.yaml")
    check(study.tubal("run", grid, "--studies", folder / "short").returncode == 0, "the undisturbed run of short trials")
    studies = folder / "several"
    # One in a process namespace of its own, where that can be had: to the others it is another machine, judged by its heartbeat.
    apart = ["unshare", "--pid", "--fork", "--mount-proc"]
    if shutil.which("unshare") is None or subprocess.run([*apart, "true"], stderr=subprocess.DEVNULL).returncode:
        apart = []
    runners = [subprocess.Popen([*prefix, study.TUBAL, "run", str(grid), "--studies", str(studies), "--jobs", "1"], stdout=subprocess.PIPE, text=True)
               for prefix in ([], [], apart)]
    for r in runners:
        output = r.communicate(timeout=120)[0]
        check(r.returncode == 0, f"one of several runners: exit status {r.returncode}\n{output}")
    check(all(row["attempt"] == 1 for row in study.states(studies).values()), "a trial ran twice")
    study.same_results(folder / "short" / "faults", studies / "faults")
    print("signals, both stops, three runners and a crash: as promised")


if __name__ == "__main__":
    main()
