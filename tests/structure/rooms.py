#!/usr/bin/python3
"""rooms.py [FOLDER]: the house in one table, and whether the includes keep to it.

FOLDER is the root of the sources. Prints rooms, files, sizes and arrows; exits 1 where an include runs the wrong way, headers
include one another in a circle, a folder is in no room, a source of experiments/ is told by no header, a file of a study is
named elsewhere than in core/layout.hpp, a data set is told apart by its name, a command in a message names a study by its bare
name, or a room's README names a source that is not there.
"""
import os
import re
import statistics
import sys

# A room and the rooms that its files may include, from the ground up: a line names rooms above it alone, so nothing runs in a
# circle. A room is a folder with all folders below it that have no line of their own. `a/b: c` means a/c, where there is one.
TABLE = """
core:
transforms:              core
layers:                  core transforms
experiments/config:      core transforms layers
experiments/plan:        core config
experiments/text:        core config
experiments/data:        core layers config text
experiments/records:     core layers config plan text
experiments/training:    core transforms layers config text data records
experiments/inference:   core transforms layers config text data records training
experiments/measure:     core transforms layers config text data records training
experiments/runner:      core config plan data records
analysis/statistics:     core
analysis/read:           core statistics
analysis/compare:        core statistics read
analysis/figures:        core statistics read compare
analysis/export:         core statistics read compare figures
analysis/report:         core statistics read compare figures
experiments/cli:         core transforms layers analysis/read analysis/compare analysis/figures analysis/export analysis/report config plan text data records training inference measure runner
"""
# In these folders a source has a header of its name, or a header of its room names it in the comment that opens it.
TOLD = ["experiments"]
# Told by a header in general: one file a command, one file a data set.
ONE_EACH = {"experiments/cli": "experiments/cli/command.hpp", "experiments/data/sets": "experiments/data/readers.hpp"}


def read_table(text):
    rooms = {}
    for line in text.strip().splitlines():
        room, _, below = line.partition(":")
        fellows = [os.path.join(os.path.dirname(room), other) for other in below.split()]
        rooms[room] = [fellow if fellow in rooms else other for fellow, other in zip(fellows, below.split())]
        for other in rooms[room]:
            if other not in rooms or other == room:
                sys.exit(f"rooms.py: the table's line {room} names {other}, which has no line above it")
    return rooms


def read_sources(root):
    """Every C++ file below the table's top-level folders: path -> text."""
    texts = {}
    for top in sorted({room.split("/")[0] for room in ROOMS}):
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in names:
                if name.endswith((".hpp", ".cpp", ".h", ".c")):
                    path = os.path.join(folder, name)
                    with open(path, encoding="utf-8") as file:
                        texts[os.path.relpath(path, root)] = file.read()
    return texts


def room_of(path):
    folder = os.path.dirname(path)
    while folder and folder not in ROOMS:
        folder = os.path.dirname(folder)
    return folder


def includes(path, texts):
    """(line, included file) of every include of a file of ours."""
    found = []
    for number, line in enumerate(texts[path].splitlines(), 1):
        if match := re.match(r'\s*#\s*include\s*"([^"]+)"', line):
            for target in (match[1], os.path.normpath(os.path.join(os.path.dirname(path), match[1]))):
                if target in texts:
                    found.append((number, target))
                    break
    return found


def wrong_arrows(texts):
    wrong = []
    for path in sorted(texts):
        room = room_of(path)
        if not room:
            wrong.append(f"{path}: its folder is in no room; give the folder a line in TABLE of tests/structure/rooms.py, and a README.md")
            continue
        for line, target in includes(path, texts):
            other = room_of(target)
            if other and other != room and other not in ROOMS[room]:
                wrong.append(f"{path}:{line}: {room} includes {target}, and may include {', '.join(ROOMS[room]) or 'no other room'} alone. "
                             f"Move what both need into a room below, or hand it in (a value, a function)")
    return wrong


def circles(texts):
    """Headers that include one another: guards hide it, and the order of includes decides what compiles."""
    state, found = {}, []

    def visit(path, way):
        state[path] = "open"
        for _, target in includes(path, texts):
            if state.get(target) == "open":
                found.append(" -> ".join(way[way.index(target):] + [target]) + ": a circle of includes; take out what both need")
            elif target not in state:
                visit(target, way + [target])
        state[path] = "done"

    for path in sorted(texts):
        if path not in state:
            visit(path, [path])
    return found


def untold(texts):
    """Sources that no header tells of."""
    wrong = []
    for path in sorted(texts):
        if not path.endswith(".cpp") or path.split("/")[0] not in TOLD or path[:-4] + ".hpp" in texts:
            continue
        folder, name = os.path.split(path)
        if ONE_EACH.get(folder) in texts:
            continue
        opening = [re.match(r"(//[^\n]*\n)*", text)[0] for other, text in texts.items()
                   if os.path.dirname(other) == folder and other.endswith(".hpp")]
        if not any(re.search(rf"\b{re.escape(name)}\b", comment) for comment in opening):
            wrong.append(f"{path}: no header has its name, and none of {folder}/ names it in the comment that opens it; "
                         f"give it one, or say there what it holds")
    return wrong


def names_of_files(texts):
    """Literals that name a file of a study: those belong into core/layout.hpp alone."""
    layout = "core/layout.hpp"
    names = set(re.findall(r'(?:/|_name =) "([^"]+)"', texts[layout]))
    wrong = []
    for path in sorted(texts):
        if path.split("/")[0] not in ("experiments", "analysis"):
            continue
        for number, line in enumerate(texts[path].splitlines(), 1):
            code = re.sub(r"(^|\s)//.*", "", line)
            for name in names:
                if f'/ "{name}"' in code or ("." in name and f'"{name}"' in code):
                    wrong.append(f'{path}:{number}: names the file "{name}" of a study; {layout} has the word for it')
    return wrong


