"""Two users and one study: where the folder's group may write they share the work; where only its owner may, the other is told so, and
what they may read they read.

users.py TUBAL FOLDER
"""
import os
import pathlib
import shutil
import subprocess
import sys

import small
import study
from study import check

ANN, BEN, GROUP = 61001, 61002, 61000  # nobody's numbers
READERS = [["status"], ["compare"], ["history"], ["verify"], ["watch"]]
WRITERS = [["run"], ["retry", "--failed"], ["stop"], ["report"], ["export", "--csv"]]


def as_user(user, umask, words, folder, background=False):
    command = ["setpriv", f"--reuid={user}", f"--regid={GROUP}", "--clear-groups", "bash", "-c", f'umask {umask}; exec "$@"', "bash", study.TUBAL, *map(str, words)]
    environment = {**os.environ, "HOME": str(folder / f"home{user}"), "TUBAL_CACHE": str(folder / f"home{user}" / "cache")}
    if background:
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder, env=environment)
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, timeout=60)


def shared_folder(folder, name):
    place = folder / name
    place.mkdir()
    os.chown(place, ANN, GROUP)
    place.chmod(0o2775)
    return place


def grid_of(folder, count):
    return small.write_grid(folder, small.GRID.replace("count: 2", f"count: {count}").replace("epochs: 1,", "epochs: 20,"))


def told(what, result):
    """One line that says what may not be done and where; no crash."""
    text = result.stderr + result.stdout
    check(result.returncode in (1, 2), f"{what}: exit status {result.returncode}", result)
    check("ermission denied" in text and "filesystem error" not in text and "terminate" not in text, f"{what}: not told", result)


def main():
    folder = pathlib.Path(study.arguments()[0])
    if os.geteuid():
        print("needs root to become two others: two users were not tried")
        sys.exit(77)
    folder.chmod(0o755)
    for user in (ANN, BEN):
        home = folder / f"home{user}"
        home.mkdir()
        os.chown(home, user, GROUP)
    if as_user(ANN, "022", ["--version"], folder).returncode:
        print("other users may not run the program under test: two users were not tried")
        sys.exit(77)
    grid = grid_of(folder, 3)
    subprocess.run(["chmod", "-R", "a+rX", folder], check=True)
    check(as_user(ANN, "022", ["run", grid, "--studies", shared_folder(folder, "truth")], folder).returncode == 0, "the undisturbed run")
    truth = folder / "truth" / "tiny"

    # The group may write: begun by one, gone on with by the other, and by both at once.
    place = shared_folder(folder, "group")
    first = as_user(ANN, "002", ["run", grid, "--studies", place, "--only", "0000"], folder)  # plans, and names no trial
    check(first.returncode == 2 and "0000" in first.stderr, "tubal run --only of no trial", first)
    both = [as_user(user, "002", ["run", grid, "--studies", place, "--jobs", "1"], folder, background=True) for user in (ANN, BEN)]
    for process in both:
        output = process.communicate(timeout=120)[0]
        check(process.returncode == 0, f"two users at once: exit status {process.returncode}\n{output}")
    owners = {p.stat().st_uid for p in place.glob("tiny/trials/*/trial.h5")}
    small.same_study(truth, place / "tiny", "two users at once", None)
    check(all(row["attempt"] == 1 for row in study.states(place, "tiny").values()), "a trial ran twice")
    for words in READERS + WRITERS:
        for user in (ANN, BEN):
            result = as_user(user, "002", [words[0], grid if words[0] == "run" else "tiny", *words[1:], "--studies", place], folder)
            check(result.returncode == 0, f"{words[0]} by {user} in the group's study", result)

    # Others may read: looking works, the rest is told; nothing of the owner's changes.
    place = shared_folder(folder, "read")
    check(as_user(ANN, "022", ["run", grid, "--studies", place], folder).returncode == 0, "the owner's run")
    for words in READERS:
        result = as_user(BEN, "022", [words[0], "tiny", "--studies", place], folder)
        check(result.returncode == 0, f"{words[0]} by one who may read", result)
    result = as_user(BEN, "022", ["report", "tiny", "--studies", place, "--output", folder / f"home{BEN}" / "r.html"], folder)
    check(result.returncode == 0, "report into one's own folder", result)
    for words in WRITERS:
        told(f"{words[0]} by one who may read", as_user(BEN, "022", [words[0], grid if words[0] == "run" else "tiny", *words[1:], "--studies", place], folder))
    small.same_study(truth, place / "tiny", "after one who may read", None)

    # Nobody else may look: said so, not that there is none.
    place = shared_folder(folder, "own")
    check(as_user(ANN, "077", ["run", grid, "--studies", place], folder).returncode == 0, "the owner's run, umask 077")
    for words in READERS + WRITERS:
        told(f"{words[0]} of a study that is closed to others", as_user(BEN, "077", [words[0], grid if words[0] == "run" else "tiny", *words[1:], "--studies", place], folder))
    small.same_study(truth, place / "tiny", "after one who may not look", None)
    print(f"a group's study by two users at once (trials of {sorted(owners)}), one that others may read, one that they may not")


if __name__ == "__main__":
    main()
