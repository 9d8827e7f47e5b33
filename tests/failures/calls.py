"""Every n-th system call of a small study fails once, or it and all that follow; then a run without faults ends with the same bits.

calls.py FAIL_AT.so TUBAL FOLDER. One n for every kind of call and file; all of them with FAILURES_ALL=1 (half an hour), FAILURES_KEEP=1 to
go on after a find.
"""
import collections
import errno
import os
import pathlib
import shutil
import sys

import small
import study
from study import check

ERRORS = [errno.ENOSPC, errno.EIO, errno.ESTALE, errno.EROFS, errno.EDQUOT]
ALL = bool(os.environ.get("FAILURES_ALL"))


READS = (("read", [errno.ESTALE, errno.EIO]), ("open", [errno.ESTALE, errno.EIO]), ("stat", [errno.ESTALE, errno.EIO]), ("close", [errno.EIO, errno.EDQUOT]))


def listed(library, folder, grid, calls, start=None):
    """The counted calls of an undisturbed run, on a copy of `start` where there is one; the study that it made."""
    shim = small.Shim(library, folder, "list-" + calls.split(",")[0] + ("-again" if start else ""))
    if start:
        shutil.copytree(start, shim.root)
    result = shim.run(grid, calls=calls, list=shim.list)
    check(result.returncode == 0, f"the undisturbed run under the shim ({calls})", result)
    names = shim.names()
    check(len(names) == shim.counted() > 10, f"{len(names)} calls listed, {shim.counted()} counted")
    return names, shim.root / "studies" / "tiny"


def chosen(names):
    """All numbers; or the last one of every kind, of the second trial where both do alike."""
    if ALL:
        return list(range(1, len(names) + 4))  # a slow machine writes a status more
    return sorted({name: n for n, name in enumerate(names, 1)}.values())


def kinds(names):
    """The first number of every kind of file below the study."""
    inside = [(n, name) for n, name in enumerate(names, 1) if "/studies/tiny/" in name]
    return sorted({name: n for n, name in reversed(inside)}.values())


def main():
    library = pathlib.Path(sys.argv.pop(1)).resolve()
    folder, clean = small.fast_folder(pathlib.Path(study.arguments()[0]))
    try:
        grid = small.write_grid(folder)
        report(library, folder, grid)
    finally:
        clean()


def report(library, folder, grid):
    names, truth = listed(library, folder, grid, small.CHANGES)
    must = ("rename /studies/tiny/plan.yaml", "rename /studies/tiny/study.h5", "write /studies/tiny/history.jsonl", "fsync /studies/tiny/trials/T", "mkdir /studies/tiny/trials/T")
    check(all(any(name.startswith(m) for name in names) for m in must), f"calls that the shim does not see: {sorted(set(names))}")
    jobs = []
    numbers = chosen(names) if ALL else chosen(names)[::5]
    for i, n in enumerate(numbers):
        error = ERRORS[i % len(ERRORS)]
        plain = dict(calls=small.CHANGES, at=n, errno=error)
        if ALL or i % 2 == 0:
            jobs.append(("once", n, error, {**plain, **({"how": "half"} if i % 3 == 0 else {})}))
        if ALL or i % 2 == 1:
            jobs.append(("on", n, ERRORS[(i + 1) % len(ERRORS)], {**plain, "errno": ERRORS[(i + 1) % len(ERRORS)], "on": 1, **({"how": "half"} if i % 3 == 0 else {})}))
    # As a network file system: what was done is reported as failed (a repeated request), a handle is stale, the loss shows at close().
    answers = {"rename": errno.ENOENT, "make": errno.EEXIST, "mkdir": errno.EEXIST, "remove": errno.ENOENT}
    for call, error in answers.items():
        seen, _ = listed(library, folder, grid, call)
        some = chosen(seen)
        for n in some if ALL else some[::5]:
            jobs.append((f"done, but reported as failed: {call}", n, error, dict(calls=call, at=n, errno=error, how="after")))
    for call, errors in READS:
        seen, _ = listed(library, folder, grid, call)
        some = chosen(seen)
        for i, n in enumerate(some if ALL else some[::20]):
            jobs.append((call, n, errors[i % 2], dict(calls=call, at=n, errno=errors[i % 2])))
    # A study with finished trials gets one seed more: what cannot be read for a moment is not missing.
    more = small.write_grid(folder, small.GRID.replace("count: 2", "count: 3"), "more.yaml")
    for call, errors in READS:
        seen, whole = listed(library, folder, more, call, start=truth.parents[1])
        some = chosen(seen) if ALL else kinds(seen)
        # A stale handle is opened again and seldom shows: where not all are tried, the device fails.
        for i, n in enumerate(some if ALL or call == "read" else some[::3 if call == "close" else 2]):
            error = errors[i % 2] if ALL or call == "close" else errno.EIO
            jobs.append((f"on a study with finished trials, {call}", n, error, dict(calls=call, at=n, errno=error, start=truth.parents[1], grid=more, truth=whole)))

    outcomes = collections.Counter()
    found = []

    def one(job):
        kind, n, error, settings = job
        shim = small.Shim(library, folder, f"{kind.split(':')[-1].strip().replace(' ', '-')}-{n}-{error}-{settings.get('how', '')}")
        where = f"{kind}, call {n}, {errno.errorcode[error]}{' ' + settings['how'] if 'how' in settings else ''}"
        # What the file system did all the same is no failure at all.
        allowed = (0,) if settings.get("how") == "after" else (0, 1, 2, 75)
        try:
            rest = {"grid": grid, "truth": truth, **settings}
            status = small.ends_and_heals(shim, rest.pop("grid"), rest.pop("truth"), where, allowed, small.WORDS.get(error), **rest)
        except SystemExit as find:
            if not os.environ.get("FAILURES_KEEP"):
                raise
            found.append(str(find))
            print(find, flush=True)
            status = "FOUND"
        outcomes[kind, errno.errorcode[error], status] += 1

    small.all_of(jobs, one)
    for (kind, error, status), count in sorted(outcomes.items(), key=str):
        print(f"{kind}: {error}: exit status {status}: {count}")
    check(not found, f"{len(found)} finds of {len(jobs)}")
    print(f"{len(jobs)} faults in studies of {len(names)} writing calls: told, nothing half-written, the same bits afterwards")


if __name__ == "__main__":
    main()
