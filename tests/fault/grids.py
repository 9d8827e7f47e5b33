"""What happens to a study in ordinary life, each by the command and by what it advises: a grid is edited and edited back, a plug-in is
rebuilt, data are corrected, a folder is removed, a file edited, a plan copied.

grids.py PLUGIN TUBAL FOLDER: PLUGIN is a transform called ok, whose file may be lengthened.
"""
import json
import re
import shlex
import shutil
import subprocess
import sys
import pathlib

import h5py
import numpy

import study
from study import check

TINY = """study: tiny
data: {name: synthetic, synthetic: {train: 60, test: 40, length: 6, words: 30}, max_length: 8}
model: {width: 8, depth: 1, heads: 4}
training: {epochs: 1, batch_size: 8, optimizer: {learning_rate: 0.03}}
runtime: {jobs: 2, threads: 1}
seeds: {first: 0, count: 2}
sweep: {grid: {model.p: [1, 2]}}
baseline: {model.p: 1}
"""
PLUGIN = ""


class Place:
    """A fresh folder with a grid; commands run in it as they are typed."""

    def __init__(self, folder, name, grid=TINY):
        self.folder = folder / name
        self.folder.mkdir()
        (self.folder / "tiny.yaml").write_text(grid)
        self.root = self.folder / "studies" / "tiny"

    def tubal(self, line, status=0):
        result = subprocess.run([study.TUBAL, *shlex.split(line)], cwd=self.folder, capture_output=True, text=True)
        check(result.returncode == status, f"{self.folder.name}: tubal {line}: expected exit status {status}", result)
        return result.stdout + result.stderr

    def table(self, file="study.h5"):
        with h5py.File(self.root / file, "r") as h5:
            return {name: data.asstr()[()] if data.dtype.kind == "O" else data[()] for name, data in h5["trials"].items()}

    def array(self):
        with h5py.File(self.root / "study.h5", "r") as h5:
            return h5["test_accuracy"][()]

    def arrays_are(self, rows, what):
        """The array's finite values are the accuracies of the trials in the grid, which are `rows`."""
        table = self.table()
        inside = table["in_grid"] == 1
        check(inside.sum() == rows, f"{what}: {inside.sum()} trials in the grid")
        check(sorted(table["test_accuracy"][inside]) == sorted(self.array().ravel()), f"{what}: the array holds other values")

    def sound(self):
        check("ok " in self.tubal("verify tiny"), "verify")


def values(folder):
    """The README's own sequence: a value is set, and set back."""
    p = Place(folder, "values")
    p.tubal("run tiny.yaml")
    one = p.array()
    p.tubal("run tiny.yaml --set training.epochs=3")
    table = p.table()
    check(set(table["training.epochs"][table["in_grid"] == 1]) == {3} and len(table["id"]) == 8, "the grid is not that of three epochs")
    p.arrays_are(4, "three epochs")
    check(not numpy.array_equal(one, p.array()), "the arrays did not change")
    text = p.tubal("compare tiny")
    check("study tiny: 2 cells, 4 trials" in text and "the study holds 4 trials" in text, text)
    check("4 cells, 8 trials" in p.tubal("compare tiny --all"), "compare --all")
    check("4 trials: 4 complete" in p.tubal("status tiny") and "8 trials: 8 complete" in p.tubal("status tiny --all"), "status")
    p.tubal("export tiny --netcdf --csv")
    with h5py.File(p.root / "export" / "study.nc", "r") as nc:
        check(numpy.array_equal(nc["test_accuracy"][()], p.array()) and len(nc["trials/id"]) == 8, "study.nc")
    check(len((p.root / "export" / "trials.csv").read_text().splitlines()) == 5, "trials.csv holds other grids' trials")
    check("Nothing to run" in p.tubal("run tiny.yaml") and numpy.array_equal(one, p.array()), "and back")
    p.sound()
    history = json.loads(p.tubal("history tiny --json"))
    check([g["added"] for g in history["grids"]] == [4, 4, 0] and history["current"] == 3, f"history: {history}")
    text = p.tubal("history tiny")
    check("--set training.epochs=3" in text and "3 *" in text, text)
    (p.folder / "again.yaml").write_text(p.tubal("history tiny --grid 1 --text"))
    check("Nothing to run" in p.tubal("run again.yaml"), "the history's text is not the grid")
    refused = p.tubal("prune tiny --not-in-grid", status=2)
    advice = re.search(r"`tubal (prune [^`]*--yes)`", refused).group(1)
    p.tubal("prune tiny --not-in-grid --dry-run")
    check(len(p.table()["id"]) == 8, "a dry run moved something")
    back = re.search(r"To take them back: (mv .*)", p.tubal(advice)).group(1)
    check(len(p.table()["id"]) == 4, "prune")
    p.sound()
    subprocess.run(back, shell=True, check=True)
    p.tubal("compare tiny")
    check(len(p.table()["id"]) == 8, "what was moved does not come back by the command that is printed")
    p.sound()


