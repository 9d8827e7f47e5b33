"""Every command of tubal with words that make it print, on a small finished study; a new command must be added here."""
import re

import study
from study import check

GRID = """study: tiny
data: {name: synthetic, synthetic: {train: 200, test: 60, length: 6, words: 50}, max_length: 8}
model: {width: 16, depth: 1, heads: 4}
training: {epochs: 1, batch_size: 16}
runtime: {jobs: 2, threads: 1}
seeds: {first: 0, count: 2}
sweep: {grid: {model.p: [1, 2]}}
baseline: {model.p: 1}
"""


def prepare(folder):
    """The study `tiny` in folder/studies and its grid; the id of a trial with p = 2."""
    (folder / "tiny.yaml").write_text(GRID)
    result = study.tubal("run", folder / "tiny.yaml", "--studies", folder / "studies")
    check(result.returncode == 0, "tubal run tiny.yaml", result)
    return next(id for id, row in study.states(folder / "studies", "tiny").items() if "p=2" in row["name"])


def table(folder, trial, golden):
    """{command: [words]}: each prints something and ends with status 0 (or as `ends` says)."""
    at = ["--studies", str(folder / "studies")]
    grid = str(folder / "tiny.yaml")
    return {
        "ablate": [["ablate", f"tiny/{trial}", *at], ["ablate", "tiny", "--json", *at]],
        "compare": [["compare", "tiny", *at], ["compare", "tiny", "--json", *at], ["compare", "tiny", "--tests", *at]],
        "export": [["export", "tiny", "--csv", "--latex", "--netcdf", "--safetensors", *at]],
        "predict": [["predict", f"tiny/{trial}", *at], ["predict", f"tiny/{trial}", "--json", *at], ["predict", f"tiny/{trial}", "--csv", *at]],
        "data": [["data", grid], ["data", "--name", "synthetic"]],
        "report": [["report", "tiny", *at]],
        "plan": [["plan", grid, "--no-timing"], ["plan", grid, "--no-timing", "--json"], ["plan", grid, "--resolved"], ["plan", "--keys"]],
        "bench": [["bench", "--steps", "1", "--batch", "1", "--length", "8", "--set", "model.width=16", "--set", "model.depth=1"]],
        "transforms": [["transforms", "--show", "haar"], ["transforms", "--laws", "dct", "--p", "3"]],
        "verify": [["verify", golden], ["verify", "tiny", *at]],
        "run": [["run", grid, *at]],
        "retry": [["retry", "tiny", "--failed", *at]],
        "status": [["status", "tiny", *at], ["status", "tiny", "--json", *at]],
        "watch": [["watch", "tiny", *at]],
        "stop": [["stop", "tiny", *at]],
        "submit": [["submit", grid, "--dry-run", *at]],
        "history": [["history", "tiny", *at], ["history", "tiny", "--json", *at]],
        "prune": [["prune", "tiny", "--not-in-grid", *at]],
        "trial": [["trial", "--help"]],
        "generate": [["generate", "--help"]],  # tests/exports/check_generate.py has a language model
    }


def all_commands():
    """The commands of `tubal --help`."""
    result = study.tubal("--help")
    check(result.returncode == 0, "tubal --help", result)
    return re.findall(r"^  ([a-z]+) +\S", result.stdout, re.M)


def every(folder, trial, golden):
    """Every list of words; --help of every command and the program's own words with them."""
    known, names = table(folder, trial, golden), all_commands()
    check(len(names) > 15, f"commands found in --help: {names}")
    missing = [n for n in names if n not in known and n not in MORE]
    check(not missing, f"commands that tests/streams/commands.py lacks: {missing}")
    out = [["--help"], ["--version"]]
    for name in names:
        out += known.get(name, MORE.get(name, [])) + [[name, "--help"]]
    return out


MORE = {}
