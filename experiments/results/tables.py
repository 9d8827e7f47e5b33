#!/usr/bin/env python3
"""The tables of the READMEs about results, from the exported files beside this script and from nothing else.

tables.py          checks that every table says what its study's files say; exit status 1 and the difference otherwise
tables.py --write  writes them anew

A table stands between `<!-- results: STUDY -->` and `<!-- end -->`; `<!-- results: STUDY label=PART ... -->` shows the
cells whose label contains one of the parts.
"""
import collections
import csv
import difflib
import json
import pathlib
import re
import statistics
import sys

HERE = pathlib.Path(__file__).resolve().parent
README = [HERE / "README.md", HERE.parents[1] / "README.md"]
MARKED = re.compile(r"(<!-- results: (\S+)((?: label=\S+)*) -->\n)(.*?)(<!-- end -->)", re.S)
HEAD = [
    "| cell | encoder | total | seeds | test accuracy, % | difference to the baseline, points | p (Holm) | within one point |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
]


def finished(study):
    """Test accuracies of the complete trials of each label, in trials.csv."""
    accuracies = collections.defaultdict(list)
    with open(HERE / study / "trials.csv", newline="") as file:
        for row in csv.DictReader(file):
            if row["status"] == "complete":
                accuracies[row["label"]].append(float(row["test_accuracy"]))
    return accuracies


def count(number):
    return f"{int(number):,}" if number else "–"


def interval(bounds):
    low, high = (100 * bound for bound in bounds)
    return f"[{low:+.2f}, {high:+.2f}]"


def row(cell, accuracies):
    label, mean = cell["label"], cell["accuracy"]
    if len(accuracies) != cell["seeds"] or abs(statistics.fmean(accuracies) - mean) > 1e-12:
        sys.exit(f"{label}: trials.csv and comparison.json disagree: {accuracies} and {mean} over {cell['seeds']} seeds")
    spread = f" ± {100 * statistics.stdev(accuracies):.2f}" if len(accuracies) > 1 else ""
    difference, p, margin = "baseline", "", ""
    if not cell["baseline"]:
        difference = "–"
        if cell["pairs"] > 1:
            difference = f"{100 * cell['difference']:+.2f} {interval(cell['difference_student'])}"
            p = f"{cell['p_holm']:.3f}"
            margin = "yes" if cell["non_inferiority"]["p_holm"] < 0.05 else "not shown"
    return (f"| {label} | {count(cell['encoder'])} | {count(cell['total'])} | {cell['seeds']} | {100 * mean:.2f}{spread} | "
            f"{difference} | {p} | {margin} |")


def table(study, parts):
    cells = json.loads((HERE / study / "comparison.json").read_text())["cells"]
    accuracies = finished(study)
    shown = [c for c in cells if c["seeds"] and (not parts or c["baseline"] or any(part in c["label"] for part in parts))]
    return "\n".join(HEAD + [row(c, accuracies[c["label"]]) for c in shown]) + "\n"


def filled(text):
    return MARKED.sub(lambda m: m[1] + table(m[2], re.findall(r"label=(\S+)", m[3])) + m[5], text)


def main():
    status = 0
    for path in README:
        old = path.read_text()
        new = filled(old)
        if new != old and "--write" in sys.argv:
            path.write_text(new)
        elif new != old:
            sys.stdout.writelines(difflib.unified_diff(old.splitlines(True), new.splitlines(True), str(path), "as exported"))
            status = 1
    tables = sum(len(MARKED.findall(path.read_text())) for path in README)
    if not tables:
        sys.exit("no table is marked")
    print(f"{tables} tables hold the exported numbers" if not status else "run tables.py --write")
    sys.exit(status)


if __name__ == "__main__":
    main()
