"""States in which a command may find its study, grid, folder and disk; each made afresh from one finished study."""
import itertools
import os
import pathlib
import re
import shutil
import subprocess
import sys

import small
import study
from study import check

STUDY = ["ablate", "compare", "export", "predict", "report", "plan STUDY", "verify", "run STUDY", "retry", "status", "watch", "stop", "history", "prune", "submit"]
DAMAGE = STUDY + ["run", "trial"]
RESULTS = ["ablate", "compare", "export", "predict", "report", "verify", "run STUDY", "retry", "status", "run", "trial"]
INPUT = ["data", "plan", "run", "transforms"]
ALL = [*STUDY, "generate", "data", "plan", "run", "trial", "transforms"]
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
REASONS = {}
LANGUAGE = """study: words
task: language_model
data: {name: text, train: lines.txt, validation: 0.2, test: 0.1, documents: line, tokenizer: char, max_length: 8}
model: {width: 8, depth: 1, heads: 2, p: 1}
training: {steps: 4, evaluate_every: 4, batch_size: 8}
runtime: {jobs: 1, threads: 1}
"""


class Place:
    """Where a command runs: `base` holds grids, data and studies; `studies`, `name`, `grid` and `matrix` are what is typed."""

    def __init__(self, base, home):
        self.base, self.home, self.here = base, home, base
        self.studies, self.name = os.fsencode(base / "studies"), b"tiny"
        self.grid, self.matrix = os.fsencode(base / "tiny.yaml"), b"dct"
        self.trial = ""
        self.prefix, self.before, self.mounted, self.where = [], None, None, None

    @property
    def root(self):
        return self.studies + b"/" + self.name

    def plain(self, line):
        """A message without what differs from run to run."""
        for path, name in ((str(self.base), "BASE"), (str(self.home), "HOME")):
            line = line.replace(path, name)
        line = re.sub(r"\b[0-9a-f]{12}\b", "TRIAL", line)
        line = re.sub(r"\.[^./ ]*-[0-9a-f]{8}-\d+-\d+\.unfinished", ".UNFINISHED", line)
        return re.sub(r"[A-Za-z0-9]{100,}", "LONG", line)


class Maker:
    def __init__(self, folder):
        self.folder, self.count = folder, itertools.count()
        self.template = folder / "template"
        self.template.mkdir()
        small.write_grid(self.template)
        (self.template / "lines.txt").write_text("".join(f"line {i} of {i % 7}\n" for i in range(60)))
        (self.template / "words.yaml").write_text(LANGUAGE)
        self.home = folder / "home"
        (self.home / "cache").mkdir(parents=True)
        for grid in ("tiny.yaml", "words.yaml"):
            result = study.tubal("run", self.template / grid, "--studies", self.template / "studies", env={**os.environ, "TUBAL_CACHE": str(self.home / "cache")})
            check(result.returncode == 0, f"tubal run {grid}", result)
        self.trials = {name: sorted(p.name for p in (self.template / "studies" / name / "trials").iterdir())[0] for name in ("tiny", "words")}
        subprocess.run(["chmod", "-R", "a+rwX", self.home], check=True)
        folder.chmod(0o755)

    def make(self, state):
        """A fresh place in that state; nothing where it cannot be made here (why() tells)."""
        base = self.folder / f"place{next(self.count)}"
        place = Place(base, self.home)
        place.trial = self.trials["tiny"]
        if REASONS.get(state):
            return None
        shutil.copytree(self.template, base, symlinks=True, copy_function=shutil.copy2)
        try:
            STATES[state][0](place, self)
        except Impossible as reason:
            REASONS[state] = str(reason)
            self.drop(place)
            return None
        except BaseException:
            self.drop(place)
            raise
        return place

    def drop(self, place):
        if place.mounted:
            subprocess.run(["umount", place.mounted], check=True)
        subprocess.run(["chmod", "-R", "u+rwX", place.base], stderr=subprocess.DEVNULL)
        subprocess.run(["rm", "-rf", place.base, *( [place.where] if place.where else [])], check=True)


class Impossible(Exception):
    pass


def why(state):
    return REASONS.get(state, "")


def root_of(place):
    return pathlib.Path(os.fsdecode(place.root))


def whole(place, maker):
    pass


def missing(place, maker):
    place.name = b"gone"
    place.grid, place.matrix = os.fsencode(place.base / "gone.yaml"), os.fsencode(place.base / "gone.npy")


def is_file(place, maker):
    shutil.rmtree(root_of(place))
    root_of(place).write_text("no study\n")
    place.grid = place.matrix = os.fsencode(place.base / "studies")  # and a folder where a file is wanted


def empty(place, maker):
    shutil.rmtree(root_of(place))
    root_of(place).mkdir()
    (place.base / "tiny.yaml").write_text("")
    (place.base / "m.npy").write_text("")
    place.matrix = os.fsencode(place.base / "m.npy")


