"""The commands and recipes of analysis/README.md, in order, on the study `tiny` of experiments/README.md.

check_readme.py TUBAL FOLDER
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import study
from study import check

SOURCE = pathlib.Path(__file__).resolve().parents[2]


def blocks(path, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", (SOURCE / path).read_text(), re.M | re.S)


def run(words, text, folder, what):
    result = subprocess.run(words, input=text, cwd=folder, capture_output=True, text=True)
    check(result.returncode == 0, what, result)
    return result.stdout


def main():
    folder = pathlib.Path(study.arguments()[0])
    (folder / "bin").mkdir()
    (folder / "bin" / "tubal").symlink_to(study.TUBAL)
    os.environ["PATH"] = f"{folder / 'bin'}:{os.environ['PATH']}"
    grid = re.search(r"^cat >tiny.yaml <<'YAML'\n(.*?)^YAML$", (SOURCE / "experiments/README.md").read_text(), re.M | re.S)
    (folder / "tiny.yaml").write_text(grid.group(1) + "baseline: {model.p: 1}\n")
    run(["tubal", "run", "tiny.yaml"], None, folder, "tubal run tiny.yaml")

    commands = "".join(blocks("analysis/README.md", "bash"))
    check(len(re.findall(r"^tubal (?:compare|export)|tubal predict", commands, re.M)) >= 7, "analysis/README.md has lost its commands")
    if not shutil.which("gnuplot"):
        print("gnuplot is not installed: --figures left out")
        commands = re.sub(r"^tubal export .*--figures.*\n", "", commands, flags=re.M)
    printed = run(["bash", "-euo", "pipefail"], commands, folder, "the commands of analysis/README.md")
    check("non-inferior" in printed and "export/table.tex" in printed and re.search(r"^class\d\t0\.\d+$", printed, re.M), f"printed:\n{printed}")
    means = {cell["values"]["model.p"]: cell["accuracy"] for cell in json.loads((folder / "table.json").read_text())["cells"]}

    def same_means(text, what):
        """A line a p with the mean of its accuracy."""
        for p, mean in means.items():
            line = re.search(rf"^(?:\d+ +)?{p} +([0-9.]+)", text, re.M)
            check(line and abs(float(line.group(1)) - mean) < 1e-6, f"{what}: p = {p}: not {mean}:\n{text}")

    done = []
    recipe, = blocks("analysis/README.md", "python")
    try:
        import h5netcdf, pandas, xarray  # noqa: F401
        same_means(run([sys.executable, "-c", recipe], None, folder, "the Python recipe"), "the Python recipe")
        done.append("Python")
    except ImportError as e:
        print(f"the Python recipe is left out: {e}")
    recipe, = blocks("analysis/README.md", "r")
    if shutil.which("Rscript") and subprocess.run(["Rscript", "-e", "library(hdf5r)"], capture_output=True).returncode == 0:
        same_means(run(["Rscript", "--vanilla", "-"], recipe, folder, "the R recipe"), "the R recipe")
        done.append("R")
    else:
        print("R with hdf5r is not installed: its recipe is left out")
    for language in ("julia", "matlab"):
        recipe, = blocks("analysis/README.md", language)
        check("trials" in recipe, f"the {language} recipe")
        if language == "julia" and shutil.which("julia") and subprocess.run(["julia", "-e", "using HDF5, DataFrames"], capture_output=True).returncode == 0:
            run(["julia", "-e", recipe], None, folder, "the Julia recipe")
            done.append("Julia")
    print("recipes run:", ", ".join(done))


if __name__ == "__main__":
    main()
