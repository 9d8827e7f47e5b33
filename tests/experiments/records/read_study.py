#!/usr/bin/python3
"""Reads a study's files with h5py, xarray (through h5netcdf and netCDF4), h5dump and ncdump, and compares them.

read_study.py TEST_PROGRAM    writes the made-up study of tests/sample_study.hpp in a temporary folder first
"""
import json, math, os, pathlib, subprocess, sys, tempfile

import h5py
import numpy as np


def same(a, b):
    a, b = np.asarray(a), np.asarray(b)
    if a.dtype.kind in "OSU" or b.dtype.kind in "OSU":
        text = lambda x: x.decode() if isinstance(x, bytes) else str(x)
        return a.shape == b.shape and all(text(x) == text(y) for x, y in zip(a.ravel(), b.ravel()))
    return a.shape == b.shape and np.array_equal(a.astype(float), b.astype(float), equal_nan=True)


def datasets(file):
    found = {}
    file.visititems(lambda name, item: found.__setitem__(name, item) if isinstance(item, h5py.Dataset) else None)
    return found


def check_h5py(path):
    """Every data set lies on dimension scales, or is one; no type that netCDF-4 lacks."""
    values = {}
    with h5py.File(path, "r") as file:
        for name, data in datasets(file).items():
            kind = h5py.check_string_dtype(data.dtype)
            assert kind is not None or data.dtype.kind in "if", (path, name, data.dtype)
            assert h5py.check_enum_dtype(data.dtype) is None, (path, name, "boolean or enumeration")
            scale = h5py.h5ds.is_scale(data.id)
            for axis, dimension in enumerate(data.dims):
                assert scale or len(dimension) == 1, (path, name, f"dimension {axis} has no scale")
                if not scale:
                    assert len(dimension[0]) == data.shape[axis], (path, name, axis)
            values[name] = data.asstr()[()] if kind else data[()]
    assert values, path
    return values


def check_xarray(path, values, engine):
    import xarray
    groups = {name.rpartition("/")[0] for name in values}
    for group in groups:
        with xarray.open_dataset(path, engine=engine, group=group or None, mask_and_scale=False) as data:
            for name in (n for n in values if n.rpartition("/")[0] == group):
                assert same(data[name.rpartition("/")[2]].values, values[name]), (path, engine, name)
                if data[name.rpartition("/")[2]].ndim:
                    assert not any(d.startswith("phony") for d in data[name.rpartition("/")[2]].dims), (path, name)


def main():
    folder = tempfile.TemporaryDirectory()
    subprocess.run([sys.argv[1], "write the sample study"], check=True, stdout=subprocess.DEVNULL,
                   env={**os.environ, "TUBAL_SAMPLE": folder.name})
    study = pathlib.Path(folder.name, "studies", "sample")
    trials = sorted(study.glob("trials/*/trial.h5"))
    assert len(trials) == 41, len(trials)
    read_by = ["h5py"]
    ablations = sorted(study.glob("trials/*/ablation.h5"))
    assert len(ablations) == 1, ablations
    for path in [study / "study.h5", trials[0], trials[-1], *ablations]:
        values = check_h5py(path)
        for engine, module in (("h5netcdf", "h5netcdf"), ("netcdf4", "netCDF4")):
            try:
                __import__("xarray"), __import__(module)
            except ImportError:
                continue
            check_xarray(path, values, engine)
            read_by += [] if engine in read_by else [engine]
        for command in (["h5dump", "-H"], ["ncdump", "-h"]):
            try:
                out = subprocess.run([*command, path], capture_output=True, text=True)
            except FileNotFoundError:
                continue
            assert out.returncode == 0 and "test_accuracy" in out.stdout, (command, path, out.stderr)
            read_by += [] if command[0] in read_by else [command[0]]
    with h5py.File(ablations[0], "r") as file:
        names, slices = (list(file["ablation"][key].asstr()[()]) for key in ("name", "slices"))
        assert names == ["none", "slice 0", "slice 1", "slice 2", "lowest 2", "highest 2"], names
        assert slices == ["", "0", "1", "2", "0,1", "1,2"], slices
        assert file["ablation/accuracy"].dims[0][0].name == "/ablation/name"
    # The figures themselves: the grid against the table against status.json.
    with h5py.File(study / "study.h5", "r") as file:
        grid, table = file["test_accuracy"], file["trials"]
        assert [grid.dims[i][0].name for i in range(3)] == ["/p", "/transform", "/seed"]
        axes = [list(file["p"][()]), list(file["transform"].asstr()[()]), list(file["seed"][()])]
        compared = 0
        for i, name in enumerate(table["id"].asstr()[()]):
            if table["status"].asstr()[i] != "complete":
                assert math.isnan(table["test_accuracy"][i])
                continue
            status = json.loads((study / "trials" / name / "status.json").read_text())
            assert status["test_accuracy"] == table["test_accuracy"][i]
            assert status["seed"] == table["seed"][i]
            at = (axes[0].index(table["model.p"][i]), axes[1].index(table["model.transform.name"].asstr()[i]), axes[2].index(table["seed"][i]))
            assert grid[at] == table["test_accuracy"][i], (name, at)
            with h5py.File(study / "trials" / name / "trial.h5", "r") as trial:
                right = np.mean(trial["test/label"][()] == trial["test/prediction"][()])
                assert abs(right - table["test_accuracy"][i]) < 1e-12
                assert np.trace(trial["test/confusion"][()]) == round(right * 300)
                assert trial.attrs["trial"] == name and trial["provenance"].attrs["configuration"].startswith("model:")
            compared += 1
        assert compared == 39, compared
    print("read by", ", ".join(read_by))


main()
