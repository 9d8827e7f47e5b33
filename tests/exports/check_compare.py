"""`tubal compare --json` against the same figures from study.h5 and trial.h5 by h5py and numpy, with brute-force tests.

check_compare.py TUBAL TEST_ANALYSIS FOLDER
"""
import itertools
import json
import math
import pathlib

import h5py
import numpy as np

import sample
import study
from study import check

# scipy 1.10: stats.t.ppf(0.95, df), stats.t.ppf(0.975, df)
T = {3: (2.3533634348018264, 3.182446305284263), 4: (2.13184678632665, 2.7764451051977987), 5: (2.015048372669157, 2.5705818366147395)}


def sign_flip(d):
    means = [abs(np.mean(d * signs)) for signs in itertools.product((1, -1), repeat=len(d))]
    return np.mean([m >= abs(np.mean(d)) * (1 - 1e-12) for m in means])


def wilcoxon(d):
    """All patterns of signs over the ranks; the made-up figures are thirds of hundredths, so sizes do tie."""
    size = np.round(np.abs(d), 12)
    d, size = d[size > 0], size[size > 0]
    if not len(d):
        return math.nan
    ranks = np.array([np.mean(np.flatnonzero(np.sort(size) == v)) + 1 for v in size])
    observed = ranks[d > 0].sum()
    sums = np.array([ranks[np.array(signs) > 0].sum() for signs in itertools.product((1, -1), repeat=len(d))])
    return min(1.0, 2 * min(np.mean(sums <= observed), np.mean(sums >= observed)))


def holm(p):
    """From the definition."""
    known = sorted(v for v in p if v == v)
    steps = np.maximum.accumulate([(len(known) - i) * v for i, v in enumerate(known)]) if known else []
    return [min(1.0, steps[known.index(v)]) if v == v else v for v in p]


def bootstrap(x):
    means = [np.mean(r) for r in itertools.product(x, repeat=len(x))]
    return np.quantile(means, [0.025, 0.975])


def mcnemar_exact(b, c):
    b, c = int(b), int(c)
    n, k = b + c, min(b, c)
    return min(1.0, 2 * sum(math.comb(n, i) for i in range(k + 1)) / 2**n)


def close(label, key, found, wanted, tolerance=1e-12):
    check(abs(found - wanted) <= tolerance, f"{label}: {key} is {found}, by numpy {wanted}")


