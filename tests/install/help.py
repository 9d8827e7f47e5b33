"""What `tubal --help`, `tubal COMMAND --help` and `tubal plan --keys` say, read here without the programs that make the manual."""
import os
import re
import subprocess


def ask(tubal, *words):
    environment = {k: v for k, v in os.environ.items() if k != "TUBAL_PLUGIN_PATH"}
    return subprocess.run([tubal, *words], capture_output=True, text=True, check=True, env=environment).stdout


class Command:
    def __init__(self, tubal, name):
        self.name, text = name, ask(tubal, name, "--help")
        head, rest = text.split("\nOptions:\n")
        block = re.match(r"(?:.+\n)*", rest).group()
        after = rest[len(block):]
        self.usage = head.split("\n\n")[0].splitlines()
        self.text = " ".join(head.split("\n\n", 1)[1].split())
        self.examples = [l.strip() for l in after.splitlines() if l.startswith("  ")]
        self.closing = " ".join(l for l in after.splitlines() if l and not l.startswith(" ") and not l.startswith("Example"))
        # {long: (short, whether it takes a value, text)}; an option begins at two blanks and a dash.
        self.options = {}
        column = block.index("this text") - (block.rfind("\n", 0, block.index("this text")) + 1)
        for entry in re.split(r"\n(?=  -)", block.rstrip("\n")):
            label = entry[:column]
            name = re.search(r"--([a-z-]+)", label).group(1)
            short = re.match(r"  -([a-zA-Z]) ", label)
            value = bool(re.search(r"--[a-z-]+(?: \])? [^ (\]]", label))
            self.options[name] = (short and short.group(1), value, " ".join(entry[column:].split()))


def commands(tubal):
    table = ask(tubal, "--help").split("\n\n")[1]
    return {line.split()[0]: Command(tubal, line.split()[0]) for line in table.splitlines()}


def keys(tubal):
    """{key: what is allowed}."""
    found, lines = {}, ask(tubal, "plan", "--keys").splitlines()
    for name, _, allowed in zip(lines, lines[1:], lines[2:]):
        if re.match(r"  \S", name):
            found[re.match(r"  ([\w.]+)", name).group(1)] = allowed.strip()
    return found
