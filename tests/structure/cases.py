#!/usr/bin/env python3
"""cases.py BUILD: every case of every Catch2 program is a ctest test of its own.

CMake's lists cut a name at a semicolon and run names together behind a lone bracket; what is left names no case, runs
nothing and passes.
"""
import json
import pathlib
import subprocess
import sys

build = pathlib.Path(sys.argv[1])
shown = subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1"], check=True, capture_output=True, text=True)
registered = {}
for test in json.loads(shown.stdout)["tests"]:
    program, *words = test.get("command", [""])
    words = [word.replace("\\", "") for word in words if word]
    if words:
        registered.setdefault(pathlib.Path(program).name, set()).add(words[0])

faults = []
programs = sorted(p for p in (build / "tests").glob("test_*") if p.is_file() and p.stat().st_mode & 0o100)
for program in programs:
    listed = subprocess.run([program, "--list-test-names-only"], capture_output=True, text=True).stdout.splitlines()
    cases = {line for line in listed if line}
    lost = sorted(cases - registered.get(program.name, set()))
    faults += [f"{program.name}: ctest runs no `{case}`: is there a semicolon or a lone bracket in its name?" for case in lost]
    print(f"{program.name}: {len(cases)} cases")
if len(programs) < 5:
    faults.append(f"{build}/tests holds {len(programs)} programs of five")
print("\n".join(faults))
sys.exit(bool(faults))
