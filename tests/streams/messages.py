"""What foreign text does to messages: long lines are cut, control characters shown, empty variables passed over, one reason a fault.

messages.py TUBAL FOLDER
"""
import os
import pathlib
import subprocess

import commands
import study
from study import check

ESCAPE = "\x1b]0;title\x07\x1b[31mred\x1b[0m\r"


def clean(what, result, status=2):
    """The status, and no control character on the terminal."""
    text = result.stdout + result.stderr
    check(result.returncode == status, what, result)
    bad = sorted({c for c in text if (ord(c) < 32 and c not in "\n\t") or 127 <= ord(c) < 160})
    check(not bad, f"{what}: control characters {bad} in {text!r}")
    check(len(result.stderr) < 9000, f"{what}: a message of {len(result.stderr)} bytes")


def data(**keys):
    return study.tubal("data", "--name", "csv", *(f"--{k}={v}" for k, v in keys.items()))


def foreign_text():
    good = pathlib.Path("good.csv")
    good.write_text("text,label\na b,x\nc d,y\n")
    wide = pathlib.Path("wide.csv")
    wide.write_text(",".join(f"column{i}" for i in range(30000)) + "\n" + "x" * 10 + "\n")
    for file, text in (("wide.csv", None), ("long.csv", "x" * 3000000 + ",label\na,b\n"), ("control.csv", ESCAPE + ",label\na,b\n"),
                       ("labels.csv", f'text,label\na,"{ESCAPE}"\nb,1\n'), ("quote.csv", f'text,label\n"a"{ESCAPE},b\n')):
        if text is not None:
            pathlib.Path(file).write_text(text)
        clean(file, data(train=file, test="good.csv"))
    result = data(train="wide.csv", test="good.csv")
    check(len(result.stderr) < 1000 and "30000 in all" in result.stderr, "a header of 30,000 columns", result)
    pathlib.Path("long.jsonl").write_text('{"' + "k" * 3000000 + '": "x"}\n')
    result = study.tubal("data", "--name", "jsonl", "--train=long.jsonl", "--test=long.jsonl")
    clean("a field name of 3 MB", result)
    check(len(result.stderr) < 1000, "a field name of 3 MB", result)
    # NUL in a label: a name that C strings and HDF5 cut; the same from JSON.
    pathlib.Path("nul.csv").write_bytes(b"text,label\na,x\0y\nb,x\0z\n")
    result = data(train="nul.csv", test="nul.csv")
    clean("NUL in a label", result)
    check("NUL" in result.stderr and "nul.csv:2" in result.stderr, "NUL in a label", result)
    pathlib.Path("nul.jsonl").write_text('{"text": "a", "label": "x\\u0000y"}\n{"text": "b", "label": "z"}\n')
    result = study.tubal("data", "--name", "jsonl", "--train=nul.jsonl", "--test=nul.jsonl")
    check(result.returncode == 2 and "NUL" in result.stderr, "NUL in a label of JSON", result)
    # Names of files and keys.
    clean("a file name", study.tubal("plan", f"no{ESCAPE}.yaml"))
    clean("a file name that is not UTF-8", subprocess.run([study.TUBAL, "plan", b"no\xff.yaml"], capture_output=True, text=True, errors="surrogateescape"))
    clean("a command", study.tubal(ESCAPE))
    clean("a study", study.tubal("compare", ESCAPE), 2)
    clean("a key", study.tubal("plan", "tiny.yaml", "--set", f"{ESCAPE}=1"))
    clean("a value", study.tubal("plan", "tiny.yaml", "--set", f"model.p={ESCAPE}"))
    pathlib.Path("control.yaml").write_bytes(f"study: x\nmodel: {{p: \"{ESCAPE}\"}}\n".replace("\x1b", "\\e").replace("\x07", "\\a").replace("\r", "\\r").encode())
    clean("a value of a file", study.tubal("plan", "control.yaml"))


def empty_variables(folder):
    """An empty variable counts as unset: nothing is written into the present folder."""
    home = folder / "home"
    place = folder / "present"
    place.mkdir()
    home.mkdir()
    (place / "tiny.yaml").write_text(commands.GRID)
    names = ["XDG_CACHE_HOME", "TUBAL_CACHE", "HOME", "TMPDIR", "TUBAL_PLUGIN_PATH", "TUBAL_KERNELS", "TERM", "NO_COLOR", "LC_ALL", "GLIBC_TUNABLES",
             "OPENBLAS_CORETYPE", "OPENBLAS_NUM_THREADS", "TUBAL_REPORT", "TUBAL_PLUGIN_SECONDS"]
    base = {k: v for k, v in os.environ.items() if k not in names} | {"HOME": str(home)}
    for name in names:
        for value in ("", "relative/path") if name in ("XDG_CACHE_HOME", "HOME") else ("",):
            result = study.tubal("data", "tiny.yaml", cwd=place, env=base | {name: value})
            left = sorted(p.name for p in place.iterdir())
            check(result.returncode == 0 and left == ["tiny.yaml"], f"{name}={value!r} leaves {left}", result)
            expected = "tubal-cache" if name == "HOME" else str(home / ".cache" / "tubal")
            check(expected in result.stdout, f"{name}={value!r}: another cache", result)
    result = study.tubal("run", "tiny.yaml", cwd=place, env=base | {n: "" for n in names if n != "HOME"})
    check(result.returncode == 0 and sorted(p.name for p in place.iterdir()) == ["studies", "tiny.yaml"], "a run with empty variables", result)
    result = study.tubal("data", "tiny.yaml", cwd=place, env=base | {"TUBAL_CACHE": "own cache"})
    check(result.returncode == 0 and (place / "own cache").is_dir(), "TUBAL_CACHE of one's own, relative", result)


def no_permission(folder):
    """As somebody who may not look into a study: said so, not that there is none."""
    if os.geteuid():
        print("not root: the folders of somebody else were not tried")
        return
    locked = folder / "studies" / "tiny"
    subprocess.run(["chmod", "-R", "a+rX", folder], check=True)
    if subprocess.run(["setpriv", "--reuid=65534", "--clear-groups", "--regid=65534", study.TUBAL, "--version"], capture_output=True).returncode:
        print("the unprivileged user may not run the program under test")
        return
    for path, mode in ((locked, 0o700), (folder / "studies", 0o700), (locked / "study.h5", 0o600)):
        before = path.stat().st_mode
        path.chmod(mode)
        for name in ("compare", "status", "verify", "report", "retry", "watch"):
            if path.name == "study.h5" and name in ("status", "retry", "watch"):
                continue
            result = subprocess.run(["setpriv", "--reuid=65534", "--clear-groups", "--regid=65534", study.TUBAL, name, "tiny", *(["--failed"] if name == "retry" else [])],
                                    capture_output=True, text=True, cwd=folder, env=os.environ | {"HOME": "/nonexistent"})
            text = result.stdout + result.stderr
            check(result.returncode in (1, 2) and "ermission denied" in text and "filesystem error" not in text and "no study" not in text, f"{name} without permission for {path.name}", result)
        path.chmod(before)


def main():
    folder = pathlib.Path(study.arguments()[0])
    os.chdir(folder)
    commands.prepare(folder)
    foreign_text()
    empty_variables(folder)
    no_permission(folder)
    print("long and foreign text, empty variables, folders of somebody else: told on one line each")


if __name__ == "__main__":
    main()