def language(program, folder):
    """Losses: lower is better, in nat; the bound of non-inferiority is an upper one."""
    studies = sample.write(program, "write the language study", folder / "language")
    result = study.tubal("compare", "language", "--studies", studies, "--json", "--margin", "0.03", "--sort", "loss")
    check(result.returncode == 0, "tubal compare of language models", result)
    told = json.loads(result.stdout)
    check((told["metric"], told["direction"], told["unit"], told["difference_unit"]) == ("test_loss", "lower", "nat", "nat"), str(told)[:300])
    with h5py.File(studies / "language" / "study.h5") as file:
        table = {name: (d.asstr()[()] if d.dtype.kind == "O" else d[()]) for name, d in file["trials"].items()}
    cells = {}
    for i, status in enumerate(table["status"]):
        if status == "complete":
            p, transform = table["model.p"][i], table["model.transform"][i]
            cells.setdefault("p=1" if p == 1 else f"p={p} transform={transform}", {})[table["seed"][i]] = table["test_loss"][i]
    losses = [cell["loss"] for cell in told["cells"]]
    check(losses == sorted(losses) and len(losses) == len(cells) == 5, f"--sort loss: {losses}")
    shown = []
    for cell in told["cells"]:
        label, x = cell["label"], cells[cell["label"]]
        close(label, "mean loss", cell["loss"], np.mean(list(x.values())))
        close(label, "perplexity", cell["perplexity"], np.exp(np.mean(list(x.values()))), 1e-11)
        close(label, "bits per byte", cell["bits_per_byte"], np.mean(list(x.values())) / np.log(2))
        check("accuracy" not in cell, f"{label} has an accuracy")
        if cell["baseline"]:
            continue
        d = np.array([x[s] - cells["p=1"][s] for s in sorted(x)])
        n = len(d)
        close(label, "difference", cell["difference"], d.mean())
        close(label, "sign-flip p", cell["p"], sign_flip(d))
        close(label, "upper bound", cell["non_inferiority"]["bound"], d.mean() + T[n - 1][0] * d.std(ddof=1) / math.sqrt(n), 1e-9)
        shown.append((cell["non_inferiority"]["bound"] < 0.03, cell["non_inferiority"]["p"] < 0.05))
        close(label, "P(better)", cell["improvement"], np.mean([[(a < b) + 0.5 * (a == b) for b in cells["p=1"].values()] for a in x.values()]))
        check("mcnemar" not in cell, f"{label}: McNemar's test of a language model")
    check(all(a == b for a, b in shown) and len(set(shown)) == 2, f"bound and p disagree, or all agree: {shown}")
    text = study.tubal("compare", "language", "--studies", studies, "--margin", "0.03", "--metric", "perplexity").stdout
    check("accuracy" not in text and "points" not in text and "of the loss in nat" in text, text)
    for wrong in (["--metric", "accuracy"], ["--margin", "0"], ["--margin", "nan"], ["--sort", "accuracy"], ["--task", "classification"], ["--task", "none"]):
        bad = study.tubal("compare", "language", "--studies", studies, *wrong)
        check(bad.returncode == 2 and bad.stderr and not bad.stdout, f"compare {wrong}", bad)
    both = sample.write(program, "write the study of both tasks", folder / "both")
    for command in (["compare", "both"], ["export", "both", "--latex"], ["report", "both"]):
        bad = study.tubal(*command, "--studies", both)
        check(bad.returncode == 2 and "--task" in bad.stderr, f"{command} of both tasks", bad)
        good = study.tubal(*command, "--studies", both, "--task", "language_model")
        check(good.returncode == 0 and "accuracy" not in good.stdout, f"{command} --task", good)


