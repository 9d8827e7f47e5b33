"""Random lives of a study by the command itself: real trials, real kills, two runners at once.

life.py TUBAL FOLDER [SEQUENCES] [SEED]. tests/experiments/runner/test_study_life.cpp does the same with cheap trials, for thousands of
sequences; here every array value is held against the predictions in the trial.h5 of the trial that it must be of.
"""
import json
import pathlib
import random
import re
import shutil
import subprocess
import time

import h5py
import numpy

import study
from study import check

GRID = """study: life
data: {{name: csv, train: d/train.csv, test: d/test.csv, max_length: 8, validation: 0.25, tokenizer: {{vocabulary: 60}}}}
model: {{width: 8, depth: 1, heads: 4, p: 2}}
training: {{epochs: {epochs}, batch_size: 8}}
seeds: {{first: 0, count: {seeds}}}
sweep: {{grid: {{model.p: [{p}], model.norm: [{norm}]}}}}
baseline: {{model.p: 1}}
runtime: {{jobs: 2, threads: 1}}
"""


class Life:
    def __init__(self, folder, seed):
        self.rng, self.folder, self.studies, self.log = random.Random(seed), folder, folder / "studies", []
        self.grid = {"epochs": 1, "seeds": 2, "p": "1, 2", "norm": "post"}
        (folder / "d").mkdir(parents=True)
        self.data(0)
        self.run()

    @property
    def root(self):
        return self.studies / "life"

    def data(self, version):
        for part in ("train", "test"):
            rows = [f"word{version} w{(i * 7 + version) % 11} w{i % 5},{'ab'[i % 2]}" for i in range(24)]
            (self.folder / "d" / f"{part}.csv").write_text("text,label\n" + "\n".join(rows) + "\n")

    def write(self, name="grid.yaml", **other):
        path = self.folder / name
        path.write_text(GRID.format(**{**self.grid, **other}))
        return path

    def run(self, *words):
        result = study.tubal("run", *(words or [self.write()]), "--studies", self.studies)
        check(result.returncode == 0, f"{self.log}: tubal run", result)
        return result

    def step(self):
        name = self.rng.choice([n for n in dir(self) if n.startswith("do_")])
        self.log.append(name[3:])
        getattr(self, name)()
        self.laws()

    def do_set(self):
        self.grid["epochs"] = self.rng.choice([1, 2])
        self.run()

    def do_axis(self):
        self.grid["norm"] = "post" if "pre" in self.grid["norm"] else "post, pre"
        self.run()

    def do_p_and_seeds(self):
        self.grid["p"], self.grid["seeds"] = self.rng.choice(["1, 2", "1", "1, 2, 4"]), self.rng.choice([1, 2])
        self.run()

    def do_data(self):
        self.data(self.rng.randrange(3))
        self.run()

    def do_study_alone(self):
        self.run("life")

    def do_delete(self):
        victim = self.rng.choice(list((self.root / "trials").iterdir()))
        shutil.rmtree(victim)
        self.run("life")

    def do_move(self):
        other = self.folder / ("elsewhere" if self.studies.name == "studies" else "studies")
        other.mkdir(exist_ok=True)
        shutil.move(self.root, other / "life")
        self.studies = other
        self.run("life")

    def do_kill(self):
        self.grid["epochs"] = self.rng.choice([1, 2, 3])
        runner = subprocess.Popen([study.TUBAL, "run", str(self.write()), "--studies", str(self.studies)],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(self.rng.uniform(0, 1.5))
        runner.kill()
        runner.wait()
        study.wait_for_trials(self.studies)
        look = study.tubal("compare", "life", "--studies", self.studies)
        check(look.returncode == 0, f"{self.log}: compare after a kill", look)
        self.run()

    def do_two_runners(self):
        other = self.write("other.yaml", epochs=self.rng.choice([1, 2]), seeds=self.rng.choice([1, 2]))
        both = [subprocess.Popen([study.TUBAL, "run", str(g), "--studies", str(self.studies)], stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, text=True) for g in (self.write(), other)]
        for p in both:
            out, _ = p.communicate()
            check(p.returncode == 0, f"{self.log}: one of two runners: {out}")

    def do_prune(self):
        result = study.tubal("prune", "life", "--not-in-grid", "--yes", "--studies", self.studies)
        check(result.returncode == 0, f"{self.log}: prune", result)

    def trials(self):
        """{folder name: (p, norm, epochs, seed, digest of tokens, accuracy by its predictions)} of complete trials."""
        out = {}
        for folder in (self.root / "trials").iterdir():
            if json.loads((folder / "status.json").read_text())["state"] != "complete" if (folder / "status.json").exists() else True:
                continue
            text = (folder / "config.yaml").read_text()
            value = lambda key: re.search(rf"^ *{key}: \"?([\w-]+)\"?$", text, re.M).group(1)
            seed = int(re.search(r"^seed: (\d+)$", text, re.M).group(1))  # the trial's, not a transform's
            tokens = re.search(r"tokens: \"?([0-9a-f]{64})", text).group(1)
            with h5py.File(folder / "trial.h5", "r") as h5:
                accuracy = float(numpy.mean(h5["test/label"][()] == h5["test/prediction"][()]))
            out[folder.name] = (int(value("p")), value("norm"), int(value("epochs")), seed, tokens, accuracy)
        return out

    def laws(self):
        where = f"after {self.log}"
        sound = study.tubal("verify", "life", "--studies", self.studies)
        check(sound.returncode == 0, f"{where}: verify", sound)
        trials = self.trials()
        with h5py.File(self.root / "study.h5", "r") as h5:
            table = {i: bool(g) for i, g in zip(h5["trials/id"].asstr()[()], h5["trials/in_grid"][()])}
            check(set(table) == {f.name for f in (self.root / "trials").iterdir()}, f"{where}: /trials holds other trials than the store")
            inside = {i: trials[i] for i, g in table.items() if g}
            check(len({t[4] for t in inside.values()}) == 1, f"{where}: the grid's trials read different data")
            axes = [a for a in h5.attrs["axes"] if a] if h5.attrs["axes"].shape else []
            array, points = h5["test_accuracy"], 0
            names = {"p": 0, "norm": 1, "seed": 3}
            for i, (p, norm, _, seed, _, accuracy) in inside.items():
                at = []
                for scale in [*axes, "seed"]:
                    values = h5[scale].asstr()[()] if h5[scale].dtype.kind == "O" else h5[scale][()]
                    at.append(list(values).index((p, norm, None, seed)[names[scale]]))
                check(abs(array[tuple(at)] - accuracy) < 1e-9, f"{where}: test_accuracy{at} is {array[tuple(at)]}, trial {i} reached {accuracy}")
                points += 1
            check(numpy.isfinite(array[()]).sum() == points, f"{where}: the array holds values of no trial of the grid")
        again = study.tubal("run", "life", "--studies", self.studies)
        check(again.returncode == 0 and "Nothing to run" in again.stdout, f"{where}: a second run ran something", again)


def main():
    given = study.arguments()
    folder, sequences, seed = given + ["2", "20260305"][len(given) - 1:]
    steps = 0
    for k in range(int(sequences)):
        place = pathlib.Path(folder) / f"life-{k}"
        life = Life(place, int(seed) + k)
        for _ in range(6):
            life.step()
            steps += 1
        shutil.rmtree(place)
    print(f"{sequences} sequences, {steps} steps by the command, seeds from {seed}: every array value is its trial's, nothing is run twice")


if __name__ == "__main__":
    main()