def untrained(place, maker):
    for trial in (root_of(place) / "trials").iterdir():
        for file in trial.iterdir():
            if file.name != "config.yaml":
                file.unlink()
    (root_of(place) / "study.h5").unlink()


def no_folder_of_trials(place, maker):
    shutil.rmtree(root_of(place) / "trials")


def file_of_trials(place, maker):
    no_folder_of_trials(place, maker)
    (root_of(place) / "trials").write_text("")


def damaged(name, text=None):
    """A file of the study (T: of the first trial) that is cut, or says something else."""
    def make(place, maker):
        path = root_of(place) / name.replace("T/", f"trials/{place.trial}/")
        data = path.read_bytes()
        half = len(data) // 2
        if name == "plan.yaml":  # at the end of a line, where it is YAML all the same
            half = data.rfind(b"\n", 0, half) + 1
        if name == "T/config.yaml":  # in a word, wherever its middle lies: what it says of the build has many lengths
            half = data.index(b" do", data.index(b"position:")) + len(" do")
        path.write_bytes(data[:half] if text is None else text)
    return make


def folder_for(name):
    def make(place, maker):
        path = root_of(place) / name.replace("T/", f"trials/{place.trial}/")
        path.unlink()
        path.mkdir()
    return make


def need_root():
    if os.geteuid():
        raise Impossible("needs root")


def somebody_else(place, maker):
    """The study belongs to somebody else, who lets others read."""
    need_root()
    subprocess.run(["chmod", "-R", "a+rX,go-w", place.base], check=True)
    if subprocess.run([*NOBODY, study.TUBAL, "--version"], capture_output=True).returncode:
        raise Impossible("the unprivileged user may not run the program under test")
    place.prefix = NOBODY


def closed(place, maker):
    somebody_else(place, maker)
    root_of(place).chmod(0o700)
    for file in ("tiny.yaml", "train.csv"):
        (place.base / file).chmod(0o600)


def read_only(place, maker):
    need_root()
    if subprocess.run(["mount", "--bind", place.base, place.base], capture_output=True).returncode:
        raise Impossible("nothing can be mounted here")
    place.mounted = place.base
    if subprocess.run(["mount", "-o", "remount,bind,ro", place.base], capture_output=True).returncode:
        subprocess.run(["umount", place.base], check=True)
        place.mounted = None
        raise Impossible("nothing can be mounted read-only here")


def full(place, maker):
    """No byte is free where studies lie."""
    need_root()
    studies = place.base / "studies"
    aside = place.base / "aside"
    studies.rename(aside)
    studies.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", studies], capture_output=True).returncode:
        raise Impossible("no small tmpfs can be mounted here")
    place.mounted = studies
    shutil.copytree(aside, studies, dirs_exist_ok=True)
    shutil.rmtree(aside)
    ballast = os.open(studies / "ballast", os.O_WRONLY | os.O_CREAT)
    try:
        while True:
            os.write(ballast, bytes(4096))
    except OSError:
        os.close(ballast)


def linked(place, maker):
    """Links to the study, the grid and the folder of studies."""
    (place.base / "far").mkdir()
    root_of(place).rename(place.base / "far" / "tiny")
    root_of(place).symlink_to(place.base / "far" / "tiny")
    (place.base / "link.yaml").symlink_to("tiny.yaml")
    place.grid = os.fsencode(place.base / "link.yaml")


def link(target):
    def make(place, maker):
        shutil.rmtree(root_of(place))
        root_of(place).symlink_to(target)
        (place.base / "tiny.yaml").unlink()
        (place.base / "tiny.yaml").symlink_to(target.replace("tiny", "tiny.yaml"))
        (place.base / "m.npy").symlink_to(target.replace("tiny", "m.npy"))
        place.matrix = os.fsencode(place.base / "m.npy")
    return make


def long_name(length):
    def make(place, maker):
        place.name = b"n" * length
        place.grid = os.fsencode(place.base) + b"/" + b"g" * (length - 5) + b".yaml"
        place.matrix = os.fsencode(place.base) + b"/" + b"m" * (length - 4) + b".npy"
        if length <= 255:
            root_of(place).parent.joinpath("tiny").rename(root_of(place))
            (place.base / "tiny.yaml").rename(os.fsdecode(place.grid))
    return make


def long_path(place, maker):
    """Beyond PATH_MAX: no system call takes it."""
    place.studies = os.fsencode(place.base) + b"/studies" + b"/d" * 2500
    place.grid = os.fsencode(place.base) + b"/d" * 2500 + b"/tiny.yaml"
    place.matrix = os.fsencode(place.base) + b"/d" * 2500 + b"/m.npy"


