"""What messages advise is done: each message is provoked, every command in backticks that it prints is run as it stands, and where the
advice is a cure, the command that failed works afterwards.

advice.py TUBAL FOLDER
"""
import json
import os
import pathlib
import re
import shutil
import subprocess

import commands
import study
from study import check

PROGRAMS = ("tubal", "mkdir", "iconv", "gzip", "xz", "bzip2", "zstd", "lz4", "sqlite3", "unzip", "python3")
CSV = "text,label\n" + "".join(f"word{i % 2} number{i},{'good' if i % 2 else 'bad'}\n" for i in range(40))
done = []


def shell(command, **options):
    return subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=120, **options)


def advised(text):
    """The commands that a message prints in backticks."""
    return [c for c in re.findall(r"`([^`]+)`", text) if c.split()[0] in PROGRAMS and len(c.split()) > 1]


def follow(what, message, result, *, grid="tiny.yaml", allowed=(0,), again=None, skip=(), stdin=None):
    """Checks the message (status 1 or 2, or `result.returncode` as it is where there is none), runs its commands."""
    text = result.stdout + result.stderr
    check(re.search(message, text), f"{what}: the message lacks /{message}/", result)
    found = [c for c in advised(text) if c not in skip]
    for command in found:
        command = command.replace("GRID.yaml", grid)
        check(not re.search(r"\b[A-Z]{3,}\b(?!\.)", re.sub(r"'[^']*'|\"[^\"]*\"", "", command)) or "iconv" in command, f"{what}: `{command}` holds a placeholder", result)
        ran = shell(command, input=stdin)
        check(ran.returncode in allowed, f"{what}: the advised command `{command}` ends with {ran.returncode}", ran)
        done.append(command)
    if again:
        ran = shell(again)
        check(ran.returncode == 0, f"{what}: after the advice, `{again}`", ran)
    return found


def must(found, what, n=1):
    check(len(found) >= n, f"{what}: {n} command(s) to type are wanted, found {found}")


def data_files():
    """Files that are no text: each message makes a text file of them that works."""
    plain = pathlib.Path("plain.csv")
    plain.write_text(CSV)
    made = {"gz": "gzip -c", "xz": "xz -c", "bz2": "bzip2 -c", "zst": "zstd -c", "lz4": "lz4 -c"}
    for suffix, command in made.items():
        if not shutil.which(command.split()[0]):
            print(f"{command.split()[0]} is not installed: .{suffix} left out")
            continue
        for name in (f"a file.csv.{suffix}", f"odd {suffix}.csv"):  # with its own suffix, and under a false name
            check(shell(f"{command} < plain.csv > '{name}'").returncode == 0, name)
            result = study.tubal("data", "--name", "csv", "--train", name, "--test", "plain.csv")
            new = re.search(r"name (.*\.csv) in its place", result.stderr)
            check(result.returncode == 2 and new, name, result)
            must(follow(name, "compressed with", result), name)
            result = study.tubal("data", "--name", "csv", "--train", new.group(1), "--test", "plain.csv")
            check(result.returncode == 0, f"{name} unpacked as {new.group(1)}", result)
    if shutil.which("zip"):
        shell("zip -q packed.zip plain.csv")
        result = study.tubal("data", "--name", "csv", "--train", "packed.zip", "--test", "plain.csv")
        must(follow("zip", "zip archive", result), "zip", 2)
    if shutil.which("sqlite3"):
        shell("sqlite3 base.sqlite 'create table rows (text, label); insert into rows values (1, 2)'")
        result = study.tubal("data", "--name", "csv", "--train", "base.sqlite", "--test", "plain.csv")
        check("SQLite" in result.stderr and "select * from TABLE" in result.stderr, "sqlite", result)
        follow("sqlite", "SQLite", result, skip=[c for c in advised(result.stderr) if "TABLE" in c])
    for encoding in ("utf-16", "cp1252"):
        pathlib.Path("other.csv").write_bytes((CSV + "é,good\n").encode(encoding))
        result = study.tubal("data", "--name", "csv", "--train", "other.csv", "--test", "plain.csv")
        must(follow(encoding, "UTF-8", result), encoding)
        result = study.tubal("data", "--name", "csv", "--train", "other.text.csv", "--test", "plain.csv")
        check(result.returncode == 0, f"{encoding} converted", result)
        os.remove("other.text.csv")
    for magic, name in ((b"PAR1" + bytes(100), "Parquet"), (b"ARROW1\0\0" + bytes(100), "Arrow"), (b"\x89HDF\r\n\x1a\n" + bytes(50), "HDF5"),
                        (b"\x80\x04\x95" + bytes(50), "pickle"), (b"\x93NUMPY" + bytes(50), "NumPy"), (b"%PDF-1.4\n\xff", "PDF")):
        pathlib.Path("bytes.csv").write_bytes(magic)
        result = study.tubal("data", "--name", "csv", "--train", "bytes.csv", "--test", "plain.csv")
        check(result.returncode == 2 and name in result.stderr and "iconv" not in result.stderr, name, result)


