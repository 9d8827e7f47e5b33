#!/usr/bin/python3
"""tidy.py [--mend] [FOLDER]: what clang-format leaves undone in C++ sources.

One statement a line: `a = 1, b = 2;` is two. Comments and text literals that were wrapped again and again: a paragraph that ends in a
lone word or has a line that stops short, a literal whose pieces break where the line has room or within a short bracket. Prints each
place and exits 1; with --mend rewrites the files (then run clang-format). FOLDER: the root of the sources.
"""
import itertools
import os
import re
import sys
import textwrap

WIDTH = 110
TOPS = ["core", "transforms", "layers", "experiments", "analysis", "tests"]
LITERAL = r'"(?:\\.|[^"\\\n])*"'
RAW = r'R"(\w*)\((?:.|\n)*?\)\1"'
# Comments, literals, characters (not 1'000) and directives: none of them holds code to look at.
NO_CODE = re.compile(r"//[^\n]*|/\*.*?\*/|" + RAW + "|" + LITERAL + r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])'|^[ \t]*#(?:[^\n\\]|\\\n|\\.)*",
                     re.S | re.M)
# A word of a text, with the space behind it: what stands in backticks is one, and so is a short bracket such as (0, 1].
BRACKET = r"[(\[][^()\[\]`]{0,12}[)\]]"
WORD = r"(?:`[^`]*`|" + BRACKET + r"|\S)+\s*|\s+"
OPEN, CLOSE = "([{", ")]}"


def code_alone(text):
    """The text with what is no code blanked, place by place; literals become names."""
    def blank(found):
        literal = found[0].startswith(('"', "'", "R"))
        return re.sub(r"[^\n]", "_" if literal else " ", found[0])

    return NO_CODE.sub(blank, text)


def statements(code):
    """(begin, end) of every statement that ends by `;` straight within braces or at the top."""
    stack, begin, outer = [], 0, []
    for i, c in enumerate(code):
        if c in "([":
            stack.append(c)
        elif c == "{":
            stack.append(c)
            outer.append(begin)
            begin = i + 1
        elif c in CLOSE:
            if stack:
                stack.pop()
            if c == "}":
                before = outer.pop() if outer else 0
                after = code[i + 1:].lstrip()[:2] if i + 1 < len(code) else ""
                block = not after or after[0].isalpha() or after[0] in "_}#" or after in ("++", "--", "::")
                begin = i + 1 if block else before  # else an initializer or a lambda, within its statement
        elif c == ";" and (not stack or stack[-1] == "{"):
            yield begin, i
            begin = i + 1


def behind_control(statement):
    """Where the statement stands behind labels, if, else, for and while; whether the last of them governs it alone."""
    at, governed = 0, False
    while True:
        rest = statement[at:]
        if label := re.match(r"\s*(?:case\b(?:[^:]|::)*|default|public|private|protected)\s*:(?!:)", rest):
            at, governed = at + label.end(), False
        elif head := re.match(r"\s*(?:else\s+)?(?:if(?:\s+constexpr)?|while|for)\s*\(", rest):
            at, depth, governed = at + head.end(), 1, True
            while depth:
                depth += (statement[at] == "(") - (statement[at] == ")")
                at += 1
        elif other := re.match(r"\s*else\b", rest):
            at, governed = at + other.end(), True
        else:
            return at + len(rest) - len(rest.lstrip()), governed


def flat(text):
    """The text without what stands in brackets, and where its commas are."""
    depth, kept, commas = 0, [], []
    for i, c in enumerate(text):
        if c in CLOSE:
            depth -= 1
        if depth == 0:
            kept.append(c)
            if c == ",":
                commas.append(i)
        if c in OPEN:
            depth += 1
    return "".join(kept), commas


