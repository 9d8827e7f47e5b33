#!/usr/bin/env python3
"""The tables of the READMEs about results, from the exported files beside this script and from nothing else.

tables.py          checks that every table says what its study's files say; exit status 1 and the difference otherwise
tables.py --write  writes them anew

A table stands between `<!-- results: STUDY -->` and `<!-- end -->`; `<!-- results: STUDY label=PART ... -->` shows the
cells whose label contains one of the parts; `<!-- against: STUDY -->` the same beside the other baseline that collect.sh was
given. `<!-- trials: STUDY -->` has a row a trial: of a study by which something is
chosen, by its validation part.
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
MARKED = re.compile(r"(<!-- (results|against|trials): (\S+)((?: label=\S+)*) -->\n)(.*?)(<!-- end -->)", re.S)


def head(metric, margin):
    """Titles and how the columns lie, by what the cells are judged by."""
    judged, unit, bound = (("test accuracy, %", "points", "one point") if metric.endswith("accuracy") else
                           (f"{metric.replace('_', ' ')}, nat | perplexity | bits per byte", "nat", f"{margin:g} nat"))
    titles = f"| cell | encoder | total | seeds | {judged} | difference to the baseline, {unit} | p (Holm) | within {bound} |"
    numbers = titles.count("|") - 3
    return [titles, "| --- |" + " ---: |" * numbers + " --- |"]


def finished(study, metric):
    """The metric of the complete trials of each label, in trials.csv."""
    values = collections.defaultdict(list)
    with open(HERE / study / "trials.csv", newline="") as file:
        for row in csv.DictReader(file):
            if row["status"] == "complete":
                values[row["label"]].append(float(row[metric]))
    return values


def count(number):
    return f"{int(number):,}" if number else "–"


def settings(label):
    return re.split(r" (?=[\w.]+=)", label)


def name(cell, baseline):
    """What a cell has other than the baseline; the baseline itself in full."""
    others = [s for s in settings(cell["label"]) if s not in settings(baseline["label"])]
    return cell["label"] if cell is baseline else " ".join(others)


def row(cell, baseline, values, accuracy):
    mean = cell["accuracy" if accuracy else "loss"]
    if len(values) != cell["seeds"] or abs(statistics.fmean(values) - mean) > 1e-12:
        sys.exit(f"{cell['label']}: trials.csv and comparison.json disagree: {values} and {mean} over {cell['seeds']} seeds")
    size, digits = (100, 2) if accuracy else (1, 3)
    shown = lambda x: f"{size * x:+.{digits}f}"
    judged = f"{size * mean:.{digits}f}" + (f" ± {size * statistics.stdev(values):.{digits}f}" if len(values) > 1 else "")
    if not accuracy:
        judged += f" | {cell['perplexity']:.2f} | {cell['bits_per_byte']:.3f}"
    difference, p, margin = "baseline", "", ""
    whole = cell["seeds"] == cell["planned"]
    seeds = str(cell["seeds"]) if whole else f"{cell['seeds']} of {cell['planned']}"
    if cell is not baseline:
        difference = "–"
        if not whole:
            difference, margin = "not finished", "–"  # an interval of the first two seeds is an accident
        elif cell["pairs"] > 1:
            low, high = cell["difference_student"]
            difference = f"{shown(cell['difference'])} [{shown(low)}, {shown(high)}]"
            p = f"{cell['p_holm']:.3f}"
            margin = "yes" if cell["non_inferiority"]["p_holm"] < 0.05 else "not shown"
    return (f"| {name(cell, baseline)} | {count(cell['encoder'])} | {count(cell['total'])} | {seeds} | {judged} | "
            f"{difference} | {p} | {margin} |")


def table(study, parts, file="comparison.json"):
    comparison = json.loads((HERE / study / file).read_text())
    metric, cells = comparison["metric"], comparison["cells"]
    values = finished(study, metric)
    baseline = next(c for c in cells if c["baseline"])
    margin = next((c["non_inferiority"]["margin"] for c in cells if c.get("non_inferiority")), 0)
    shown = [c for c in cells if c["seeds"] and (not parts or c["baseline"] or any(part in c["label"] for part in parts))]
    rows = [row(c, baseline, values[c["label"]], metric.endswith("accuracy")) for c in shown]
    return "\n".join(head(metric, margin) + rows) + "\n"


def trials(study, parts):
    with open(HERE / study / "trials.csv", newline="") as file:
        rows = [r for r in csv.DictReader(file) if not parts or any(part in r["label"] for part in parts)]
    lines = ["| trial | seed | validation accuracy, % | test accuracy, % |", "| --- | ---: | ---: | ---: |"]
    for r in rows:
        validation, test = (f"{100 * float(r[part + '_accuracy']):.2f}" if r["status"] == "complete" else r["status"] for part in ("validation", "test"))
        lines.append(f"| {r['label']} | {r['seed']} | {validation} | {test} |")
    return "\n".join(lines) + "\n"


def filled(text):
    make = {"results": table, "against": lambda study, parts: table(study, parts, "against.json"), "trials": trials}
    return MARKED.sub(lambda m: m[1] + make[m[2]](m[3], re.findall(r"label=(\S+)", m[4])) + m[6], text)


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
