"""Every export of a study read by its reader: pandas, csv, xarray (two engines), h5py, h5dump, ncdump, pdflatex, an XML parser.

check_exports.py TUBAL TEST_ANALYSIS FOLDER
"""
import csv
import json
import math
import pathlib
import re
import shutil
import subprocess
import xml.etree.ElementTree

import h5py
import numpy as np

import sample
import study
from sample import same
from study import check

READ_BY = []


def installed(*names):
    """Modules that are there; the others are named in the test's last line."""
    found = []
    for name in names:
        try:
            found.append(__import__(name))
            READ_BY.append(name)
        except ImportError:
            READ_BY.append(f"not {name} (not installed)")
            found.append(None)
    return found


def table_of(path):
    """/trials as {column: list}, by h5py alone."""
    with h5py.File(path) as file:
        return {name: list(d.asstr()[()] if d.dtype.kind == "O" else d[()]) for name, d in file["trials"].items()}


def check_csv(root, out, cells, pandas):
    table = table_of(root / "study.h5")
    with open(out / "trials.csv", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    check(len(rows) == len(table["id"]), f"trials.csv has {len(rows)} rows")
    table = {name: column for name, column in table.items() if "bits_per_byte" not in name}  # of language models
    check(set(rows[0]) == set(table) | {"label"}, f"columns of trials.csv: {set(rows[0]) ^ set(table)}")
    for name, column in table.items():
        for row, value in zip(rows, column):
            text = row[name]
            if isinstance(value, str):
                check(text == value, f"trials.csv: {name}: {text!r}, not {value!r}")
            else:
                missing = value != value or value == -9223372036854775807
                check(text == "" if missing else float(text) == value, f"trials.csv: {name}: {text!r}, not {value}")
    curves = 0
    with open(out / "curves.csv", newline="") as file:
        by_trial = {}
        for row in csv.DictReader(file, strict=True):
            by_trial.setdefault(row["id"], []).append(row)
    for name in table["id"]:
        path = root / "trials" / name / "trial.h5"
        if not path.exists():
            check(name not in by_trial, f"{name} has curves but no trial.h5")
            continue
        with h5py.File(path) as file:
            for metric, data in file["metrics/evaluation"].items():
                if "bits_per_byte" in metric:
                    continue
                values = [math.nan if row[metric] == "" else float(row[metric]) for row in by_trial[name]]
                check(len(values) == len(data) and all(map(same, values, data[()])), f"curves.csv: {name}: {metric}")
                curves += 1
    check(curves > 100, "hardly any curve was compared")
    if pandas:
        frame = pandas.read_csv(out / "trials.csv", float_precision="round_trip")
        complete = frame[frame.status == "complete"]
        for label, group in complete.groupby("label"):
            check(abs(group.test_accuracy.mean() - cells[label]["accuracy"]) < 1e-12, f"pandas: mean of {label}")
            check(abs(group.test_accuracy.std() - cells[label]["deviation"]) < 1e-12, f"pandas: deviation of {label}")
        check(pandas.read_csv(out / "curves.csv").epoch.max() == 4, "pandas: curves.csv")


def check_netcdf(root, out, cells, xarray):
    path, table = out / "study.nc", table_of(root / "study.h5")

    def plain(name, item):
        check(not isinstance(item, (h5py.SoftLink, h5py.ExternalLink)), f"study.nc: {name} is a link")

    with h5py.File(path) as file, h5py.File(root / "study.h5") as original:
        file.visititems_links(plain) if hasattr(file, "visititems_links") else [
            plain(name, group.get(name, getlink=True)) for group in (file, file["trials"], file["curves"]) for name in group]
        for name in original:
            if isinstance(original[name], h5py.Dataset) and "bits_per_byte" not in name:
                a, b = original[name][()], file[name][()]
                check(a.dtype == b.dtype and (np.array_equal(a, b, equal_nan=True) if a.dtype.kind in "fi" else list(a) == list(b)), f"study.nc: {name}")
        for name, column in table_of(path).items():
            check(all(map(same, column, table[name])), f"study.nc: trials/{name}")
        check(set(table_of(path)) == {name for name in table if "bits_per_byte" not in name}, "study.nc: columns of /trials")
        check(list(file.attrs["axes"]) == ["p", "transform"] and file["p"].attrs["key"] == "model.p", "study.nc: attributes")
    for engine, module in (("h5netcdf", "h5netcdf"), ("netcdf4", "netCDF4")):
        if not (xarray and installed(module)[0]):
            continue
        with xarray.open_dataset(path, engine=engine) as grid:
            check(grid.test_accuracy.dims == ("p", "transform", "seed"), f"{engine}: {grid.test_accuracy.dims}")
            means = grid.test_accuracy.mean("seed")
            for label, cell in cells.items():
                p, transform = int(cell["values"]["model.p"]), cell["values"]["model.transform.name"]
                at = dict(p=p, transform="haar" if p == 1 else transform)  # p = 1 stands for every transform
                check(abs(float(means.sel(**at)) - cell["accuracy"]) < 1e-12, f"{engine}: mean of {label}")
        with xarray.open_dataset(path, engine=engine, group="curves") as curves:
            check(curves.validation_accuracy.dims == ("trial", "epoch"), f"{engine}: dims of the curves")
            for i, name in enumerate(table["id"]):
                check(str(curves.id.values[i]) == name, f"{engine}: id of the curves")
                n = int(curves.epochs_done[i])
                values = curves.validation_accuracy.values[i]
                check(np.isnan(values[n:]).all(), f"{engine}: {name} goes on after its end")
                trial = root / "trials" / name / "trial.h5"
                if trial.exists():
                    with h5py.File(trial) as file:
                        check(np.array_equal(file["metrics/evaluation/validation_accuracy"][()], values[:n], equal_nan=True), f"{engine}: curve of {name}")
        with xarray.open_dataset(path, engine=engine, group="trials") as trials:
            check(int((trials.status == "complete").sum()) == 39, f"{engine}: complete trials")
    for command in (["h5dump", "-H"], ["ncdump", "-h"]):
        if not shutil.which(command[0]):
            READ_BY.append(f"not {command[0]} (not installed)")
            continue
        dump = subprocess.run([*command, path], capture_output=True, text=True)
        check(dump.returncode == 0 and "validation_accuracy" in dump.stdout and "model.p" in dump.stdout, f"{command}: {dump.stderr}")
        READ_BY.append(command[0])


DOCUMENT = "\\documentclass{article}\n\\usepackage[a3paper]{geometry}\n\\usepackage{booktabs}\n\\begin{document}\n\\input{table}\n\\end{document}\n"


def check_latex(out, best=None, rows=7):
    text = (out / "table.tex").read_text()
    check(text.count("\\\\\n") == rows + 1, f"table.tex has {text.count(chr(92) * 2 + chr(10)) - 1} rows, not {rows}:\n{text}")
    for word in ("\\toprule", "\\midrule", "\\bottomrule", "\\pm", "\\caption"):
        check(word in text, f"table.tex lacks {word}")
    if best:
        bold = [line for line in text.splitlines() if "\\mathbf" in line]
        check(len(bold) == 1 and f"\\mathbf{{{100 * best['accuracy']:.2f}}} \\pm {100 * best['deviation']:.2f}" in bold[0], f"bold: {bold}")
    if not shutil.which("pdflatex"):
        READ_BY.append("not pdflatex (not installed)")
        return
    (out / "document.tex").write_text(DOCUMENT)
    made = subprocess.run(["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "document.tex"], cwd=out, capture_output=True, text=True, errors="replace")
    check(made.returncode == 0 and (out / "document.pdf").stat().st_size > 5000, f"pdflatex: {made.stdout[-1500:]}")
    check("Missing character" not in made.stdout and "Overfull" not in made.stdout, f"pdflatex: {made.stdout[-1500:]}")
    READ_BY.append("pdflatex")


def check_figures(out, labels):
    if not shutil.which("gnuplot"):
        READ_BY.append("not gnuplot (not installed)")
        return
    for name, words in labels.items():
        check((out / f"{name}.pdf").read_bytes().startswith(b"%PDF"), f"{name}.pdf")
        drawn = xml.etree.ElementTree.parse(out / f"{name}.svg").getroot()
        text = " ".join("".join(e.itertext()) for e in drawn.iter("{http://www.w3.org/2000/svg}text"))
        for word in words:
            check(word in text, f"{name}.svg does not say {word}: {text}")
        check(len(list(drawn.iter("{http://www.w3.org/2000/svg}path"))) > 5, f"{name}.svg is empty")
        # gnuplot leaves out a key that does not fit, and says nothing.
        for title in re.findall(r"title '((?:[^']|'')*)'", (out / f"{name}.gp").read_text()):
            check(title.replace("''", "'").strip() in text, f"{name}.svg does not say {title}: {text}")
    # The script alone draws the same figure again.
    again = out / "again"
    again.mkdir()
    first = next(iter(labels))
    shutil.copy(out / f"{first}.gp", again)
    subprocess.run(["gnuplot", f"{first}.gp"], cwd=again, check=True)
    check((again / f"{first}.svg").read_bytes() == (out / f"{first}.svg").read_bytes(), f"{first}.gp draws something else")
    READ_BY.append("gnuplot")


def main():
    program, folder = study.arguments()
    folder = pathlib.Path(folder)
    studies = sample.write(program, "write the sample study", folder)
    root, out = studies / "sample", folder / "out"
    pandas, xarray = installed("pandas", "xarray")
    before = {path: study.digest(path) for path in root.rglob("*") if path.is_file()}
    cells = {c["label"]: c for c in json.loads(study.tubal("compare", "sample", "--studies", studies, "--json").stdout)["cells"]}
    kinds = ["--csv", "--netcdf", "--latex"] + (["--figures"] if shutil.which("gnuplot") else [])
    result = study.tubal("export", "sample", "--studies", studies, *kinds, "--output", out)
    check(result.returncode == 0, "tubal export", result)
    written = {pathlib.Path(line) for line in result.stdout.splitlines()}
    check(written == set(out.iterdir()), f"said {written}, wrote {set(out.iterdir())}")

    check_csv(root, out, cells, pandas)
    check_netcdf(root, out, cells, xarray)
    check_latex(out, max(cells.values(), key=lambda c: c["accuracy"]))
    check_figures(out, {"accuracy-by-p": ["dct", "haar", "test accuracy"], "accuracy-by-transform": ["dct", "haar"],
                        "curve-accuracy": ["p=4 transform=haar", "epoch"], "front-parameters": ["encoder parameters", "front"],
                        "front-seconds": ["time"], "front-flops": ["operations"], "flops-by-p": ["200 G"]})
    # The study itself is as it was; without --output the files lie in its folder.
    check(before == {path: study.digest(path) for path in root.rglob("*") if path.is_file()}, "the export changed the study")
    check(study.tubal("export", "sample", "--studies", studies, "--csv").returncode == 0, "tubal export --csv")
    check((root / "export" / "trials.csv").read_bytes() == (out / "trials.csv").read_bytes(), "the default folder")
    # A table of chosen rows.
    check(study.tubal("export", "sample", "--studies", studies, "--latex", "--filter", "p=4", "--output", out).returncode == 0, "--latex --filter")
    check_latex(out, rows=3)

    # Labels and causes with every character that quoting and escaping are for.
    odd = sample.write(program, "write the odd study", folder / "odd")
    out = folder / "odd-out"
    result = study.tubal("export", "odd", "--studies", odd, *kinds, "--output", out)
    check(result.returncode == 0, "tubal export of odd names", result)
    with open(out / "trials.csv", newline="") as file:
        check([row["cause"] for row in csv.DictReader(file, strict=True)] == table_of(odd / "odd" / "study.h5")["cause"], "trials.csv: odd causes")
    check_latex(out, rows=3)

    # Language models: losses in nat, an arrow down, no column of a classifier's.
    language = sample.write(program, "write the language study", folder / "language")
    out = folder / "language-out"
    result = study.tubal("export", "language", "--studies", language, *kinds, "--output", out)
    check(result.returncode == 0, "tubal export of language models", result)
    for name in ("trials.csv", "curves.csv"):
        with open(out / name, newline="") as file:
            head = next(csv.reader(file))
        check(not [c for c in head if "accuracy" in c] and "validation_bits_per_byte" in head, f"{name}: {head}")
    check_latex(out, rows=5)
    check("loss $\\downarrow$" in (out / "table.tex").read_text(), "table.tex has no arrow down")
    check_figures(out, {"loss-by-p": ["dct", "identity", "test loss (nat)"], "curve-loss": ["step", "loss (nat)"],
                        "front-parameters": ["front", "lower is better"], "front-seconds": ["time"]})
    with h5py.File(out / "study.nc") as file:
        check("test_accuracy" not in file and "test_accuracy" not in file["trials"], "study.nc holds accuracies")
        check(file["test_loss"].attrs["units"] == "nat" and file["curves/validation_bits_per_byte"].attrs["units"] == "bit", "units of study.nc")

    # Mistakes: status 2, nothing written.
    for wrong in ([], ["--latex", "--margin", "1"], ["--csv", "--trial", "3"], ["--cvs"], ["--safetensors"], ["--latex", "--level", "2"]):
        bad = study.tubal("export", "sample", "--studies", studies, *wrong, "--output", folder / "none")
        check(bad.returncode == 2 and bad.stderr and not (folder / "none").exists(), f"export {wrong}", bad)
    (folder / "file").write_text("")
    bad = study.tubal("export", "sample", "--studies", studies, "--csv", "--output", folder / "file")
    check(bad.returncode == 2 and "is no folder" in bad.stderr, "a file in the way of the folder", bad)
    print("read by", ", ".join(dict.fromkeys(READ_BY)))


if __name__ == "__main__":
    main()
