"""SIGINT and SIGTERM: checkpoint and status 75 within two seconds; `tubal stop`; crashes; several runners at once.

signals.py TUBAL FOLDER
"""
import pathlib
import signal
import subprocess
import time

import study
from study import check


def running(studies, grid, *options):
    process = subprocess.Popen([study.TUBAL, "run", str(grid), "--studies", str(studies), *options], stdout=subprocess.PIPE, text=True)
    end = time.time() + 30
    while not list(studies.glob("*/trials/*/checkpoint")):
        check(process.poll() is None and time.time() < end, "nothing runs")
        time.sleep(0.005)
    return process


def main():
    folder = pathlib.Path(study.arguments()[0])
    grid = study.write_grid(folder / "grid.yaml")
    check(study.tubal("run", grid, "--studies", folder / "truth").returncode == 0, "the undisturbed run")
    for number in (signal.SIGINT, signal.SIGTERM):
        studies = folder / number.name
        process = running(studies, grid)
        began = time.time()
        process.send_signal(number)
        process.communicate(timeout=10)
        took = time.time() - began
        check(process.returncode == 75, f"{number.name}: exit status {process.returncode}")
        check(took < 2, f"{number.name}: ended after {took:.2f} s")
        check(not study.trial_processes(studies), f"{number.name}: trials outlive their runner")
        check(any(row["state"] == "interrupted" for row in study.states(studies).values()), f"{number.name}: nothing is interrupted")
        check(study.tubal("run", grid, "--studies", studies).returncode == 0, f"the run after {number.name}")
        study.same_results(folder / "truth" / "faults", studies / "faults")

    studies = folder / "stop"
    process = running(studies, grid, "--jobs", "1")
    check(study.tubal("stop", "faults", "--studies", studies, "--now").returncode == 0, "tubal stop --now")
    process.communicate(timeout=10)
    check(process.returncode == 75, f"tubal stop --now: exit status {process.returncode}")

    # Several runners of one study: each trial begins exactly once.
    studies = folder / "several"
    runners = [subprocess.Popen([study.TUBAL, "run", str(grid), "--studies", str(studies), "--jobs", "1"], stdout=subprocess.PIPE, text=True) for _ in range(3)]
    for r in runners:
        output = r.communicate(timeout=60)[0]
        check(r.returncode == 0, f"one of several runners: exit status {r.returncode}\n{output}")
    check(all(row["attempt"] == 1 for row in study.states(studies).values()), "a trial ran twice")
    study.same_results(folder / "truth" / "faults", studies / "faults")

    # A trial that crashes: recorded with its signal and memory; the others go on.
    studies = folder / "crash"
    process = running(studies, grid, "--jobs", "1")
    victims = study.trial_processes(studies)
    check(victims, "no trial to crash")
    for pid in victims:
        subprocess.run(["kill", "-SEGV", str(pid)], check=True)
    process.communicate(timeout=60)
    rows = study.states(studies)
    failed = [row for row in rows.values() if row["state"] == "failed"]
    check(process.returncode == 1 and len(failed) == 1, f"a crash: exit status {process.returncode}, {len(failed)} failed")
    check("signal 11" in failed[0]["cause"] and "peak memory" in failed[0]["cause"], f"the cause is `{failed[0]['cause']}`")
    again = study.tubal("run", grid, "--studies", studies)
    check(again.returncode == 1 and "Nothing to run" in again.stdout, "a failed trial runs again only when asked", again)
    retry = study.tubal("retry", "faults", "--failed", "--studies", studies)
    check(retry.returncode == 0, "tubal retry", retry)
    study.same_results(folder / "truth" / "faults", studies / "faults")
    print("signals, stop, three runners and a crash: as promised")


if __name__ == "__main__":
    main()
