"""A damaged journal, checkpoint, HDF5 or status file: a clear message, and that trial alone runs again.

damage.py TUBAL FOLDER
"""
import hashlib
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


def interrupt(grid, studies):
    """Kills a run when a trial has a checkpoint and a journal of some lines; the trial's id."""
    runner = subprocess.Popen([study.TUBAL, "run", str(grid), "--studies", str(studies), "--jobs", "1"], stdout=subprocess.DEVNULL)
    while True:
        check(runner.poll() is None, "the study ended before it could be interrupted")
        for t in (studies / "faults" / "trials").glob("*"):
            if (t / "checkpoint").exists() and (t / "journal.jsonl").exists() and (t / "journal.jsonl").read_bytes().count(b"\n") > 8:
                runner.send_signal(signal.SIGKILL)
                runner.wait()
                study.wait_for_trials(studies)
                row = study.states(studies)[t.name]
                check(row["state"] == "interrupted", f"expected an interrupted trial, found {row['state']}")
                return t.name
        time.sleep(0.002)


def other_build(path):
    """Rewrites a checkpoint as if another revision had made it: its header's "build", sealed by a new checksum."""
    data = path.read_bytes()[:-64]
    at = data.index(b'"build":"') + len(b'"build":"')
    data = data[:at] + (b"x" if data[at:at + 1] != b"x" else b"y") + data[at + 1:]
    path.write_bytes(data + hashlib.sha256(data).hexdigest().encode())


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

    # study.h5 is rebuilt from the trials, and none of them runs.
    for damage in (lambda p: flip(p, 0.4), lambda p: flip(p, 0.9), lambda p: p.write_bytes(p.read_bytes()[:-100]), lambda p: p.unlink()):
        data = studies / "faults" / "study.h5"
        whole = data.read_bytes()
        damage(data)
        sound = study.tubal("verify", studies / "faults")
        check(sound.returncode == 1 and "study.h5" in sound.stdout, "tubal verify missed the damage of study.h5", sound)
        result = study.tubal("run", grid, "--studies", studies)
        check(result.returncode == 0 and "Nothing to run" in result.stdout, "the run after the damage of study.h5", result)
        check(data.read_bytes() == whole, "study.h5 is not what it was", result)
    sound = study.tubal("verify", studies / "faults")
    check(sound.returncode == 0, "tubal verify after all damage is mended", sound)

    # An interrupted trial; of some seconds, so that it is not over before.
    grid = study.write_grid(folder / "long.yaml", epochs=study.epochs_for(folder, 3), seeds=1)
    check(study.tubal("run", grid, "--studies", folder / "long").returncode == 0, "the undisturbed run of longer trials")
    for name, damage in [("checkpoint", lambda p: flip(p, 0.6)), ("journal.jsonl", break_line)]:
        studies = folder / ("interrupted-" + name)
        victim = interrupt(grid, studies)
        damage(studies / "faults" / "trials" / victim / name)
        result = study.tubal("run", grid, "--studies", studies)
        log = (studies / "faults" / "trials" / victim / "log.txt").read_text()
        check(result.returncode == 0, f"the run after the damage of {name}", result)
        check(name in log + result.stdout, f"no word about the damaged {name}\n{log}", result)
        study.same_results(folder / "long" / "faults", studies / "faults")
    # A checkpoint of another build is not damage: it is kept, and used only when that is asked for.
    studies = folder / "other-build"
    victim = interrupt(grid, studies)
    path = studies / "faults" / "trials" / victim / "checkpoint"
    other_build(path)
    kept = study.digest(path)
    result = study.tubal("run", grid, "--studies", studies)
    check(result.returncode == 1 and "made by another build" in result.stdout and "--allow-code-change" in result.stdout, "a checkpoint of another build", result)
    check(study.digest(path) == kept, "the checkpoint of another build was changed", result)
    check(study.states(studies)[victim]["cause_kind"] == "other_build", "the kind of the cause", result)
    study.reword(path.parent, "reworded")  # the kind decides: taken up all the same
    result = study.tubal("run", grid, "--studies", studies, "--allow-code-change")
    log = (path.parent / "log.txt").read_text()
    check(result.returncode == 0 and "goes on at step" in log, f"tubal run --allow-code-change\n{log}", result)
    study.same_results(folder / "long" / "faults", studies / "faults")
    print("10 damages, each told and mended by running that trial alone, or none; results bit-identical")


if __name__ == "__main__":
    main()
