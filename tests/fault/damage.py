"""A damaged journal, checkpoint, HDF5 or status file: a clear message, and that trial alone runs again.

damage.py TUBAL FOLDER
"""
import pathlib
import signal
import subprocess
import time

import study
from study import check


def flip(path, at):
    """Inverts a byte; `at` is a share of the length."""
    data = bytearray(path.read_bytes())
    data[int(at * (len(data) - 1))] ^= 0xFF
    path.write_bytes(bytes(data))


def break_line(path):
    """A digit in the middle line of the journal becomes another; the line stays JSON."""
    lines = path.read_bytes().split(b"\n")
    line = bytearray(lines[len(lines) // 2])
    digits = [i for i, c in enumerate(line) if chr(c).isdigit()]
    check(digits, "no digit in the journal's middle line")
    i = digits[len(digits) // 2]
    line[i] = ord("1") if line[i] != ord("1") else ord("2")
    lines[len(lines) // 2] = bytes(line)
    path.write_bytes(b"\n".join(lines))


def main():
    folder = pathlib.Path(study.arguments()[0])
    grid = study.write_grid(folder / "grid.yaml")
    truth = study.tubal("run", grid, "--studies", folder / "truth")
    check(truth.returncode == 0, "the undisturbed run", truth)
    studies = folder / "damaged"
    check(study.tubal("run", grid, "--studies", studies).returncode == 0, "the run before the damage")
    root = studies / "faults" / "trials"
    ids = sorted(study.states(studies))

    # Finished trials.
    for i, (name, damage) in enumerate([("trial.h5", lambda p: flip(p, 0.5)), ("trial.h5", lambda p: p.unlink()), ("journal.jsonl", break_line),
                                        ("status.json", lambda p: p.write_text(p.read_text()[:40]))]):
        victim = ids[i % len(ids)]
        before = {t: study.states(studies)[t]["attempt"] for t in ids}
        kept = {t: study.digest(root / t / "trial.h5") for t in ids if t != victim}
        time.sleep(0.02)
        damage(root / victim / name)
        sound = study.tubal("verify", studies / "faults")
        check(sound.returncode != 0 and name in sound.stdout + sound.stderr, f"tubal verify missed the damage of {name}", sound)
        result = study.tubal("run", grid, "--studies", studies)
        check(result.returncode == 0 and name in result.stdout and "1 to run" in result.stdout, f"the run after the damage of {name}", result)
        after = study.states(studies)
        check(all(row["state"] == "complete" for row in after.values()), f"not all complete after the damage of {name}")
        check(all(after[t]["attempt"] == before[t] for t in ids if t != victim), f"other trials ran again after the damage of {name}")
        check(all(study.digest(root / t / "trial.h5") == d for t, d in kept.items()), f"other trials changed after the damage of {name}")
        study.same_results(folder / "truth" / "faults", studies / "faults")

    # An interrupted trial.
    for name, damage in [("checkpoint", lambda p: flip(p, 0.6)), ("journal.jsonl", break_line)]:
        studies = folder / ("interrupted-" + name)
        runner = subprocess.Popen([study.TUBAL, "run", str(grid), "--studies", str(studies), "--jobs", "1"], stdout=subprocess.PIPE, text=True)
        victim = ""
        while not victim:  # until one has a checkpoint and a journal of some lines
            check(runner.poll() is None, "the study ended before it could be interrupted")
            for t in (studies / "faults" / "trials").glob("*"):
                if (t / "checkpoint").exists() and (t / "journal.jsonl").exists() and (t / "journal.jsonl").read_bytes().count(b"\n") > 8:
                    runner.send_signal(signal.SIGKILL)
                    runner.wait()
                    study.wait_for_trials(studies)
                    row = study.states(studies)[t.name]
                    check(row["state"] == "interrupted", f"expected an interrupted trial, found {row['state']}")
                    victim = t.name
            time.sleep(0.002)
        damage(studies / "faults" / "trials" / victim / name)
        result = study.tubal("run", grid, "--studies", studies)
        log = (studies / "faults" / "trials" / victim / "log.txt").read_text()
        check(result.returncode == 0, f"the run after the damage of {name}", result)
        check(name in log + result.stdout, f"no word about the damaged {name}\n{log}", result)
        study.same_results(folder / "truth" / "faults", studies / "faults")
    print("6 damages, each told and mended by running that trial alone; results bit-identical")


if __name__ == "__main__":
    main()