def deep(place, maker):
    """Just short of PATH_MAX: the study's folder may be named, its files may not."""
    path = os.fsencode(place.base / "studies")
    parts = []
    while len(path) < 4000:
        parts.append("e" * min(200, 4010 - len(path)))
        path += b"/" + parts[-1].encode()
    script = 'for part in "${@:2}"; do mkdir "$part"; cd -P "$part"; done; cp -a "$1" tiny'
    subprocess.run(["bash", "-c", script, "bash", maker.template / "studies" / "tiny", *parts], cwd=place.base / "studies", check=True)
    place.studies = path


def renamed(name):
    """The folder of studies, the grid and the data lie in a folder of that name."""
    def make(place, maker):
        odd = os.fsencode(place.base) + b"/" + name
        os.mkdir(odd)
        for part in os.listdir(os.fsencode(place.base)):
            if part != name:
                os.rename(os.path.join(os.fsencode(place.base), part), os.path.join(odd, part))
        place.studies, place.grid = odd + b"/studies", odd + b"/tiny.yaml"
    return make


def named(name):
    """The study itself is called so."""
    def make(place, maker):
        os.rename(place.root, place.studies + b"/" + name)
        place.name = name
    return make


def deleted(place, maker):
    """The working folder is deleted beneath the command; it names its study by no absolute path."""
    place.where = place.base.with_name(place.base.name + "-gone")
    place.where.mkdir()
    place.here = place.where
    place.before = lambda: os.rmdir(os.getcwd())
    place.studies, place.grid, place.matrix = b"studies", b"tiny.yaml", b"m.npy"


def language(place, maker):
    place.name, place.trial, place.grid = b"words", maker.trials["words"], os.fsencode(place.base / "words.yaml")


def language_damaged(place, maker):
    language(place, maker)
    damaged("T/model.safetensors")(place, maker)


def language_missing(place, maker):
    language(place, maker)
    place.trial = "0000"


# state: (how it is made, the commands that meet it)
STATES = {
    "whole": (whole, [*ALL, "bench"]),
    "missing": (missing, ALL),
    "a file, a folder": (is_file, DAMAGE + INPUT[:2] + INPUT[3:]),
    "empty": (empty, DAMAGE + INPUT[:2] + INPUT[3:]),
    "untrained": (untrained, ["ablate", "compare", "export", "predict", "report", "verify", "status", "history", "prune", "submit", "run STUDY", "retry"]),
    "no trials/": (no_folder_of_trials, DAMAGE),
    "trials is a file": (file_of_trials, DAMAGE),
    "cut status.json": (damaged("T/status.json"), DAMAGE),
    "cut plan.yaml": (damaged("plan.yaml"), DAMAGE),
    "foreign plan.yaml": (damaged("plan.yaml", b"\xff\xfe\x00"), DAMAGE),
    "damaged history.jsonl": (damaged("history.jsonl", b"{}\n{}\n"), DAMAGE),
    "cut study.h5": (damaged("study.h5"), RESULTS),
    "cut trial.h5": (damaged("T/trial.h5"), RESULTS),
    "cut model": (damaged("T/model.safetensors"), RESULTS),
    "cut config.yaml": (damaged("T/config.yaml"), RESULTS),
    "plan.yaml is a folder": (folder_for("plan.yaml"), DAMAGE),
    "study.h5 is a folder": (folder_for("study.h5"), RESULTS),
    "status.json is a folder": (folder_for("T/status.json"), RESULTS),
    "another's": (somebody_else, DAMAGE),
    "closed": (closed, DAMAGE + INPUT[:2]),
    "read-only": (read_only, [*ALL, "bench"]),
    "full disk": (full, DAMAGE),
    "links": (linked, ALL),
    "dangling link": (link("nowhere/tiny"), STUDY + INPUT),
    "link to itself": (link("tiny"), STUDY + INPUT),
    "name of 255 bytes": (long_name(255), ["compare", "status", "report", "history", "verify", "plan", "data", "stop"]),
    "name of 256 bytes": (long_name(256), ALL),
    "path beyond PATH_MAX": (long_path, ALL),
    "path near PATH_MAX": (deep, ["compare", "status", "report", "run STUDY", "export", "verify", "run", "stop"]),
    "folder not UTF-8": (renamed(b"st\xff"), ALL),
    "folder with a line end": (renamed(b"a\nb"), ALL),
    "folder with blanks and quotes": (renamed(b"a 'b' \"c\" $d"), ALL),
    "study not UTF-8": (named(b"ti\xff"), STUDY),
    "study with a line end": (named(b"a\nb"), STUDY),
    "working folder deleted": (deleted, [*ALL, "bench"]),
    "a language model": (language, ["generate", "compare", "report", "predict", "ablate", "export", "data"]),
    "a cut language model": (language_damaged, ["generate", "predict", "verify"]),
    "a language model's missing trial": (language_missing, ["generate"]),
}
