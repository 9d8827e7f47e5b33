"""What the fault tests share: tiny studies, their processes, and what must be equal between two of them."""
import hashlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import h5py
import numpy

TUBAL = None  # path of the program, set by arguments()
LANGUAGE = False  # the grids are of language models (an argument --language, before the others)

GRID = """study: {name}
data: {{name: synthetic, synthetic: {{train: {rows}, test: 100, words: 60, length: 12}}, max_length: 16}}
model: {{width: 16, depth: 1, heads: 4, p: 2, dropout: 0.1}}
training: {{epochs: {epochs}, batch_size: 16, early_stopping: {{patience: 0}}}}
seeds: {{first: 0, count: {seeds}}}
sweep:
  grid: {{model.transform: [{transforms}]}}
runtime: {{jobs: 2, threads: 1, checkpoint_seconds: {checkpoint}}}
"""

LANGUAGE_GRID = """study: {name}
task: language_model
data: {{name: text, train: lines.txt, validation: 0.2, test: 0.1, documents: line, tokenizer: char, max_length: 16}}
model: {{width: 16, depth: 1, heads: 4, p: 2, dropout: 0.1, norm: pre}}
training: {{steps: {steps}, evaluate_every: 19, batch_size: 16, order: random}}
seeds: {{first: 0, count: {seeds}}}
sweep:
  grid: {{model.transform: [{transforms}]}}
runtime: {{jobs: 2, threads: 1, checkpoint_seconds: {checkpoint}}}
"""


def arguments():
    global TUBAL, LANGUAGE
    if sys.argv[1] == "--language":
        LANGUAGE = sys.argv.pop(1) == "--language"
    TUBAL = os.path.abspath(sys.argv[1])
    return sys.argv[2:]


def write_grid(path, name="faults", rows=300, epochs=4, seeds=2, transforms="dct, haar", checkpoint=0.05):
    if LANGUAGE:  # 19 steps stand for an epoch
        lines = (f"line {i} holds {i * i} and {i % 7} or so" for i in range(rows // 2))
        path.with_name("lines.txt").write_text("\n".join(lines) + "\n")
        path.write_text(LANGUAGE_GRID.format(name=name, steps=19 * epochs, seeds=seeds, transforms=transforms, checkpoint=checkpoint))
        return path
    path.write_text(GRID.format(name=name, rows=rows, epochs=epochs, seeds=seeds, transforms=transforms, checkpoint=checkpoint))
    return path


def epochs_for(folder, seconds, **grid):
    """Epochs of the grid's trials that take about so many seconds here and now: long enough not to be over before it is disturbed."""
    short = 10
    studies = folder / "speed"
    plan = write_grid(folder / "speed.yaml", name="speed", **{**grid, "epochs": short, "seeds": 1, "transforms": "dct"})
    result = tubal("run", plan, "--studies", studies)
    check(result.returncode == 0, "the measurement of speed", result)
    took = next(iter(states(studies, "speed").values()))["seconds"]
    return max(short, int(short * seconds / took))


def tubal(*words, **options):
    return subprocess.run([TUBAL, *map(str, words)], capture_output=True, text=True, **options)


def check(truth, message, result=None):
    if not truth:
        if result is not None:
            message += f"\nexit status {result.returncode}\n{result.stdout}\n{result.stderr}"
        sys.exit("FAILED: " + message)


def reword(folder, text):
    """Gives the status.json of a failed trial another message; the cause's kind stays."""
    path = folder / "status.json"
    status = json.loads(path.read_text())
    check(status["state"] == "failed" and status["cause"], f"{path}: no failure to reword: {status}")
    path.write_text(json.dumps({**status, "cause": text}))


def states(studies, name="faults"):
    """{id: row} as `tubal status --json` tells it."""
    result = tubal("status", name, "--studies", studies, "--json")
    check(result.returncode == 0, "tubal status", result)
    return {row["id"]: row for row in json.loads(result.stdout)["trials"]}


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def trial_processes(studies):
    """Processes of trials below `studies`, by /proc."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if len(words) > 2 and words[1] == b"trial" and words[2].startswith(os.fsencode(str(studies))):
                found.append(int(entry.name))
    return found


def kill(pids):
    """SIGKILL; how many were there to be killed."""
    count = 0
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
            count += 1
        except ProcessLookupError:
            pass
    return count


def wait_for_trials(studies, seconds=10):
    end = time.time() + seconds
    while trial_processes(studies):
        check(time.time() < end, "trials outlive their runner")
        time.sleep(0.005)


# Wall clock is no result.
TIMING = ("tokens_per_second", "seconds", "processor_seconds")


def contents(file):
    """{path: array} of every data set that is a result."""
    out = {}

    def visit(path, node):
        if isinstance(node, h5py.Dataset) and path.split("/")[-1] not in TIMING:
            out[path] = node[()]

    with h5py.File(file, "r") as h5:
        h5.visititems(visit)
    return out


def same_results(one, other):
    """Metrics, spectra, predictions (trial.h5) and parameters (model.safetensors) are bit-identical."""
    ours, theirs = ({p.name: p for p in (root / "trials").iterdir()} for root in (one, other))
    check(sorted(ours) == sorted(theirs) and ours, f"different trials in {one} and {other}")
    for name in ours:
        a, b = contents(ours[name] / "trial.h5"), contents(theirs[name] / "trial.h5")
        check(sorted(a) == sorted(b), f"{name}: different data sets: {sorted(set(a) ^ set(b))}")
        result = "metrics/evaluation/test_bits_per_byte" if LANGUAGE else "test/prediction"
        check(any(path.startswith(result) for path in a), f"{name} holds no {result}")
        for path in a:
            equal = a[path].dtype == b[path].dtype and a[path].shape == b[path].shape and a[path].tobytes() == b[path].tobytes()
            if a[path].dtype == object:
                equal = numpy.array_equal(a[path], b[path])
            check(equal, f"{name}: {path} differs:\n{a[path]}\n{b[path]}")
        model = "model.safetensors"
        check(digest(ours[name] / model) == digest(theirs[name] / model), f"{name}: the parameters differ")
    return len(ours)


def read_everything(root):
    """Opens and reads every HDF5 file of a study that can be seen now; how many."""
    count = 0
    for file in [*root.glob("trials/*/trial.h5"), *root.glob("study.h5")]:
        try:
            with h5py.File(file, "r") as h5:
                h5.visititems(lambda _, node: node[()] if isinstance(node, h5py.Dataset) else None)
        except FileNotFoundError:
            continue  # put aside or replaced between looking and opening
        count += 1
    return count
