"""The smallest study that does all that a study does, what is left of one after a fault, and the shim that makes faults."""
import concurrent.futures
import errno
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess

import h5py
import numpy

import study
from study import check

GRID = """study: tiny
data: {name: csv, train: train.csv, test: test.csv, max_length: 8}
model: {width: 8, depth: 1, heads: 2, p: 2}
training: {epochs: 1, batch_size: 16}
runtime: {jobs: 1, threads: 1}
seeds: {first: 0, count: 2}
"""
CHANGES = "write,fsync,rename,truncate,create,make,mkdir,link,remove"
# What a message says of an error.
WORDS = {errno.ENOSPC: "no space left", errno.EIO: "nput/output error", errno.ESTALE: "tale file handle", errno.EROFS: "read-only", errno.EDQUOT: "quota"}
# What of a study's arrays is a clock's or a machine's.
CLOCKED = {"seconds", "processor_seconds", "tokens_per_second", "peak_memory", "created", "host", "revision", "cause"}


def write_grid(folder, text=GRID, file="tiny.yaml"):
    """A grid on a CSV file, so that tokens are cached too."""
    for name, rows in (("train", 40), ("test", 12)):
        (folder / f"{name}.csv").write_text("text,label\n" + "".join(f"w{i % 7} w{i % 5} w{i % 3},{'ab'[i % 2]}\n" for i in range(rows)))
    (folder / file).write_text(text)
    return folder / file


def fast_folder(folder):
    """A folder in memory where there is one: thousands of syncs take their time on a disk."""
    memory = pathlib.Path("/dev/shm")
    if not os.access(memory, os.W_OK) or shutil.disk_usage(memory).free < 64 << 20:
        return folder, lambda: None
    place = memory / folder.name
    place.mkdir()
    return place, lambda: shutil.rmtree(place, ignore_errors=True)


class Shim:
    """Runs commands under fail_at.so in a place of their own: studies and cache lie below `root`, and only what lies there counts."""

    def __init__(self, library, folder, name):
        self.library, self.root, self.name = library, folder / name, name
        self.count = folder / f"{name}.count"
        self.list = folder / f"{name}.list"

    def environment(self, **more):
        return {**os.environ, "TUBAL_CACHE": str(self.root / "cache"), **more}

    def tubal(self, *words, calls="", **settings):
        """`settings` in small letters are the shim's: at=5, on=1, errno=..., how=...; none: without the shim."""
        more = {}
        if calls:
            self.count.write_bytes(bytes(8))
            more = {"LD_PRELOAD": str(self.library), "FAIL_ROOT": str(self.root), "FAIL_COUNT": str(self.count), "FAIL_CALLS": calls}
            more |= {f"FAIL_{k.upper()}": str(v) for k, v in settings.items()}
        return subprocess.run([study.TUBAL, *map(str, words)], capture_output=True, text=True, errors="replace", timeout=60, env=self.environment(**more), cwd=self.root.parent)

    def counted(self):
        return int.from_bytes(self.count.read_bytes(), "little")

    def run(self, grid, **settings):
        return self.tubal("run", grid, "--studies", self.root / "studies", **settings)

    def names(self):
        """Each counted call as "call kind-of-file": numbers, trials and tokens left out."""
        out = []
        for line in sorted(self.list.read_text().splitlines(), key=lambda line: int(line.split()[0])):
            _, call, path = line.split(" ", 2)
            path = re.sub(r"\.[^./]*-[0-9a-f]{8}-\d+-\d+\.unfinished", " aside", path)
            path = re.sub(r"trials/[0-9a-f]{12}", "trials/T", re.sub(r"(new|old|taken)\.[0-9a-f]+", r"\1", path))
            out.append(f"{call} {re.sub(r'-[0-9a-f]{16}', '', path)}")
        return out


