"""Every command on a standard output that is full, closed, a broken pipe or a file: what is printed has arrived, or the command fails.

standard_output.py TUBAL FOLDER
"""
import os
import pathlib
import signal
import subprocess
import sys

import commands
import study
from study import check

GOLDEN = sorted((pathlib.Path(__file__).resolve().parents[1] / "golden").glob("*.h5"))[0]
FULL = "tubal: cannot write to standard output: No space left on device\n"


def call(words, out, **options):
    return subprocess.run([study.TUBAL, *words], stdout=out, stderr=subprocess.PIPE, text=True, input="a text\n" * 300, timeout=120, **options)


def shell(script, words):
    """A shell's own redirection around the command; its status and standard error."""
    result = subprocess.run(["bash", "-c", script, "bash", study.TUBAL, *words], capture_output=True, text=True, input="a text\n" * 300, timeout=120)
    return result


def main():
    folder = pathlib.Path(study.arguments()[0])
    trial = commands.prepare(folder)
    words = commands.every(folder, trial, str(GOLDEN))
    went_on = 0
    for w in words:
        name = " ".join(w)
        plain = call(w, subprocess.PIPE)
        check(plain.returncode == 0 and plain.stdout, name, plain)

        # A full device: status 1 and the reason, as the last words.
        with open("/dev/full", "w") as full:
            result = call(w, full)
        check(result.returncode == 1 and result.stderr.endswith(FULL), f"{name} > /dev/full: {result.returncode} {result.stderr}")

        if "--help" in w and w[0] not in ("run", "--help"):
            continue  # all print alike

        # Closed: nothing that is opened later may take its number and be written into.
        before = sorted((p, p.stat().st_size) for p in folder.rglob("*.h5"))
        result = shell('"$@" >&-', w)
        check(result.returncode == 1 and "standard output: it is closed" in result.stderr, f"{name} >&-", result)
        check("report" in name or "ablate" in name or sorted((p, p.stat().st_size) for p in folder.rglob("*.h5")) == before, f"{name} >&- changed files")
        result = shell('"$@" <&- 2>&- >/dev/null', w)
        check(result.returncode in ((0,) if w[0] != "predict" or "--help" in w else (1,)), f"{name} without input and error output", result)

        # A reader that has gone: quiet, by the signal as other programs; a study goes on without its listener.
        read, write = os.pipe()
        os.close(read)
        result = call(w, write)
        os.close(write)
        goes_on = w[0] in ("run", "retry") and "--help" not in w
        went_on += goes_on
        check(result.returncode == (0 if goes_on else -signal.SIGPIPE), f"{name} into a closed pipe: {result.returncode} {result.stderr}")
        check("Broken pipe" not in result.stderr, f"{name} into a closed pipe is loud: {result.stderr}")
        # Where the signal is ignored (some containers do), the reason is told.
        if not goes_on:
            read, write = os.pipe()
            os.close(read)
            result = call(w, write, preexec_fn=lambda: signal.signal(signal.SIGPIPE, signal.SIG_IGN), restore_signals=False)
            os.close(write)
            check(result.returncode == 1 and result.stderr.endswith("standard output: Broken pipe\n"), f"{name}, SIGPIPE ignored: {result.returncode} {result.stderr}")

        # A file that may not grow (`ulimit -f`, in blocks of 1 KiB): an error, no death by a signal.
        if len(plain.stdout) > 2048:
            out = folder / "out"
            result = shell(f'trap "" PIPE; ulimit -f 1; "$@" > {out}', w)
            check(result.returncode == 1 and ("standard output: File too large" in result.stderr or "ulimit -f" in result.stderr), f"{name}, ulimit -f 1", result)
    check(went_on == 2, f"commands that outlive their reader: {went_on}")

    # A run that goes on: started into a full device it trains all trials, then tells.
    grid = folder / "more.yaml"
    grid.write_text(commands.GRID.replace("study: tiny", "study: more"))
    with open("/dev/full", "w") as full:
        result = call(["run", str(grid), "--studies", str(folder / "studies")], full)
    states = {row["state"] for row in study.states(folder / "studies", "more").values()}
    check(result.returncode == 1 and result.stderr.endswith(FULL) and states == {"complete"}, f"run > /dev/full: {states}", result)
    # Early: predict stops at its first answer, not after all of its input.
    feed = subprocess.Popen(["bash", "-c", "yes 'a text' | head -c 100000000"], stdout=subprocess.PIPE)
    with open("/dev/full", "w") as full:
        result = subprocess.run([study.TUBAL, "predict", f"tiny/{trial}", "--studies", str(folder / "studies")], stdin=feed.stdout, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    feed.stdout.close()
    feed.wait()
    check(result.returncode == 1 and result.stderr.endswith(FULL), "predict > /dev/full with endless input", result)
    print(f"{len(words)} commands on /dev/full, closed, broken pipe, a file at its limit: {', '.join(' '.join(w[:2]) for w in words)}")


if __name__ == "__main__":
    main()
