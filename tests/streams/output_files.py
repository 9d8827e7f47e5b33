"""Files that commands write where a link, a pipe, a device, a folder or nothing writable stands.

output_files.py TUBAL FOLDER
"""
import os
import pathlib
import stat
import subprocess
import threading

import commands
import study
from study import check


def kind(path):
    return stat.S_IFMT(os.lstat(path).st_mode)


class Report:
    """`tubal report --output PATH`: one file of HTML."""

    def __init__(self, studies):
        self.studies = studies

    def __call__(self, path, **options):
        return study.tubal("report", "tiny", "--studies", self.studies, "--output", path, **options)

    @staticmethod
    def whole(data):
        return data[:15].lower() == b"<!doctype html>" and data.rstrip().endswith(b"</html>")


class Export:
    """`tubal export KIND --output FOLDER` with something other than a file where one of its files belongs."""

    def __init__(self, studies, option, name, whole):
        self.studies, self.option, self.name, self.whole = studies, option, name, whole

    def __call__(self, path, **options):
        place = path.parent / ("export of " + path.name)
        place.mkdir(exist_ok=True)
        (place / self.name).unlink(missing_ok=True)
        (place / self.name).symlink_to(path)
        return study.tubal("export", "tiny", self.option, "--studies", self.studies, "--output", place, **options)


def through(writer, folder):
    def left():
        return sorted(p.name for p in folder.rglob("*") if ".unfinished" in p.name)

    # A plain file, and one that is there: replaced, its mode kept.
    plain = folder / "plain"
    result = writer(plain)
    check(result.returncode == 0 and writer.whole(plain.read_bytes()), "a new file", result)
    plain.write_text("old")
    plain.chmod(0o640)
    result = writer(plain)
    check(result.returncode == 0 and writer.whole(plain.read_bytes()) and stat.S_IMODE(plain.stat().st_mode) == 0o640, "a file that is there", result)

    # Links: followed to their end, kept.
    (folder / "far").mkdir()
    (folder / "far" / "target").write_text("old")
    (folder / "link").symlink_to("far/target")
    (folder / "chain").symlink_to("link")
    for name in ("link", "chain"):
        (folder / "far" / "target").write_text("old")
        result = writer(folder / name)
        check(result.returncode == 0 and (folder / name).is_symlink() and writer.whole((folder / "far" / "target").read_bytes()), f"{name}", result)
    (folder / "dangling").symlink_to("far/new")
    result = writer(folder / "dangling")
    check(result.returncode == 0 and (folder / "dangling").is_symlink() and writer.whole((folder / "far" / "new").read_bytes()), "a dangling link", result)
    (folder / "lost").symlink_to("no/such/file")
    result = writer(folder / "lost")
    check(result.returncode in (1, 2) and "mkdir -p" in result.stderr and (folder / "lost").is_symlink(), "a link into nothing", result)
    (folder / "ring").symlink_to("ring")
    result = writer(folder / "ring")
    check(result.returncode in (1, 2) and ("circle" in result.stderr or "symbolic links" in result.stderr), "a link to itself", result)

    # A pipe: read by another process, still a pipe.
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    seen = []
    reader = threading.Thread(target=lambda: seen.append(pipe.read_bytes()))
    reader.start()
    result = writer(pipe)
    reader.join(30)
    check(result.returncode == 0 and kind(pipe) == stat.S_IFIFO and writer.whole(seen[0]), "a pipe", result)

    # Devices: /dev/null takes all, /dev/full nothing; nodes of our own where that is allowed.
    for name, minor, status in (("null", 3, 0), ("full", 7, 1)):
        device = folder / name
        try:
            os.mknod(device, 0o666 | stat.S_IFCHR, os.makedev(1, minor))
            open(device, "wb").close()
        except OSError as e:
            print(f"no device node can be used here ({e}): /dev/{name} through a link")
            device.unlink(missing_ok=True)
            device.symlink_to(f"/dev/{name}")
        was = kind(device)
        result = writer(device)
        check(result.returncode == status and kind(device) == was and stat.S_ISCHR(os.stat(device).st_mode), f"the device {name}", result)
        check(status == 0 or "no space left" in result.stderr, f"the device {name}", result)

    # Nothing writable: said, nothing left.
    (folder / "a folder").mkdir()
    result = writer(folder / "a folder")
    check(result.returncode in (1, 2) and "it is a folder" in result.stderr, "a folder", result)
    closed = folder / "closed"
    closed.mkdir()
    if os.geteuid():
        closed.chmod(0o555)
        result = writer(closed / "x")
        check(result.returncode == 1 and "permission denied" in result.stderr, "a closed folder", result)
    else:
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", closed], capture_output=True)
        if mounted.returncode == 0:
            try:
                result = study.tubal("report", "tiny", "--studies", folder.parent / "studies", "--output", closed / "x")
                check(result.returncode == 1 and "read-only" in result.stderr, "a read-only file system", result)
            finally:
                subprocess.run(["umount", closed], check=True)
        else:
            print("no file system can be mounted here: the read-only one was not tried")
    # A file that may not grow so far: the old one stays.
    plain.write_text("old")
    result = subprocess.run(["bash", "-c", 'ulimit -f 1; "$@"', "bash", study.TUBAL, "report", "tiny", "--studies", folder.parent / "studies", "--output", plain],
                            capture_output=True, text=True)
    check(result.returncode == 1 and "ulimit -f" in result.stderr and plain.read_text() == "old", "ulimit -f", result)
    check(not left(), f"left behind: {left()}")