def known_sets():
    """Kaggle's and Hugging Face's files of the two data sets are read as they are; of others the keys are said, and those keys work."""
    for header, rows in (("review,sentiment", ['"good, film",positive', "bad,negative"]), ("text,label", ["good,1", "bad,0"]),
                         ("label,text", ["1,good", "0,bad"]), ("sentiment,review", ["Positive,good", "Negative,bad"])):
        os.makedirs("imdb", exist_ok=True)
        for part in ("train", "test"):
            pathlib.Path(f"imdb/{part}.csv").write_text("\n".join([header, *rows * 20]) + "\n")
        result = study.tubal("data", "--name", "imdb", "--path", "imdb")
        check(result.returncode == 0 and re.search(r"^  positive +\d", result.stdout, re.M), f"imdb with {header}", result)
    for header, rows in (("Class Index,Title,Description", ["1,a,b", "2,c,d", "3,e,f", "4,g,h"]), (None, ["1,a,b", "2,c,d", "3,e,f", "4,g,h"]),
                         ("text,label", ["a b,0", "c,1", "d,2", "e,3"]), ("label,text", ["0,a b", "1,c", "2,d", "3,e"])):
        os.makedirs("ag", exist_ok=True)
        for part in ("train", "test"):
            pathlib.Path(f"ag/{part}.csv").write_text("\n".join(([header] if header else []) + rows * 20) + "\n")
        result = study.tubal("data", "--name", "ag_news", "--path", "ag")
        check(result.returncode == 0 and re.search(r"^  Sports +\d", result.stdout, re.M), f"ag_news with {header}", result)
    for name, folder in (("imdb", "imdb"), ("ag_news", "ag")):
        for part in ("train", "test"):
            pathlib.Path(f"{folder}/{part}.csv").write_text("stars,words\n" + "".join(f"{i % 2},w{i}\n" for i in range(60)))
        result = study.tubal("data", "--name", name, "--path", folder)
        keys = re.search(r"data: \{name: csv, train: (\S+), test: (\S+), text: COLUMN, label: COLUMN\}", result.stderr)
        check(result.returncode == 2 and keys and "stars, words" in result.stderr, f"{name} with other columns", result)
        result = study.tubal("data", "--name", "csv", "--train", keys.group(1), "--test", keys.group(2), "--text", "words", "--label", "stars")
        check(result.returncode == 0, f"{name}: the keys that were advised", result)


