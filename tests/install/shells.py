"""Shells that are asked what completes a command line; each answer is a list of words (fish's and zsh's sorted by them)."""
import fcntl
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import termios
import time

HERE = os.path.dirname(os.path.abspath(__file__))


class Bash:
    def __init__(self, files):
        self.script = f"{files}/tubal.bash"

    def ask(self, lines):
        done = subprocess.run(["bash", "--norc", f"{HERE}/completion.bash", self.script], input="".join(l + "\n" for l in lines), capture_output=True, text=True)
        assert done.returncode == 0 and not done.stderr, done.stdout + done.stderr
        answers = [line.split() for line in done.stdout.splitlines()]
        assert len(answers) == len(lines)
        return answers


class Fish:
    def __init__(self, files):
        self.script = f"{files}/tubal.fish"

    def ask(self, lines):
        program = f"source {self.script}\n" + "".join(f"complete -C '{line}' | string replace -r '\\t.*' ''\necho @@\n" for line in lines)
        done = subprocess.run(["fish", "--no-config"], input=program, capture_output=True, text=True, env={**os.environ, "TERM": "dumb"})
        assert done.returncode == 0 and not done.stderr, done.stdout[-500:] + done.stderr
        # fish's words begin at the last blank: only what follows the `=` is told, as bash tells it.
        return [[word.rsplit("=", 1)[-1] or word if "=" in line.split(" ")[-1] else word for word in part.split()]
                for line, part in zip(lines, done.stdout.split("@@\n"))]


class Terminal:
    """A program on a terminal of its own, so wide and high that nothing is folded or asked for."""

    def __init__(self, *command):
        self.child, self.end = pty.fork()
        if self.child == 0:
            os.environ.update(TERM="dumb", LC_ALL="C.UTF-8")
            os.execvp(command[0], command)
        fcntl.ioctl(self.end, termios.TIOCSWINSZ, struct.pack("HHHH", 2000, 250, 0, 0))

    def talk(self, keys, until, seconds=60):
        """What it prints until the pattern `until`, escape sequences left out."""
        os.write(self.end, keys.encode())
        out, last = b"", time.time() + seconds
        while not re.search(until.encode(), out, re.S):
            assert time.time() < last, f"no {until!r} after {keys!r}: {out.decode(errors='replace')}"
            if select.select([self.end], [], [], 0.2)[0]:
                out += os.read(self.end, 65536)
        return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", out.decode(errors="replace"))

    def close(self):
        os.close(self.end)
        os.waitpid(self.child, 0)


class Zsh:
    def __init__(self, files):
        self.files = files

    def ask(self, lines):
        shell = Terminal("zsh", "-f", "-i")
        shell.talk(f"PS1='READY> '; fpath=({self.files} $fpath); autoload -Uz compinit; compinit -u -D; LISTMAX=10000; setopt no_beep no_always_last_prompt; "
                   "bindkey '^T' list-choices; print BE''GUN\n", "BEGUN\r.*READY> ")
        answers = []
        for line in lines:
            told = shell.talk(f"{line}\x14\x15print DO''NE\n", "DONE\r.*READY> ")
            told = told[:told.rindex("print DO")]
            listed = [l for l in re.split(r"[\r\n]+", told) if l.strip() and not l.startswith("READY> ") and l.strip() != line.strip()]
            # Described words stand one a line before `--`, others in columns.
            answers.append([word for l in listed for word in (l.split(" -- ")[0].split() if re.search(r"\S +-- ", l) else l.split())])
        os.write(shell.end, b"exit\n")
        shell.close()
        return answers


def installed(files):
    return {name: make(files) for name, make in (("bash", Bash), ("zsh", Zsh), ("fish", Fish)) if shutil.which(name)}
