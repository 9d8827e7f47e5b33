"""SIGKILL at every instant around a rename, removal or truncation of a trial, of its runner and of study.h5's rebuild.

instants.py SHIM.so [--language] TUBAL FOLDER. The shim (kill_at.c) first lists the instants of an undisturbed run; then the process is killed
before each such call (after it is before the next) and after the last one, by turns alone and together with its runner.
"""
import os
import pathlib
import sys

import study
from study import check


def run(grid, studies, **variables):
    # Without threads' start-up noise: one job.
    environment = {**os.environ, "LD_PRELOAD": SHIM, **variables} if variables else os.environ
    return study.tubal("run", grid, "--studies", studies, "--jobs", "1", env=environment)


def instants(grid, studies, who):
    """Names of the instants of an undisturbed run, in order: "before-rename status.json", ..."""
    listed = studies.parent / f"instants-{who}"
    check(run(grid, studies, KILL_WHO=who, KILL_LIST=str(listed)).returncode == 0, f"the listing of {who}'s instants")
    lines = [line.split(" ", 1) for line in listed.read_text().splitlines()]
    # Several processes of a kind (one rebuild a trial, say) count each for itself; the longest list names all.
    count = max(int(n) for n, _ in lines)
    return [next(name for n, name in lines if int(n) == i) for i in range(1, count + 1)]


def main():
    folder = pathlib.Path(study.arguments()[0])
    grid = study.write_grid(folder / "grid.yaml", rows=60, epochs=2, seeds=1, transforms="dct", checkpoint=60)  # none by the clock: the same instants each time
    check(run(grid, folder / "truth").returncode == 0, "the undisturbed run")
    kills = missed = 0
    for who, parents in (("trial", (False, True)), ("rebuild", (False, True)), ("run", (False,))):
        names = instants(grid, folder / f"listing-{who}", who)
        must = {"trial": "rename trial.h5", "rebuild": "rename study.h5", "run": "rename plan.yaml"}[who]
        check(any(name.endswith(must) for name in names), f"{who} has no instant at `{must}`: {names}")
        for i, name in enumerate(names, 1):
            if name.startswith("after") and i < len(names):
                continue
            for parent in parents[i // 2 % len(parents):][:1]:
                what = f"killed: {who}{' and its runner' if parent else ''} at its instant {i} ({name})"
                studies = folder / "killed" / f"{who}-{i}-{int(parent)}"
                dead = run(grid, studies, KILL_WHO=who, KILL_AT=str(i), **({"KILL_PARENT": "1"} if parent else {}))
                if dead.returncode == 0:  # not reached: on a slow machine the listing met a status.json more, written by the clock
                    missed += 1
                    continue
                # A rebuild that is killed is tried once more, and killed again: its study.h5 is missing, which is no success.
                check(dead.returncode == (-9 if parent or who == "run" else 1), what, dead)
                study.wait_for_trials(studies)
                root = studies / "faults"
                study.read_everything(root)
                before = study.states(studies) if (root / "plan.yaml").exists() else {}
                result = run(grid, studies)
                check(result.returncode == 0, what + "; then the run after it", result)
                after = study.states(studies)
                for t, row in before.items():
                    check(row["state"] != "complete" or after[t]["attempt"] == row["attempt"], what + ": a finished trial ran again", result)
                study.same_results(folder / "truth" / "faults", root)
                sound = study.tubal("verify", root)
                check(sound.returncode == 0, what + "; then tubal verify", sound)
                check(study.read_everything(root) == 2, what + ": trial.h5 or study.h5 is missing")
                # A half-made claim (.lease.new.*) may belong to another machine: it goes after ten minutes.
                left = [str(p) for p in studies.rglob("*")
                        if p.name == "lease" or p.name.endswith((".unfinished", ".damaged")) and ".lease." not in str(p)]
                check(not left, f"{what}; left behind: {left}", result)
                kills += 1
    check(kills >= 20 and missed <= 4, f"{kills} kills, {missed} instants not reached")
    print(f"{kills} kills, one at every instant around a change of a folder: nothing lost or repeated, results bit-identical")


if __name__ == "__main__":
    SHIM = os.path.abspath(sys.argv.pop(1))
    main()