def words_of_options():
    result = study.tubal("bench", "model.p=8")
    check(result.returncode == 2, "bench model.p=8", result)
    check(advised(result.stderr) == ["tubal bench --set model.p=8"], "bench model.p=8", result)
    result = shell(advised(result.stderr)[0] + " --steps 1 --batch 1 --length 8 --set model.width=64 --set model.depth=1 --set model.heads=8")
    check(result.returncode == 0 and json.loads(result.stdout)["p"] == 8, "bench as advised", result)
    must(follow("bench nosuch", "options alone", study.tubal("bench", "nosuch")), "bench nosuch")
    result = study.tubal("bench", "--steps", "1", "nosuch")
    check(result.returncode == 2 and "options alone" in result.stderr, "bench --steps 1 nosuch", result)
    for words in (["data", "--name", "synthetic", "--set", "data.max_length=9", "--set", "data.max_length=8"], ["plan", "tiny.yaml", "--set", "training.epochs=2", "--set", "training.epochs=3"],
                  ["bench", "--set", "model.p=2", "--set", "model.p=4"]):
        result = study.tubal(*words)
        check(result.returncode == 2 and "set twice, first by `--set " in result.stderr and "line 0" not in result.stderr, " ".join(words), result)
    for p in (7, 3, 11, 100, 300, 1000):
        result = study.tubal("transforms", "--p", str(p), timeout=250) if p < 20 else study.tubal("transforms", "--show", "identity", "--p", str(p))
        check(result.returncode == 0, f"transforms --p {p}", result)
    result = study.tubal("data", "--name", "synthetic", "--set", "training.epochs=3")
    check(result.returncode == 2 and "did you mean" not in result.stderr and "no key of data" in result.stderr, "data --set training.epochs=3", result)
    result = study.tubal("data", "--name", "synthetic", "--set", "data.max_lenght=3")
    must(follow("data --set data.max_lenght", "did you mean `data.max_length`", result), "data --set data.max_lenght")
    nested = pathlib.Path("nested.yaml")
    nested.write_text(commands.GRID.replace("sweep: {grid: {model.p: [1, 2]}}", "sweep: {grid: {model: {p: [1, 2]}}}"))
    result = study.tubal("plan", nested, "--no-timing")
    check(result.returncode == 2 and "`model.p: [1, 2]`" in result.stderr, "a nested sweep", result)
    nested.write_text(commands.GRID.replace("sweep: {grid: {model.p: [1, 2]}}", "sweep: {grid: {" + re.search(r"`(model.p: \[1, 2\])`", result.stderr).group(1) + "}}"))
    check(study.tubal("plan", nested, "--no-timing").returncode == 0, "a nested sweep as advised")


