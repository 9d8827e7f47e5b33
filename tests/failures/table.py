"""(command, state, input) -> (exit status, first line of the message, files touched), one row a line, for every command of `tubal --help`.

table.py TUBAL FOLDER. rows.txt holds the rows; FAILURES_PRINT=STATES prints what happens instead, as rows, FAILURES_STATES=STATES tries those
states alone (regular expressions). A state that cannot be made
here (no root, no mount) is named at the end with the rows that were left out; where that leaves none, the test counts as skipped.
"""
import collections
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys

import commands
import places
import small
import study
from study import check

ROWS = pathlib.Path(__file__).with_name("rows.txt")
CACHES = {".index.json"}  # may be written anew by whoever looks


def words_of(command, place):
    """The command as it is typed in a place: its study, grid, trial and data set."""
    at = ["--studies", place.studies]
    trial = place.name + b"/" + os.fsencode(place.trial)
    return {
        "ablate": ["ablate", trial, *at],
        "compare": ["compare", place.name, *at],
        "export": ["export", place.name, "--csv", *at],
        "predict": ["predict", trial, *at],
        "generate": ["generate", trial, "--tokens", "3", *at],
        "data": ["data", place.grid],
        "report": ["report", place.name, *at],
        "plan": ["plan", place.grid, "--no-timing"],
        "plan STUDY": ["plan", place.name, "--no-timing", *at],
        "bench": ["bench", "--steps", "1", "--batch", "1", "--length", "8", "--set", "model.width=8", "--set", "model.depth=1"],
        "transforms": ["transforms", "--show", place.matrix, "--p", "2"],
        "verify": ["verify", place.name, *at],
        "run": ["run", place.grid, *at],
        "run STUDY": ["run", place.name, *at],
        "retry": ["retry", place.name, "--failed", *at],
        "status": ["status", place.name, *at],
        "watch": ["watch", place.name, "--every", "0.1", *at],
        "stop": ["stop", place.name, *at],
        "history": ["history", place.name, *at],
        "prune": ["prune", place.name, "--not-in-grid", "--yes", *at],
        "submit": ["submit", place.name, "--dry-run", *at],
        "trial": ["trial", place.root + b"/trials/" + os.fsencode(place.trial)],
    }[command]


def snapshot(folder):
    """{path: (kind, mode, content)} of everything below a folder that can be seen."""
    found = {}
    for path, folders, files in os.walk(os.fsencode(folder)):
        for name in folders + files:
            whole = os.path.join(path, name)
            about = os.lstat(whole)
            if os.fsdecode(name) in CACHES:
                continue
            content = None
            if os.path.islink(whole):
                content = os.readlink(whole)
            elif os.path.isfile(whole):
                content = hashlib.sha256(open(whole, "rb").read()).hexdigest()
            found[whole] = (about.st_mode, content)
    return found


def first_line(result, place):
    """Of the message: standard error's first line that is no note, else standard output's; paths of this run left out."""
    for text in (result.stderr, result.stdout):
        lines = [line for line in text.splitlines() if line.strip() and not line.startswith(("note: ", "warning: "))]
        if lines:
            return place.plain(lines[0])
    return ""


def called(name):
    """A file's name without what differs from run to run."""
    name = re.sub(r"^[0-9a-f]{12}$", "TRIAL", name.decode(errors="replace"))
    return re.sub(r"^\d{4}-\d\d-\d\dT\d+Z$", "DATE", re.sub(r"^[0-9a-f]{12}-[0-9a-f]{8}$", "TRIAL-DATA", name))