def whole_files(root, where, result):
    """Every file that can be seen below a study's place is complete: readers of other programs take it."""
    for path in sorted(root.rglob("*")):
        if not path.is_file() or path.name.endswith(".unfinished"):
            continue
        data, name = path.read_bytes(), path.name
        try:
            if path.suffix == ".h5":
                with h5py.File(path, "r") as h5:
                    h5.visititems(lambda _, node: node[()] if isinstance(node, h5py.Dataset) else None)
            elif path.suffix == ".json":
                json.loads(data)
            elif name == "checkpoint":
                check(hashlib.sha256(data[:-64]).hexdigest().encode() == data[-64:], f"{where}: {path}: its checksum differs", result)
            elif path.suffix == ".safetensors":
                head = int.from_bytes(data[:8], "little")
                ends = [entry["data_offsets"][1] for key, entry in json.loads(data[8:8 + head]).items() if key != "__metadata__"]
                check(8 + head + max(ends) == len(data), f"{where}: {path} is cut", result)
            elif path.suffix in (".yaml", ".jsonl", ".txt"):
                # A line that a writer could not finish and not take back is dropped by every reader; no other line may be cut.
                check(not data or data.endswith(b"\n") or path.suffix != ".yaml", f"{where}: {path} is cut", result)
                if path.suffix == ".jsonl":
                    for line in data.split(b"\n")[:-1]:
                        json.loads(line)
        except (ValueError, OSError, KeyError) as error:
            check(False, f"{where}: {path} is half-written: {error}", result)


def arrays(file):
    """A study's file without clocks and machines."""
    out = {}
    with h5py.File(file, "r") as h5:
        h5.visititems(lambda path, node: out.update({path: node[()]}) if isinstance(node, h5py.Dataset) and path.split("/")[-1] not in CLOCKED else None)
    return out


def same_study(truth, other, where, result, litter=False, at_once=False):
    """Trials and study.h5 of two studies are bit-identical; nothing is left lying about, but what could not be removed (`litter`): all kinds
    straight after (`at_once`), leases moved aside later too."""
    study.same_results(truth, other)
    a, b = arrays(truth / "study.h5"), arrays(other / "study.h5")
    check(sorted(a) == sorted(b), f"{where}: study.h5 holds other data sets: {sorted(set(a) ^ set(b))}", result)
    for name in a:
        equal = numpy.array_equal(a[name], b[name]) if a[name].dtype == object else a[name].tobytes() == b[name].tobytes()
        check(equal, f"{where}: study.h5: {name} differs:\n{a[name]}\n{b[name]}", result)
    left = [str(p) for p in other.rglob("*") if p.name.endswith(".unfinished") or p.name in ("lease", "checkpoint") or p.name.startswith(".lease.")]
    left = [p for p in left if not (litter and ("/.lease." in p or at_once))]
    check(not left, f"{where}: left behind: {left}", result)


def trials_of(root):
    """Every file of the trials below a study's place: its bytes and when it was written."""
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in root.glob("studies/tiny/trials/*/*") if path.is_file()}


def ends_and_heals(shim, grid, truth, where, allowed, says=None, start=None, **settings):
    """A run under a fault ends within its time by an allowed status, with words where it is not 0, and nothing half-written; the next run
    completes with the bits of `truth`. With `start`, a place whose study has finished trials, it goes on from a copy of that: these trials
    are neither trained again nor put aside. The status."""
    if start:
        shutil.copytree(start, shim.root)
    finished = trials_of(shim.root)
    try:
        result = shim.run(grid, **settings)
    except subprocess.TimeoutExpired:
        check(False, f"{where}: hangs")
    check(result.returncode in allowed, f"{where}: exit status {result.returncode}, allowed are {allowed}", result)
    whole_files(shim.root, where, result)
    text = result.stdout + result.stderr
    if result.returncode and says:
        check(any(str(shim.root) in line and says in line for line in text.splitlines()), f"{where}: no line names a file and `{says}`", result)
    if result.returncode == 2:
        check(result.stderr.splitlines()[-1].startswith("tubal: "), f"{where}: not told as an error", result)
    if result.returncode == 0:  # whatever failed, the study is complete now
        same_study(truth, shim.root / "studies" / "tiny", f"{where}: exit status 0", result, litter=True, at_once=True)
    after = shim.run(grid)
    check(after.returncode == 0, f"{where}: the run after it\nthe faulty one: {result.returncode}\n{text}\nnow:", after)
    same_study(truth, shim.root / "studies" / "tiny", where, after, litter="on" in settings)
    now = trials_of(shim.root)
    touched = sorted(str(path.relative_to(shim.root)) for path in finished if now.get(path) != finished[path])
    check(not touched, f"{where}: finished trials were touched: {touched}\nthe faulty run: {result.returncode}\n{text}\nnow:", after)
    shutil.rmtree(shim.root)
    return result.returncode


def all_of(jobs, work):
    """work(job) of every job, as many at a time as the machine has cores; the first that fails ends the test."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        tasks = [pool.submit(work, job) for job in jobs]
        try:
            return [task.result() for task in concurrent.futures.as_completed(tasks)]
        except SystemExit:
            for task in tasks:
                task.cancel()
            raise