def standard_output(folder, studies):
    """--output /dev/stdout in a pipe, a file that holds something before, and a full device: only the HTML is there."""
    words = [study.TUBAL, "report", "tiny", "--studies", str(studies), "--output"]
    for name in ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"):
        result = subprocess.run([*words, name], capture_output=True)
        check(result.returncode == 0 and Report.whole(result.stdout) and b"Report: " in result.stderr, f"{name}: {result.stdout[-80:]} {result.stderr}")
        out = folder / "redirected"
        status = subprocess.run(["bash", "-c", f'{{ echo before; "$@"; }} > {out}', "bash", *words, name], capture_output=True).returncode
        head, rest = out.read_bytes().split(b"\n", 1)
        check(status == 0 and head == b"before" and Report.whole(rest), f"{name} into a file")
        with open("/dev/full", "wb") as full:
            result = subprocess.run([*words, name], stdout=full, stderr=subprocess.PIPE, text=True)
        check(result.returncode == 1 and "no space left" in result.stderr, f"{name} on a full device: {result.stderr}")
    link = folder / "my stdout"
    link.symlink_to("/proc/self/fd/1")
    result = subprocess.run([*words, str(link)], capture_output=True)
    check(result.returncode == 0 and Report.whole(result.stdout) and link.is_symlink(), "a link of one's own to standard output")
    for device, wanted in (("/dev/stdout", stat.S_IFLNK), ("/dev/null", stat.S_IFCHR), ("/dev/full", stat.S_IFCHR)):
        check(kind(device) == wanted, f"{device} is no longer what it was")


def main():
    folder = pathlib.Path(study.arguments()[0])
    commands.prepare(folder)
    studies = folder / "studies"
    writers = {
        "report": Report(studies),
        "csv": Export(studies, "--csv", "trials.csv", lambda data: b"id" in data.split(b"\n")[0].split(b",") and data.endswith(b"\n") and data.count(b"\n") == 5),
        "latex": Export(studies, "--latex", "table.tex", lambda data: data.rstrip().endswith(b"\\end{table}")),
        "netcdf": Export(studies, "--netcdf", "study.nc", lambda data: data[1:4] == b"HDF" and len(data) > 10000),
        "models": Export(studies, "--safetensors", "models/models.csv", lambda data: data.startswith(b"file,id,")),
    }
    for name, writer in writers.items():
        if name == "models":
            continue
        (folder / name).mkdir()
        through(writer, folder / name)
    standard_output(folder, studies)
    # export --output wants a folder.
    for place in ("/dev/null", "/dev/full", folder / "tiny.yaml"):
        result = study.tubal("export", "tiny", "--csv", "--studies", studies, "--output", place)
        check(result.returncode == 2 and "is no folder" in result.stderr, f"export --output {place}", result)
    print(f"{', '.join(n for n in writers if n != 'models')}: files, links, chains, dangling links, pipes, devices, folders, read-only, ulimit -f; report to /dev/stdout, /dev/fd/1, /proc/self/fd/1")


if __name__ == "__main__":
    main()