def axes(folder):
    """An axis is added and dropped again."""
    p = Place(folder, "axes")
    p.tubal("run tiny.yaml")
    before = p.array()
    p.tubal("run tiny.yaml --sweep model.norm=pre,post")
    check(p.array().shape == (2, 2, 2), "the axis is not there")
    p.arrays_are(8, "with the axis")
    check("Nothing to run" in p.tubal("run tiny.yaml"), "back to the file")
    check(numpy.array_equal(before, p.array()), "the arrays are not those of the file")
    for line in ("verify tiny", "run tiny.yaml", "run tiny", "report tiny"):
        p.tubal(line)
    plan = p.root / "plan.yaml"  # damaged: told, and no grid is kept from running
    plan.write_text(plan.read_text().replace("model.p: 2", "model.p: 3"))
    told = p.tubal("run tiny", status=2)
    advice = re.search(r"`tubal (run [^`]*)`", told).group(1)
    check("Nothing to run" in p.tubal(advice), told)
    plan.write_text("nonsense")
    p.tubal("run tiny.yaml")
    (p.root / "history.jsonl").write_text("nonsense\nmore\n")
    check("history.jsonl" in p.tubal("verify tiny", status=1), "verify takes a damaged history")
    p.tubal("run tiny")
    p.sound()


def plugin(folder):
    """A plug-in is rebuilt: its trials are new ones, the former stay."""
    p = Place(folder, "plugin", TINY.replace("model.p: [1, 2]", "model.transform: [ok, dct]").replace("model.p: 1}", "model.transform: dct}")
              .replace("model: {", "model: {p: 2, ") + "plugins: [plug.so]\n")
    shutil.copy(PLUGIN, p.folder / "plug.so")
    p.tubal("run tiny.yaml")
    with open(p.folder / "plug.so", "ab") as file:
        file.write(b"rebuilt")
    text = p.tubal("run tiny")
    check("has changed" in text and "2 to run" in text, text)
    p.arrays_are(4, "after the plug-in was rebuilt")
    check(len(p.table()["id"]) == 6, "the former plug-in's trials are gone")
    check("plugin" in p.tubal("compare tiny --all"), "two plug-ins are not told apart")
    check("Nothing to run" in p.tubal("run tiny.yaml"), "and again")
    p.sound()


def data(folder):
    """A data file is corrected: new trials; the two never meet in one mean."""
    p = Place(folder, "data", TINY.replace("name: synthetic, synthetic: {train: 60, test: 40, length: 6, words: 30}", "name: csv, train: train.csv, test: test.csv"))

    def write(word, note=""):
        for part in ("train", "test"):
            rows = "".join(f"{word} w{i * 7 % 11} w{i % 5},{'ab'[i % 2]},{note}\n" for i in range(40))
            (p.folder / f"{part}.csv").write_text("text,label,note\n" + rows)

    write("one")
    p.tubal("run tiny.yaml")
    write("one", "a column that is not read")
    check("Nothing to run" in p.tubal("run tiny.yaml"), "a column that is not read makes new trials")
    write("two")
    for line in ("compare tiny", "verify tiny"):
        p.tubal(line)
    text = p.tubal("run tiny")
    check("4 to run" in text and "other data" not in text.split("note:")[0], text)
    p.arrays_are(4, "on other data")
    text = p.tubal("compare tiny")
    check("the same configuration on other data" in text and "2 cells, 4 trials" in text, text)
    check("the same configuration on other data" in p.tubal("verify tiny"), "verify says nothing of other data")
    check("data" in p.tubal("compare tiny --all").splitlines()[2] and "4 cells, 8 trials" in p.tubal("compare tiny --all"), "compare --all")
    mixed = p.tubal("compare tiny --mix-data")
    check("2 cells, 8 trials" in mixed and "--mix-data" in mixed, mixed)
    p.tubal("report tiny")
    check("the same configuration on other data" in (p.root / "report.html").read_text(), "the report says nothing of other data")
    write("one")
    check("Nothing to run" in p.tubal("run tiny.yaml"), "the former data's trials are not found again")
    p.sound()
    for part in ("train", "test"):
        (p.folder / f"{part}.csv").rename(p.folder / f"{part}.away")
    check("Nothing to run" in p.tubal("run tiny"), "a finished study needs its data")
    told = p.tubal("run tiny.yaml --set training.epochs=2", status=2)
    check("test.csv: no such file" in told and "No trial was started" in told, told)
    for part in ("train", "test"):
        (p.folder / f"{part}.away").rename(p.folder / f"{part}.csv")
    p.tubal("run tiny")
    # A trial on other data keeps its place, though its plain name has become free and its config.yaml was edited.
    write("two")
    p.tubal("run tiny.yaml")
    trials = p.root / "trials"
    other = next(t for t in sorted(trials.iterdir()) if "-" in t.name)
    shutil.rmtree(trials / other.name[:12])
    config = other / "config.yaml"
    config.write_text(re.sub(r"^  epochs: 1$", "  epochs: 5", config.read_text(), flags=re.M))
    text = p.tubal("run tiny.yaml")
    check("config.yaml.edited" in text and "Nothing to run" in text and not (trials / other.name[:12]).exists(), text)
    p.sound()


