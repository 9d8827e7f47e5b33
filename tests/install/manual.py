"""The manual page says what --help says: manual.py TUBAL PAGE SOURCE."""
import pathlib
import re
import shutil
import subprocess
import sys

import help

TUBAL, PAGE, SOURCE = sys.argv[1:]
if not shutil.which("groff"):
    print("groff (Debian package groff-base) is not installed")
    sys.exit(77)
done = subprocess.run(["groff", "-man", "-ww", "-Tascii", "-P-c", "-P-b", "-P-o", "-P-u", "-rLL=4000m", PAGE], capture_output=True, text=True, check=True)
assert not done.stderr, done.stderr
if shutil.which("mandoc"):
    lint = subprocess.run(["mandoc", "-Tlint", "-W", "warning", PAGE], capture_output=True, text=True)
    assert lint.returncode == 0, lint.stdout
lines = [line.rstrip() for line in done.stdout.splitlines()]
page = " ".join(done.stdout.split())
assert "\\" not in page.replace("\\tfrac", ""), "a roff escape is shown"


def section(start, heading):
    """Lines from the one that is `start` to the next heading of its kind, as one text."""
    begin = lines.index(start)
    end = next((i for i in range(begin + 1, len(lines)) if re.match(heading, lines[i])), len(lines))
    return lines[begin:end]


missing = []


def want(text, where, what):
    if " ".join(text.split()) not in where:
        missing.append(f"{what}: {text}")


options = 0
commands = help.commands(TUBAL)
for name, command in commands.items():
    own = section(f"   tubal {name}", r"(   )?\S")
    text = " ".join(" ".join(own).split())
    for line in command.usage:
        want(line, text, f"usage of {name}")
        want(line, page[:page.index(" DESCRIPTION ")], f"synopsis of {name}")
    want(command.text, text, f"text of {name}")
    want(command.closing, text, f"end of {name}")
    for line in command.examples:
        if line not in [l.strip() for l in own]:
            missing.append(f"example of {name}: {line}")
    for option, (short, value, told) in command.options.items():
        options += 1
        label = next((l for l in own if re.match(rf"\s+{'-' + short + ', ' if short else ''}--{option}(\s|$)", l)), None)
        if label is None:
            missing.append(f"option of {name}: --{option}")
        want(told, text, f"what --{option} of {name} does")
for line in help.ask(TUBAL, "--help").splitlines()[1:]:
    if line.startswith("  "):
        name, told = line.split(None, 1)
        want(told, page, f"what {name} is")
for number in ("0 done", "1 some trials failed", "2 usage or configuration", "75 interrupted (run again to go on)"):
    want(number, page, "exit status")
keys = help.keys(TUBAL)
for key, allowed in keys.items():
    want(allowed, page, key)
    if not re.search(rf"^ +{re.escape(key)}( |$)", done.stdout, re.M):
        missing.append(f"key {key}")

# Every variable that the sources read is documented, but those of the system and those between tubal's own processes.
known = {"PATH", "TERM", "LC_ALL", "LC_CTYPE", "LANG", "HOME", "TMPDIR", "XDG_CACHE_HOME", "GLIBC_TUNABLES", "TUBAL_REPORT"}
read = set()
for folder in ("core", "transforms", "layers", "experiments", "analysis"):
    for file in pathlib.Path(SOURCE, folder).rglob("*.cpp"):
        read |= set(re.findall(r'\b(?:getenv|environment|environment_folder)\("(\w+)"\)', file.read_text()))
assert {"TUBAL_CACHE", "TUBAL_PLUGIN_PATH"} <= read, read
for variable in read - known:
    want(variable, page[page.index(" ENVIRONMENT "):], "environment")
assert len(commands) >= 19 and options >= 150 and len(keys) >= 70, (len(commands), options, len(keys))
print(f"{len(commands)} commands, {options} options, {len(keys)} keys, {len(read)} variables")
sys.exit("\n".join(["missing in the page:"] + missing) if missing else 0)
