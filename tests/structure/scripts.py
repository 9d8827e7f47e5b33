#!/usr/bin/python3
"""scripts.py FOLDER: whether the report's scripts are modules that say what they use.

Each file imports from files whose names stand before its own, exports in one statement, and uses no name of another file that it
does not import. Exits 1 naming file and line where one does. It reads JavaScript's tokens, not its grammar: a name that a file
declares anywhere counts as its own in all of that file.
"""
import os
import re
import sys

TOKEN = re.compile(r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)|(?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|(?P<name>[A-Za-z_$][\w$]*)
                       |(?P<number>\.?\d[\w.]*)|(?P<sign>=>|\.\.\.|\?\.|\?\?=?|[-+*/%&|^=!<>]=+|&&=?|\|\|=?|\+\+|--|[-{}()\[\];,<>+*%&|^!~?:=.@#])""", re.S | re.X)
REGEX = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+/\w*")
IMPORT = re.compile(r'import \{([^}]*)\} from "\./([\w.]+)";')
EXPORT = re.compile(r"^export \{([^}]*)\};", re.M)
WORDS = set("""break case catch class const continue default delete do else export extends finally for from function if import in
               instanceof let new of return super switch this throw try typeof var void while with yield async await null true false undefined""".split())


def tokens(text, at=0, line=1, end=None):
    """(kind, text, line) of every name, sign, number and string; what stands in `${}` of a template as well."""
    found = []
    while at < len(text):
        if end and not found_open(found) and text[at] == end:
            return found, at + 1, line
        if text[at] == "`":
            start, at = line, at + 1
            while text[at] != "`":
                if text.startswith("${", at):
                    inner, at, line = tokens(text, at + 2, line, "}")
                    found += [("sign", "(", start), *inner, ("sign", ")", line)]
                    continue
                line += text[at] == "\n"
                at += 2 if text[at] == "\\" else 1
            at += 1
            found.append(("string", "`", start))
            continue
        before = found[-1] if found else ("sign", ";", 0)
        value = before[0] in ("number", "string") or before[1] in (")", "]", "}") or (before[0] == "name" and before[1] not in WORDS)
        match = TOKEN.match(text, at)
        if text[at] == "/" and not (match and match.lastgroup == "space"):
            match = None if value else REGEX.match(text, at)
            kind, token = ("string", match[0]) if match else ("sign", "/")
        elif match:
            kind, token = match.lastgroup, match[0]
        else:
            raise ValueError(f"line {line}: {text[at:at + 20]!r} is no token that this reader knows")
        if kind != "space":
            found.append((kind, token, line))
        line += token.count("\n")
        at += len(token)
    return found, at, line


def found_open(found):
    return sum((t in "{") - (t in "}") for kind, t, _ in found if kind == "sign" and t in "{}") > 0


def closing(all, i, step):
    """Of the bracket at i, its partner's position, forwards or backwards."""
    depth = 0
    while True:
        depth += (all[i][1] in ("(", "[", "{")) - (all[i][1] in (")", "]", "}")) if all[i][0] == "sign" else 0
        if depth == 0:
            return i
        i += step


def pattern_names(all, first, last):
    """Names that a pattern or a list of parameters binds: those before a comma, a bracket's end or a default."""
    return {all[i][1] for i in range(first, last) if all[i][0] == "name" and all[i + 1][1] in (",", ")", "]", "}", "=")
            and all[i - 1][1] not in (".", "?.", "=")}


def declared(all):
    names = set()
    for i, (kind, token, _) in enumerate(all):
        if kind == "name" and token in ("const", "let", "var"):
            j, expect = i + 1, True
            while j < len(all) and all[j][1] not in (";", "of", "in"):
                if all[j][1] in ("(", "[", "{"):
                    end = closing(all, j, 1)
                    if expect:
                        names |= pattern_names(all, j, end)
                    j = end
                elif expect and all[j][0] == "name":
                    names.add(all[j][1])
                expect = all[j][1] == ","
                j += 1
        elif kind == "name" and token in ("function", "class") and all[i + 1][0] == "name":
            names.add(all[i + 1][1])
        if kind == "name" and token == "function":
            start = next(j for j in range(i, len(all)) if all[j][1] == "(")
            names |= pattern_names(all, start, closing(all, start, 1))
        elif token == "=>" and all[i - 1][0] == "name":
            names.add(all[i - 1][1])
        elif token == "=>" and all[i - 1][1] == ")":
            names |= pattern_names(all, closing(all, i - 1, -1), i - 1)
        elif kind == "name" and token == "catch":
            names.add(all[i + 2][1])
    return names


def used(all):
    """Names that are read, with the line of the first time: no members and no keys."""
    found = {}
    for i, (kind, token, line) in enumerate(all):
        if kind != "name" or token in WORDS or (i and all[i - 1][1] in (".", "?.")):
            continue
        if i + 1 < len(all) and all[i + 1][1] == ":" and i and all[i - 1][1] in ("{", ","):
            continue
        found.setdefault(token, line)
    return found


def words(text):
    return [word.strip() for word in text.split(",") if word.strip()]


def check(texts):
    """What is wrong, in words; nothing where the modules keep to their word."""
    wrong, exports = [], {}
    for name in sorted(texts):
        statements = EXPORT.findall(texts[name])
        if len(statements) > 1 or texts[name].count("export ") != len(statements):
            wrong.append(f"{name}: exports otherwise than by one `export {{ ... }};`, which is all that embed.cmake knows")
        exports[name] = words(statements[0]) if statements else []
    top = {word: name for name in exports for word in exports[name]}
    for name in sorted(texts):
        imports = {}
        for names, source in IMPORT.findall(texts[name]):
            if source not in texts or source >= name:
                wrong.append(f"{name}: imports from {source}, which does not stand before it in the order of the names")
            for word in words(names):
                imports[word] = source
                if word not in exports.get(source, []):
                    wrong.append(f"{name}: imports {word}, which {source} does not export")
        if texts[name].count("import ") != len(IMPORT.findall(texts[name])):
            wrong.append(f"{name}: imports otherwise than by `import {{ ... }} from \"./file.js\";`, which is all that embed.cmake knows")
        code = EXPORT.sub("", IMPORT.sub(lambda m: "\n" * m[0].count("\n"), texts[name]))
        all, _, _ = tokens(code)
        own, reads = declared(all), used(all)
        for word in sorted(imports):
            if word not in reads:
                wrong.append(f"{name}: imports {word} and does not use it")
        for word in exports[name]:
            if word not in own:
                wrong.append(f"{name}: exports {word}, which it does not declare")
        for word, line in sorted(reads.items(), key=lambda item: item[1]):
            if word in top and top[word] != name and word not in own and word not in imports:
                wrong.append(f"{name}:{line}: uses {word} of {top[word]}; import it")
    return wrong


def sees_faults():
    """One fault of each kind in small modules, so that silence means something."""
    good = {"1.js": "const one = 1;\nexport { one };\n", "2.js": 'import { one } from "./1.js";\nconst two = (x) => `${one + x}`;\nexport { two };\n'}
    faults = [{"2.js": "const two = () => `${one}`;\nexport { two };\n"}, {"2.js": 'import { one } from "./1.js";\n'},
              {"1.js": 'import { two } from "./2.js";\nconst one = two;\nexport { one };\n'}, {"1.js": "export const one = 1;\n"},
              {"1.js": "const uno = 1;\nexport { one };\n"}, {"2.js": 'import { none } from "./1.js";\nnone();\n'},
              {"2.js": 'import * as one from "./1.js";\none;\n'}, {"3.js": "const f = (x) => (x ? two : { two: 2 }).two;\n"}]
    return not check(good) and all(check({**good, **fault}) for fault in faults)


def main(folder):
    texts = {}
    for name in os.listdir(folder):
        if name.endswith(".js"):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                texts[name] = file.read()
    wrong = check(texts)
    print("\n".join(wrong) or f"{len(texts)} scripts import all that they use of each other")
    if not sees_faults():
        sys.exit("scripts.py: a fault put in on purpose was not seen")
    sys.exit(1 if wrong or not texts else 0)


if __name__ == "__main__":
    main(sys.argv[1])