def untyped(texts):
    """Commands in messages that name a study by its bare name, which works in ./studies alone: typed() says what is typed."""
    wrong = []
    for path, text in texts.items():
        for found in re.finditer(r'`tubal [a-z ]+"\s*\+\s*([\w.>()-]+)', text):
            if re.search(r"(\.|->)(study|name\(\)|name)$", found[1]):
                wrong.append(f"{path}:{text.count(chr(10), 0, found.start()) + 1}: a command names {found[1]}: use typed()")
    return wrong


def told_apart_by_name(texts):
    """Comparisons with the name of a data set: what differs between data sets stands in their tables' rows alone."""
    names = re.findall(r'(?:\.name = |columns\()"([a-z_]+)"', texts["experiments/config/data_sets.cpp"])
    name = f'"(?:{"|".join(names)})"'
    comparison = re.compile(rf'\bname\s*(?:\(\))?\s*[=!]=\s*{name}|{name}\s*[=!]=\s*[\w.>-]*\bname\b')
    wrong = []
    for path in sorted(texts):
        if path.split("/")[0] == "experiments":
            for number, line in enumerate(texts[path].splitlines(), 1):
                if comparison.search(line):
                    wrong.append(f"{path}:{number}: tells data sets apart by name; put what differs into the rows of "
                                 f"experiments/config/data_sets.cpp or experiments/data/readers.hpp, and ask there")
    return wrong if names else ["experiments/config/data_sets.cpp: rooms.py finds no names of data sets in it"]


def read_guides(root):
    """The README of each room: path -> text."""
    guides = {}
    for room in ROOMS:
        path = os.path.join(room, "README.md")
        if "/" in room and os.path.exists(os.path.join(root, path)):
            with open(os.path.join(root, path), encoding="utf-8") as file:
                guides[path] = file.read()
    return guides


def told_of_nothing(guides, texts):
    """Sources that a room's README names and that are not there: in the room, beside it, or from the root."""
    wrong = []
    for path, guide in guides.items():
        room = os.path.dirname(path)
        for number, line in enumerate(guide.splitlines(), 1):
            for name, end in re.findall(r"`([a-z_0-9/]+)\.(\*|hpp|cpp)`", line):
                places = [os.path.join(folder, name) for folder in (room, os.path.dirname(room), "")]
                ends = ("hpp", "cpp") if end == "*" else (end,)
                if not any(f"{place}.{e}" in texts for place in places for e in ends):
                    wrong.append(f"{path}:{number}: names {name}.{end}, which is not there")
    return wrong


def print_house(texts):
    rooms = {room: sorted(path for path in texts if room_of(path) == room) for room in ROOMS}
    arrows = {}
    for path in texts:
        for _, target in includes(path, texts):
            if room_of(target) != room_of(path):
                key = room_of(path), room_of(target)
                arrows[key] = arrows.get(key, 0) + 1
    lines = {path: text.count("\n") for path, text in texts.items()}
    print(f"{'room':24}{'sources':>8}{'headers':>8}{'lines':>8}{'median':>8}{'largest':>8}  includes of other rooms")
    for room, paths in rooms.items():
        sizes = [lines[path] for path in paths] or [0]
        largest = max(paths, key=lines.get, default="")
        told = ", ".join(f"{other.removeprefix('experiments/')} {arrows[room, other]}" for other in ROOMS if (room, other) in arrows)
        print(f"{room:24}{sum(path.endswith(('.cpp', '.c')) for path in paths):8}{sum(path.endswith(('.hpp', '.h')) for path in paths):8}"
              f"{sum(sizes):8}{statistics.median(sizes):8.0f}{max(sizes):8}  {told}   [{os.path.basename(largest)}]")
    sizes = lines.values()
    largest = max(texts, key=lines.get)
    print(f"{len(rooms)} rooms, {len(texts)} files of {sum(sizes)} lines, median {statistics.median(sizes):.0f}, "
          f"largest {lines[largest]} ({largest}); {len(arrows)} arrows between rooms, {sum(arrows.values())} includes")


def sees_faults(texts):
    """The checks on sources with one fault of each kind, so that their silence means something."""
    def with_line(path, line):
        return {**texts, path: line + "\n" + texts[path]}

    fellow = next(path for path in sorted(texts) if path.startswith("core/") and path.endswith(".hpp") and includes(path, texts))
    back = includes(fellow, texts)[0][1]
    return (wrong_arrows(with_line(fellow, '#include "experiments/config/config.hpp"')) and circles(with_line(back, f'#include "{fellow}"'))
            and wrong_arrows({**texts, "experiments/attic/old.cpp": ""}) and untold({**texts, "experiments/config/stray.cpp": ""})
            and names_of_files({**texts, "experiments/config/stray.cpp": 'x / "stop";'})
            and untyped({"experiments/config/stray.cpp": 'say("`tubal run " + index.study + "`");'})
            and all(told_apart_by_name({**texts, "experiments/plan/stray.cpp": line})
                    for line in ('if (d.name == "csv")', 'if (trial.config.data.name != "text")', 'if ("imdb" == data->name)'))
            and told_of_nothing({"experiments/config/README.md": "`gone.*`"}, texts))


ROOMS = read_table(TABLE)


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
    texts = read_sources(root)
    print_house(texts)
    wrong = wrong_arrows(texts) + circles(texts) + untold(texts) + names_of_files(texts) + untyped(texts) + told_apart_by_name(texts) + told_of_nothing(read_guides(root), texts)
    for text in wrong:
        print(text)
    if not sees_faults(texts):
        sys.exit("rooms.py: a fault put in on purpose was not seen")
    sys.exit(1 if wrong else 0)


main()