def main():
    program, folder = study.arguments()
    folder = pathlib.Path(folder)
    studies = sample.write(program, "write the sample study", folder)
    result = study.tubal("compare", "sample", "--studies", studies, "--json", "--margin", "1")
    check(result.returncode == 0, "tubal compare", result)
    told = {cell["label"]: cell for cell in json.loads(result.stdout)["cells"]}

    cells, names = {}, {}
    with h5py.File(studies / "sample" / "study.h5") as file:
        table = {name: (d.asstr()[()] if d.dtype.kind == "O" else d[()]) for name, d in file["trials"].items()}
    for i, name in enumerate(table["id"]):
        if table["status"][i] == "complete":
            p, transform = table["model.p"][i], table["model.transform.name"][i]
            label = "p=1" if p == 1 else f"p={p} transform={transform}"
            cells.setdefault(label, {})[int(table["seed"][i])] = table["test_accuracy"][i]
            names.setdefault(label, {})[int(table["seed"][i])] = name
    check(sorted(cells) == sorted(told), f"cells {sorted(cells)}, told {sorted(told)}")

    def predictions(name):
        with h5py.File(studies / "sample" / "trials" / name / "trial.h5") as trial:
            return trial["test/label"][()], trial["test/prediction"][()]

    base, p_values, worse = cells["p=1"], {}, {}
    for label, values in cells.items():
        cell, x = told[label], np.array([values[s] for s in sorted(values)])
        close(label, "accuracy", cell["accuracy"], np.mean(x))
        close(label, "deviation", cell["deviation"], np.std(x, ddof=1))
        for side in (0, 1):
            close(label, "interval", cell["interval"][side], bootstrap(x)[side])
        half = T[len(x) - 1][1] * np.std(x, ddof=1) / math.sqrt(len(x))
        close(label, "t interval", cell["student"][1], np.mean(x) + half, 1e-9)
        check(cell["seeds"] == len(x) and cell["planned"] == 6, f"{label}: {cell['seeds']} seeds of {cell['planned']}")
        if label == "p=1":
            check(cell["difference"] is None and cell["baseline"] and "wilcoxon" not in cell, "the baseline is compared with itself")
            continue
        seeds = sorted(set(values) & set(base))
        d = np.array([values[s] - base[s] for s in seeds])
        check(cell["pairs"] == len(d) and cell["compared_with"] == "p=1", f"{label}: {cell['pairs']} pairs, not {len(d)}")
        close(label, "difference", cell["difference"], np.mean(d))
        for side in (0, 1):
            close(label, "difference's interval", cell["difference_interval"][side], bootstrap(d)[side])
        p_values[label] = sign_flip(d)
        close(label, "sign-flip p", cell["p"], p_values[label])
        close(label, "Wilcoxon p", cell["wilcoxon"], wilcoxon(d))
        wins = np.mean([(v > b) + (v == b) / 2 for v in values.values() for b in base.values()])
        close(label, "probability of improvement", cell["improvement"], wins)
        low, high = cell["improvement_interval"]
        check(0 <= low <= wins <= high <= 1, f"{label}: improvement {wins} outside [{low}, {high}]")
        close(label, "lower bound", cell["non_inferiority"]["bound"],
              np.mean(d) - T[len(d) - 1][0] * np.std(d, ddof=1) / math.sqrt(len(d)), 1e-9)
        check((cell["non_inferiority"]["bound"] > -0.01) == (cell["non_inferiority"]["p"] < 0.05), f"{label}: bound and p disagree")
        worse[label] = cell["non_inferiority"]["p"]
        counts = np.zeros((2, 2), int)
        for s in seeds:
            labels, mine = predictions(names[label][s])
            _, theirs = predictions(names["p=1"][s])
            for a, b in zip(mine == labels, theirs == labels):
                counts[int(a), int(b)] += 1
        found = cell["mcnemar"]
        check([found["both"], found["only_this"], found["only_baseline"], found["neither"]] ==
              [counts[1, 1], counts[1, 0], counts[0, 1], counts[0, 0]], f"{label}: McNemar's counts {found}, by numpy {counts}")
        check(found["pairs"] == len(seeds) and counts.sum() == 300 * len(seeds), f"{label}: pooled over {found['pairs']} pairs")
        close(label, "McNemar's p", found["exact"], mcnemar_exact(counts[1, 0], counts[0, 1]), 1e-9)
    for label, p in zip(p_values, holm(list(p_values.values()))):
        close(label, "Holm's p", told[label]["p_holm"], p)
    for label, p in zip(worse, holm(list(worse.values()))):
        close(label, "Holm's p of non-inferiority", told[label]["non_inferiority"]["p_holm"], p)
    check("seed 5 (diverged)" in " ".join(told["p=4 transform=haar"]["notes"]), f"notes {told['p=4 transform=haar']['notes']}")
    check("seed 3 (planned)" in " ".join(told["p=4 transform=learned_orthogonal"]["notes"]), "the missing trial is not named")

    # The same figures in the printed tables, and what the flags choose.
    text = study.tubal("compare", "sample", "--studies", studies, "--margin", "1").stdout
    cell = told["p=4 transform=haar"]
    for wanted in (f"{100 * cell['accuracy']:.2f}", "5/6", "Holm", "McNemar", "non-inferior", "left out: seed 5 (diverged)"):
        check(wanted in text, f"`tubal compare` does not say {wanted}:\n{text}")
    rows = study.tubal("compare", "sample", "--studies", studies, "--filter", "p=4", "--sort", "accuracy", "--json")
    chosen = json.loads(rows.stdout)["cells"]
    check([c["label"] for c in chosen] == sorted((l for l in told if l.startswith("p=4")), key=lambda l: -told[l]["accuracy"]), "--filter or --sort")
    check(all(c == told[c["label"]] or c["p_holm"] == told[c["label"]]["p_holm"] for c in chosen), "--filter changes the family")
    for wrong in (["--margin", "0"], ["--margin", "nan"], ["--level", "2"], ["--metric", "perplexity"], ["--sort", "beauty"], ["--filter", "p"]):
        bad = study.tubal("compare", "sample", "--studies", studies, *wrong)
        check(bad.returncode == 2 and bad.stderr and not bad.stdout, f"compare {wrong}", bad)
    language(program, folder)
    print(f"{len(told)} cells: means, intervals, tests and counts are numpy's")


if __name__ == "__main__":
    main()