def folders(folder):
    """A trial's folder is removed, copied, renamed; its config.yaml is edited."""
    p = Place(folder, "folders")
    p.tubal("run tiny.yaml")
    trials = p.root / "trials"
    first, second = sorted(t.name for t in trials.iterdir())[:2]
    shutil.rmtree(trials / first)
    told = p.tubal("verify tiny", status=1)
    check(first in told, told)
    check("1 to run" in p.tubal(re.search(r"`tubal (run [^`]*)`", told).group(1)), told)
    p.sound()
    shutil.copytree(trials / first, trials / "000000000000")
    told = p.tubal("verify tiny", status=1)
    p.tubal(re.search(r"`tubal (prune [^`]*)`", told).group(1) + " --yes")
    p.sound()
    (trials / first).rename(trials / "mine")
    told = p.tubal("verify tiny", status=1)
    subprocess.run(re.search(r"`(mv [^`]*)`", told).group(1), shell=True, check=True)
    p.sound()
    kept = (trials / first / "trial.h5").read_bytes()
    config = trials / first / "config.yaml"
    config.write_text(re.sub(r"^  epochs: 1$", "  epochs: 5", config.read_text(), flags=re.M))
    check(first in p.tubal("verify tiny", status=1), "verify takes an edited config.yaml")
    check("was edited" in p.tubal("compare tiny"), "compare says nothing of an edited config.yaml")
    text = p.tubal("run tiny")
    check("config.yaml.edited" in text and "Nothing to run" in text and kept == (trials / first / "trial.h5").read_bytes(), text)
    p.sound()
    config.write_text(re.sub(r"^  epochs: 1$", "  epochs: 5", config.read_text(), flags=re.M))
    for name in ("status.json", "trial.h5", "journal.jsonl"):
        (trials / first / name).unlink()
    told = p.tubal(f"trial studies/tiny/trials/{first}", status=2)
    check("not trained under that name" in told, told)
    check("1 to run" in p.tubal("run tiny"), "the trial whose config.yaml was edited")
    p.sound()


def elsewhere(folder):
    """The report's commands; a copied plan; a study that is renamed, moved and copied."""
    p = Place(folder, "elsewhere")
    p.tubal("run tiny.yaml")
    p.tubal("report tiny")
    page = (p.root / "report.html").read_text()
    lines = json.loads(re.search(r'"reproduce":(\[.*?\])', page).group(1))
    ours = [line.split("build/tubal ", 1)[1] for line in lines if line.startswith("build/tubal ")]
    check(len(ours) == 3, f"the report prints {lines}")
    for line in ours:
        p.tubal(line)
    check(study.same_results(p.root, p.folder / "again" / "tiny") == 4, "another study came out")
    shutil.copy(p.root / "plan.yaml", p.folder / "copy.yaml")
    check("4 to run" in p.tubal("run copy.yaml --studies third"), "a copied plan")
    check("Nothing to run" in p.tubal("run studies/tiny/plan.yaml"), "a study's own plan")
    p.root.rename(p.folder / "studies" / "other")
    check("Nothing to run" in p.tubal("run other") and "ok " in p.tubal("verify other"), "a renamed study")
    (p.folder / "other").mkdir()  # a folder of that name beside it is no hindrance
    check("Nothing to run" in p.tubal("run other"), "a folder called as the study")
    shutil.copytree(p.folder / "studies" / "other", p.folder / "copied")
    check("Nothing to run" in p.tubal("run copied"), "a copied study")


if __name__ == "__main__":
    PLUGIN = sys.argv.pop(1)
    place = pathlib.Path(study.arguments()[0]).resolve()
    for life in (values, axes, plugin, data, folders, elsewhere):
        life(place)
        print(f"{life.__name__}: {life.__doc__.splitlines()[0]}")
