"""The command line parses the same way for every command of `tubal --help`: what is shortened, unknown, without a value, given twice or
empty is refused with status 2 and nothing on standard output, in a line that names command and option and a command that helps.

arguments.py TUBAL FOLDER. With ARGUMENTS_ALL in the environment every form with every option.
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

import study
from study import check

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "install"))
import help  # noqa: E402  (options as --help tells them)

MAY_BE_EMPTY = {("generate", "prompt")}
advised = set()


def refused(name, words, *named):
    """`tubal NAME WORDS` is refused in one line that names all of `named`; that line."""
    result = study.tubal(name, *words)
    what = f"tubal {name} {words}"
    check(result.returncode == 2, what, result)
    check(result.stdout == "", f"{what} prints", result)
    line = result.stderr.removesuffix("\n")
    check("\n" not in line, f"{what} says more than a line", result)
    check(line.startswith(f"tubal: {name}: "), f"{what} does not name its command", result)
    for word in named:
        check(word in line, f"{what} does not say {word}", result)
    commands = [c for c in re.findall(r"`([^`]+)`", line) if c.startswith("tubal ")]
    check(commands, f"{what} names no next step", result)
    advised.update(commands)
    return line


def options(name, command, word):
    """Everything that can be wrong with an option of the command, each option in turn."""
    for number, (option, (short, value, told)) in enumerate(command.options.items()):
        every = "ARGUMENTS_ALL" in os.environ  # else forms take turns from option to option
        others = [o for o in command.options if o != option]
        lengths = sorted({len(option) - 1, max(2, len(option) // 2)})
        for length in lengths if every else [lengths[number % len(lengths)]]:
            start = option[:length]
            if start in command.options or length >= len(option) or length < 1:
                continue
            meant = [f"`--{o}`" for o in command.options if o.startswith(start)]
            texts = (f"--{start}", f"--{start}=1")
            for text in texts if every else [texts[number // 2 % 2]]:
                refused(name, [*word, text], f"unknown option `--{start}`", "did you mean", *meant)
        if not value:
            refused(name, [*word, f"--{option}=1"], f"`--{option}` takes no value")
            refused(name, [*word, f"--{option}", f"--{option}"], f"`--{option}` is given twice")
            continue
        lacking = ([f"--{option}"], [f"--{option}="], [f"--{option}", "--help"], [f"--{option}", f"--{others[0]}"])
        for words in lacking if every else [lacking[number % 4]]:
            refused(name, [*word, *words], f"`--{option}` needs a value")
        if (name, option) not in MAY_BE_EMPTY:
            refused(name, [*word, f"--{option}", ""], f"`--{option}` has an empty value")
        if not re.search("again|repeated", told):
            refused(name, [*word, f"--{option}", "1", f"--{option}", "1"], f"`--{option}` is given twice")


def words_alone(name, takes):
    """What stands without a dash, and behind `--`."""
    for text in ("--no-such-option", "--no-such-option=1", "-Z", "--", "-no-such"):
        if text != "--":
            refused(name, [*(["x"] if takes else []), text], "unknown option `-")
        # Behind `--` it is a word like others, and none of these names anything.
        behind = study.tubal(name, "--", text)
        check(behind.returncode == 2 and behind.stdout == "" and "unknown option" not in behind.stderr, f"tubal {name} -- {text}", behind)
    behind = study.tubal(name, "--", "--help")
    check(behind.returncode == 2 and behind.stdout == "", f"tubal {name} -- --help", behind)
    refused(name, [""], "empty word" if takes else "")
    if takes:
        refused(name, [], takes, "missing")
    if name != "verify":
        refused(name, ["x", "y"] if takes else ["x"], takes or "options alone" if name != "transforms" else "--show")


def all_of(entry):
    name, command = entry
    takes = re.match(r"tubal [a-z]+ ([A-Z]\S*)", command.usage[0])
    options(name, command, ["x"] if takes else [])
    words_alone(name, takes and takes.group(1))
    return len(command.options)


def main():
    study.arguments()
    table = help.commands(study.TUBAL)
    check(len(table) > 15, f"commands found in --help: {list(table)}")
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        count = sum(pool.map(all_of, table.items()))
    for command in sorted(advised):
        ran = subprocess.run(["bash", "-c", command.replace("tubal", study.TUBAL, 1)], capture_output=True, text=True, timeout=120)
        check(ran.returncode == 0 and ran.stdout, f"the advised `{command}`", ran)
    for words in (["statis"], [""], ["--hlep"], ["--", "status"]):
        result = study.tubal(*words)
        check(result.returncode == 2 and result.stdout == "" and "unknown command" in result.stderr, f"tubal {words}", result)
    print(f"{len(table)} commands, {count} options, {len(advised)} commands advised")


main()