def call(command, place):
    """Exit status, first line and what was touched of one command in one place."""
    words = [w if isinstance(w, bytes) else os.fsencode(w) for w in words_of(command, place)]
    prefix = ["timeout", "--preserve-status", "-s", "INT", "2"] if command == "watch" else []
    before = snapshot(place.base)
    result = subprocess.run([*place.prefix, *prefix, study.TUBAL, *words], input="w1 w2\n", capture_output=True, encoding="utf-8", errors="backslashreplace", timeout=60,
                            cwd=place.here, env={**os.environ, "HOME": str(place.home), "TUBAL_CACHE": str(place.home / "cache"), "LC_ALL": "C.UTF-8"}, preexec_fn=place.before)
    after = snapshot(place.base)
    touched = sorted({called(os.path.basename(p)) for p in before.keys() | after.keys() if before.get(p) != after.get(p)})
    return result, first_line(result, place), touched


def read_rows():
    """(state, commands, status, files touched or "", pattern) of rows.txt: fields apart by two blanks or more."""
    rows = []
    for number, line in enumerate(ROWS.read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = re.split(r"\s{2,}", line.strip(), maxsplit=4)
        check(len(parts) >= 4, f"rows.txt:{number}: {line}")
        state, names, status, touched = parts[:4]
        rows.append((number, state, [n.strip() for n in names.split(",")], int(status), [] if touched == "-" else touched.split(","), parts[4] if len(parts) > 4 else ""))
    return rows


def print_rows(maker):
    """What happens, as rows: to be read and judged before it becomes the table."""
    wanted = os.environ["FAILURES_PRINT"]
    for state, (make, names) in places.STATES.items():
        if not re.search(wanted, state):
            continue
        found = collections.defaultdict(list)
        for command in names:
            place = maker.make(state)
            if place is None:
                break
            try:
                result, line, touched = call(command, place)
            finally:
                maker.drop(place)
            found[result.returncode, ",".join(touched) or "-", line].append(command)
        for (status, touched, line), names in found.items():
            print(f"{state}  {', '.join(names)}  {status}  {touched}  {line}", flush=True)


def main():
    folder = pathlib.Path(study.arguments()[0]).resolve()
    maker = places.Maker(folder)
    if os.environ.get("FAILURES_PRINT"):
        return print_rows(maker)
    left_out, seen, cells, faults = collections.defaultdict(list), collections.defaultdict(set), [], []
    for number, state, names, status, touched, pattern in read_rows():
        check(state in places.STATES, f"rows.txt:{number}: no state `{state}`")
        for command in names:
            seen[command.split()[0]].add(state)
            cells.append((f"rows.txt:{number}: {state}: {command}", state, command, status, touched, re.compile(pattern)))

    for command in commands.all_commands():
        check(len(seen[command]) >= 3, f"rows.txt has {len(seen[command])} states for `tubal {command}`: add rows")
    cells = [cell for cell in cells if re.search(os.environ.get("FAILURES_STATES", ""), cell[1])]

    def one(cell):
        where, state, command, status, touched, pattern = cell
        place = maker.make(state)
        if place is None:
            left_out[state].append(command)
            return
        try:
            result, line, did = call(command, place)
        finally:
            maker.drop(place)
        told = f"{where}\n  exit status {result.returncode}, touched {','.join(did) or '-'}: {line}"
        if result.returncode != status or not pattern.search(line) or not set(did) <= set(touched):
            faults.append(f"{told}\n  expected: {status}, {','.join(touched) or '-'}: /{pattern.pattern}/")
            print(faults[-1], flush=True)
        elif "filesystem error" in result.stderr or "terminate called" in result.stderr:
            faults.append(f"{told}\n  an exception's own words:\n{result.stderr}")

    small.all_of(cells, one)
    check(not faults, f"{len(faults)} of {len(cells)} cells:\n" + "\n".join(faults))
    count = len(cells) - sum(map(len, left_out.values()))
    for state, names in left_out.items():
        print(f"left out: {state} ({places.why(state)}): {', '.join(names)}")
    print(f"{count} of {len(cells)} cells: exit status, first line and files as the table says")
    sys.exit(0 if count else 77)


if __name__ == "__main__":
    main()