def studies(elsewhere):
    """Trials and studies in every state, in ./studies or elsewhere: the commands name the right study."""
    at = ["--studies", str(elsewhere)] if elsewhere else []
    place = pathlib.Path(elsewhere or "studies")
    where = f" with --studies {elsewhere}" if elsewhere else ""

    def tubal(*words, **options):
        return study.tubal(*words, *at, **options)

    # Diverged: predict and ablate name the retry; run does nothing.
    pathlib.Path("nan.yaml").write_text(commands.GRID.replace("study: tiny", "study: nan") + "training.optimizer.learning_rate: 1e30\ntraining.gradient_clip: 0\n")
    tubal("run", "nan.yaml")
    trial = next(id for id, row in study.states(place, "nan").items() if row["state"] == "diverged" and "p=2" in row["name"])
    for words in (["predict", f"nan/{trial}"], ["ablate", f"nan/{trial}"]):
        result = tubal(*words)
        check(result.returncode == 2 and "diverged" in result.stderr, " ".join(words), result)
        found = follow(" ".join(words) + where, "diverged", result, allowed=(1,))  # it diverges again
        check(any("retry" in c and trial in c for c in found), f"{words}: {found}")
    result = tubal("export", "nan", "--figures")
    check(result.returncode == 2, "export --figures without a complete trial", result)
    must(follow("export --figures" + where, "no complete trial", result), "export --figures")
    result = tubal("export", "nan", "--safetensors")
    must(follow("export --safetensors" + where, "no model", result, allowed=(0, 1)), "export --safetensors", 2)
    must(follow("status of a study with failures" + where, "retry", tubal("status", "nan"), allowed=(0, 1)), "status")
    must(follow("compare with failures" + where, "retry nan --failed" if not elsewhere else "--failed", tubal("compare", "nan"), allowed=(0, 1)), "compare")
    must(follow("run with failures" + where, "retry", tubal("run", "nan.yaml"), allowed=(0, 1)), "run")

    # A plan alone: what has never run.
    tubal("run", "tiny.yaml")
    must(follow("a trial that is not there" + where, "no trial", tubal("predict", "tiny/zzz")), "predict")
    must(follow("a trial that is not there" + where, "no trial", tubal("ablate", "tiny/zzz")), "ablate")
    must(follow("a trial that is not there" + where, "no trial", tubal("run", "tiny.yaml", "--only", "zzz")), "run --only")

    # study.h5 unreadable or damaged anywhere: figures come from the trials all the same, verify says what is wrong and how to mend it.
    data = place / "tiny" / "study.h5"
    whole = data.read_bytes()
    readers = {"compare": ["compare", "tiny"], "report": ["report", "tiny"], "export": ["export", "tiny", "--csv"], "status": ["status", "tiny"]}
    sound = {name: tubal(*words).stdout for name, words in readers.items()}
    for what, bytes_ in (("garbage", b"garbage"), ("empty", b""), ("cut", whole[:5000]), ("zeros", whole[:3000] + bytes(6000) + whole[9000:]), ("a head of zeros", bytes(600) + whole[600:])):
        for name, words in readers.items():
            data.write_bytes(bytes_)
            result = tubal(*words, timeout=60)
            check(result.returncode == 0 and result.stdout == sound[name], f"{name}, study.h5: {what}", result)
        data.write_bytes(bytes_)
        result = tubal("verify", "tiny", timeout=60)
        check(result.returncode == 1 and not re.search(r"[a-z)] [A-Z`]", re.sub(r"`[^`]*`|HDF5", "x", result.stdout)), f"verify: sentences run together\n{result.stdout}")
        must(follow(f"verify, study.h5: {what}{where}", "FAIL", result), f"verify, study.h5: {what}")
    # A trial's file: verify names the run that repeats it.
    trial = next(id for id, row in study.states(place, "tiny").items() if "p=2" in row["name"])
    for name in ("trial.h5", "model.safetensors", "journal.jsonl"):
        (place / "tiny" / "trials" / trial / name).unlink()
        result = tubal("verify", "tiny")
        check(result.returncode == 1 and "directory Run" not in result.stdout, f"verify without {name}", result)
        must(follow(f"verify without {name}{where}", "repeats this trial alone", result), f"verify without {name}")
        check(tubal("verify", "tiny").returncode == 0, f"verify after the advice about {name}")
    (place / "tiny" / "trials" / trial / "model.safetensors").write_bytes(b"damaged")
    must(follow("predict with a damaged model" + where, "repeats this trial alone", tubal("predict", f"tiny/{trial}", input="a\n")), "predict")
    check(tubal("predict", f"tiny/{trial}", input="a\n").returncode == 0, "predict after the advice")
    # The same of HDF5 files, as whoever reads them tells.
    for name, words, marker in (("trial.h5", ["export", "tiny", "--csv"], "repeats this trial alone"), ("ablation.h5", ["report", "tiny"], "makes it again")):
        if name == "ablation.h5":   # a repeated trial has none
            tubal("ablate", f"tiny/{trial}")
        file = place / "tiny" / "trials" / trial / name
        bytes_ = bytearray(file.read_bytes())
        bytes_[len(bytes_) // 2] ^= 0x40
        file.write_bytes(bytes_)
        result = tubal(*words)
        if name == "ablation.h5":   # a report is made all the same, and says so
            result.stdout = " ".join(re.findall(r'[^"<>]*damaged HDF5[^"<>]*', (place / "tiny" / "report.html").read_text()))
        must(follow(f"{' '.join(words)} with a damaged {name}{where}", marker, result), f"a damaged {name}")
        result = tubal(*words)
        check(result.returncode == 0 and "damaged" not in result.stdout + result.stderr, f"{name} after the advice", result)
        check(not (place / "tiny" / "report.html").exists() or "damaged HDF5" not in (place / "tiny" / "report.html").read_text(), f"a report after the advice about {name}")
    result = subprocess.run([study.TUBAL, "predict", f"tiny/{trial}", *at], input="caf\xe9\n".encode("latin-1"), capture_output=True)
    command = re.search(r"`(iconv [^`]*)`", result.stderr.decode())
    check(result.returncode == 2 and command, f"predict of Latin-1: {result.stderr}")
    ran = subprocess.run(["bash", "-c", command.group(1)], input="caf\xe9\n".encode("latin-1"), capture_output=True)
    check(ran.returncode == 0, f"predict of Latin-1 as advised: {ran.stderr}")

    # `run NAME` beside a folder NAME: the study is meant; without one, what is missing is said.
    os.makedirs("tiny", exist_ok=True)
    result = tubal("run", "tiny")
    check(result.returncode == 0 and "Nothing to run" in result.stdout, "run tiny beside a folder tiny", result)
    os.rmdir("tiny")
    os.makedirs("empty", exist_ok=True)
    result = tubal("run", "empty")
    check(result.returncode == 2 and "no study" in result.stderr, "run of a folder", result)
    # A baseline that matches nothing.
    pathlib.Path("base.yaml").write_text(commands.GRID.replace("study: tiny", "study: base").replace("baseline: {model.p: 1}", "baseline: {model.p: 4}"))
    tubal("run", "base.yaml")
    result = tubal("compare", "base")
    example = re.search(r"`baseline: \{([^`]*)\}`", result.stdout)
    check(result.returncode == 0 and "names no baseline" not in result.stdout and "no cell matches the grid's baseline" in result.stdout and example, "a baseline that matches nothing", result)
    pathlib.Path("base.yaml").write_text(commands.GRID.replace("study: tiny", "study: base").replace("baseline: {model.p: 1}", "baseline: {" + example.group(1) + "}"))
    check(tubal("run", "base.yaml").returncode == 0 and "no cell" not in tubal("compare", "base").stdout, "the baseline that was advised")


def other_places():
    # Output into a folder that is not there.
    result = study.tubal("report", "tiny", "--output", "not there/deep/r.html")
    check(result.returncode == 2, "report into a missing folder", result)
    must(follow("report into a missing folder", "does not exist", result, again="tubal report tiny --output 'not there/deep/r.html'"), "report into a missing folder")
    # A grid's data are missing: told once, before anything is written.
    pathlib.Path("missing.yaml").write_text("data: {name: csv, train: no.csv, test: no.csv}\nmodel: {width: 16, depth: 1, heads: 4}\nseeds: {count: 10}\n")
    result = study.tubal("run", "missing.yaml")
    check(result.returncode == 2 and result.stderr.count("no such file") == 1 and not pathlib.Path("studies/missing").exists(), "a grid without its data", result)
    # Names from file names.
    for name in ("my grid (2).yaml", "-x.yaml", "\xe9t\xe9.yaml", ".hidden.yaml", "n" * 120 + ".yaml", "a\nb.yaml"):
        pathlib.Path(name).write_text(commands.GRID.replace("study: tiny\n", ""))
        result = study.tubal("plan", f"./{name}", "--no-timing")
        advice = re.search(r"--set (study=\S+)", result.stderr)
        check(result.returncode == 2 and advice and "\n" not in result.stderr[:-1], f"a grid named {name!r}", result)
        result = study.tubal("plan", f"./{name}", "--no-timing", "--set", advice.group(1))
        check(result.returncode == 0, f"a grid named {name!r} as advised", result)
    for name in ("a/b", "..", "-n", "a b", "", ".x", "x" * 101, "a\tb"):
        result = study.tubal("plan", "tiny.yaml", "--no-timing", "--set", f"study={name}")
        check(result.returncode == 2 and "it names a folder" in result.stderr, f"--set study={name!r}", result)
    # Lines of a Slurm script.
    for option, value in (("--partition", "main\n#SBATCH --exclusive"), ("--time", "1:00 --exclusive"), ("--account", 'a"b'), ("--memory", "4G\t"), ("--sbatch", "--comment=a\n#x"), ("--sbatch", "x")):
        result = study.tubal("submit", "tiny.yaml", "--dry-run", f"{option}={value}", "--studies", "none")
        check(result.returncode == 2 and option in result.stderr, f"submit {option}={value!r}", result)
    for folder in ('a"b', "a\nb"):
        result = study.tubal("submit", "tiny.yaml", "--dry-run", "--studies", folder)
        check(result.returncode == 2 and "choose another folder" in result.stderr, f"submit --studies {folder!r}", result)
    result = study.tubal("submit", "tiny.yaml", "--dry-run", "--studies", "50% of it's")
    check(result.returncode == 0 and "50%% of it's" in result.stdout and subprocess.run(["bash", "-n"], input=result.stdout, text=True).returncode == 0, "submit into a folder with % and '", result)
    result = study.tubal("submit", "tiny.yaml", "--engine", "local", "--studies", "50% of it's")
    must(follow("submit --engine local", "are missing", result), "submit --engine local")


def main():
    folder = pathlib.Path(study.arguments()[0])
    os.chdir(folder)
    (folder / "bin").mkdir()
    (folder / "bin" / "tubal").symlink_to(study.TUBAL)
    os.environ["PATH"] = f"{folder / 'bin'}:{os.environ['PATH']}"
    commands.prepare(folder)
    data_files()
    known_sets()
    words_of_options()
    studies(None)
    studies(folder / "else where")
    other_places()
    print(f"{len(done)} advised commands were run:")
    for command in sorted(set(done)):
        print("  " + command)


if __name__ == "__main__":
    main()