def has_effect(piece):
    """An assignment, a call, ++ or --; no declaration."""
    text = " ".join(flat(piece)[0].split())
    name = r"(?:[\w:]|\.|->|\(\)|\[\])+"
    if equals := re.search(r"(?<![=!<>])(?:[-+*/%&|^]|<<|>>)?=(?!=)", text):
        left = text[:equals.start()].strip()
        return bool(re.fullmatch(r"\**" + name, left)) and not re.fullmatch(r"(?:\(\)|\[\])+", left)
    plain = re.fullmatch(r"(?:\+\+|--)?\**" + name + r"(?:\+\+|--)?", text)
    return bool(plain) and not text.startswith(("()", "[]")) and ("()" in text or "++" in text or "--" in text)


def divide_statements(text):
    """(where, new text) of each chain of statements; chains that hold a comment are left."""
    code, edits = code_alone(text), []
    for begin, end in statements(code):
        at, governed = behind_control(code[begin:end])
        body = code[begin + at:end]
        commas = flat(body)[1]
        cuts = [-1, *commas, len(body)]
        places = [(a + 1, b) for a, b in zip(cuts, cuts[1:])]
        if not commas or not all(has_effect(body[a:b]) for a, b in places):
            continue
        pieces = [text[begin + at + a:begin + at + b].strip() for a, b in places]
        if any("//" in re.sub(LITERAL, "", piece) for piece in pieces):
            continue
        new = ";\n".join(pieces) + ";"
        edits.append((begin + at, end + 1, "{\n" + new + "\n}" if governed else new))
    return edits


def wrapped(words, room):
    """Lines of at most `room`, as few as can be, and where it costs no line more the last of some length."""
    lines = textwrap.wrap(words, room, break_long_words=False, break_on_hyphens=False)
    for width in range(room, room * 2 // 3, -1):
        other = textwrap.wrap(words, width, break_long_words=False, break_on_hyphens=False)
        if len(other) > len(lines):
            break
        if len(other[-1]) >= 25 and len(other[-1].split()) >= 3:
            return other
    return lines


def stops_short(lines, room):
    if len(lines) < 2:
        return False
    early = any(len(a) + 1 + len(b.split()[0]) <= room - 12 and not a.endswith((".", ":", ";")) for a, b in zip(lines, lines[1:]))
    return len(lines[-1].split()) == 1 or len(lines[-1]) < 14 or early


def fill_comments(text):
    """(where, new text) of each paragraph of a comment that stops short. Tables, lists and equations stay as they are."""
    edits = []
    for block in re.finditer(r"^([ \t]*)(///?)(?: .*)?$(?:\n\1\2(?: .*)?$)*", text, re.M):
        indent, mark = block[1], block[2]
        room = WIDTH - len(indent) - len(mark) - 1
        at, paragraph = block.start(), []
        for line in block[0].split("\n") + [""]:
            words = line[len(indent) + len(mark) + 1:]
            prose = words and not re.search(r"^\s|^[-*|+] |^\d+[.)] |  |^[-=_*#/]{3,}|\+=|clang-format", words)
            if prose:
                paragraph.append(words)
            elif paragraph:
                begin = at - sum(len(indent) + len(mark) + 2 + len(x) for x in paragraph)
                new = wrapped(" ".join(paragraph), room) if stops_short(paragraph, room) else paragraph
                if new != paragraph:
                    edits.append((begin, at - 1, "\n".join(f"{indent}{mark} {x}" for x in new)))
                paragraph = []
            at += len(line) + 1
    return edits


def divided(words, room):
    lines, line = [], ""
    for word in words:
        if line and len(line) + len(word) > room:
            lines.append(line)
            line = ""
        line += word
    return lines + [line]


def fill_literals(text):
    """(where, new text) of each text in several literals that breaks badly. Where each line of it ends a line of output, it stays."""
    edits = []
    off = [(m.start(), text.find("clang-format on", m.start())) for m in re.finditer("clang-format off", text)]
    several = LITERAL + r"(?:[ \t]*\n[ \t]*" + LITERAL + ")+"
    for found in re.finditer(r"//[^\n]*|/\*.*?\*/|" + RAW + r"|'(?:\\.|[^'\\\n])'|(?P<several>" + several + ")|" + LITERAL, text, re.S):
        if not found["several"] or any(a < found.start() < b for a, b in off):
            continue
        pieces = [piece[1:-1] for piece in re.findall(LITERAL, found["several"])]
        whole = "".join(pieces)
        if any(piece.endswith("\\n") for piece in pieces[:-1]) or re.search(r"\\[0-7x]", whole):
            continue
        column = found.start() - text.rfind("\n", 0, found.start()) - 1
        second = found["several"].split("\n")[1]
        indent = len(second) - len(second.lstrip())
        tail = re.match(r"[^\n]*", text[found.end():])[0]
        room, last_room = WIDTH - max(column, indent) - 2, WIDTH - indent - 2 - len(tail)
        early = any((indent if k else column) + 2 + len(a) + len(re.match(r"\s*\S*\s?", b)[0]) <= WIDTH - 10
                    for k, (a, b) in enumerate(zip(pieces, pieces[1:])))
        ends = list(itertools.accumulate(len(piece) for piece in pieces[:-1]))
        torn = any(bracket.start() < end < bracket.end() for bracket in re.finditer(BRACKET, whole) for end in ends)
        if not early and not torn and (len(pieces[-1].split()) != 1 or len(pieces[-1]) >= 16):
            continue
        words = re.findall(WORD, whole)
        most = max(len(divided(words, room)), len(pieces))
        for width in range(room, 20, -1):
            new = divided(words, width)
            if len(new) > most:
                break
            if len(new[-1]) <= last_room and (len(new) == 1 or len(new[-1].split()) > 1 and len(new[-1]) >= 14):
                if new != pieces:
                    edits.append((found.start(), found.end(), ("\n" + " " * indent).join(f'"{piece}"' for piece in new)))
                break
    return edits


CHECKS = {"one statement a line": divide_statements, "a comment stops short": fill_comments, "a literal breaks early": fill_literals}


def sees_faults():
    """Each check on a fault of its kind, and on what looks like one and is none."""
    long = "// " + "word " * 20 + "word\n// word\n"
    literal = 'f("one two "\n  "three four five six seven");'
    bracket = 'f("' + "word " * 17 + 'within (0, "\n  "1) alone and more words behind it");'
    fine = "int a = 1, b = 2;\nfor (; i < n; ++i, x += d) f(a, b);\nstd::map<int, int> m;\nT t(a), u(b);\nreturn f(a), 0;\n"
    return (divide_statements("void f() {\n  a = 1, b.c()[2] += g(x, y);\n}\n") and divide_statements("if (x) ++a, f(b);")
            and fill_comments(long) and fill_literals(literal)
            and fill_literals(bracket) and all("(0, 1)" in new for _, _, new in fill_literals(bracket))
            and not (divide_statements(fine) or fill_comments("// Short.\n// Two short lines of which each ends.\n") or fill_literals('f("a\\n"\n  "b");')))


def main():
    arguments = sys.argv[1:]
    mend = "--mend" in arguments
    folders = [word for word in arguments if word != "--mend"]
    root = folders[0] if folders else os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
    wrong = 0
    for top in TOPS:
        for folder, _, names in sorted(os.walk(os.path.join(root, top))):
            for name in sorted(names):
                if not name.endswith((".cpp", ".hpp")):
                    continue
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8") as file:
                    text = before = file.read()
                for what, check in CHECKS.items():
                    while edits := check(text):
                        wrong += len(edits)
                        for begin, _, _ in edits:
                            print(f"{os.path.relpath(path, root)}:{text.count(chr(10), 0, begin) + 1}: {what}")
                        if not mend:
                            break
                        for begin, end, new in reversed(edits):
                            text = text[:begin] + new + text[end:]
                if text != before:  # others keep their time: what rests on them is not compiled again
                    with open(path, "w", encoding="utf-8") as file:
                        file.write(text)
    if not sees_faults():
        sys.exit("tidy.py: a fault put in on purpose was not seen, or none was")
    if wrong and not mend:
        print(f"{wrong} places; `tests/structure/tidy.py --mend` and clang-format mend them")
    sys.exit(1 if wrong and not mend else 0)


main()
