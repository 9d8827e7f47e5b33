"""What bash, zsh and fish complete is what the program takes: completion.py TUBAL FOLDER, where FOLDER has the three files."""
import os
import re
import sys
import tempfile

import help
import shells

TUBAL, FILES = map(os.path.abspath, sys.argv[1:])
commands, keys = help.commands(TUBAL), help.keys(TUBAL)
home = tempfile.TemporaryDirectory(prefix="tubal-completion-")
os.environ["HOME"] = home.name
os.chdir(home.name)
for trial in ("studies/imdb/trials/3fa9c1d0", "studies/imdb/trials/88aa02", "elsewhere/far/trials/77bb"):
    os.makedirs(trial)
    open(f"{trial}/config.yaml", "w").close()
    open(f"{trial}/../../plan.yaml", "w").close()
os.makedirs("studies/imdb/trials/half")  # no trial
os.makedirs("studies/none")              # no study
for name, text in (("grid.yaml", "study: imdb   # the study\n"), ("imdb.yaml", ""), ("case.h5", ""), ("own.so", "")):
    with open(name, "w") as file:
        file.write(text)

# (line, words that must be all there is or None, words that must be there, words that must not)
cases = [("tubal ", None, list(commands), ["--set"])]
for name, command in commands.items():
    cases.append((f"tubal {name} --", [f"--{option}" for option in command.options], [], []))
for shown in ("run --set ", "plan --sweep ", "submit --set ", "bench --set "):
    cases.append((f"tubal {shown}", None, [f"{key}=" for key in keys if not key.endswith("NAME")], ["--set"]))
chosen = 0
for key, allowed in keys.items():
    words = re.sub(r"^list of one or more of |^\"\", ", "", allowed).replace("true or false", "true, false").split(", ")
    if all(re.fullmatch(r"[a-z][a-z0-9_]*", word) for word in words) and len(words) > 1:
        chosen += 1
        cases.append((f"tubal run --set {key}=", words, [], []))
        if not allowed.startswith("list"):
            cases.append((f"tubal run grid.yaml --sweep {key}={words[0]},{words[1][:2]}", [w for w in words if w.startswith(words[1][:2])], [], []))
transforms = re.findall(r"^([a-z]\w+)  ", help.ask(TUBAL, "transforms", "--p", "2", "--width", "2").split("\n\n")[1], re.M)[1:]
cases += [
    ("tubal transforms --show ", transforms, [], []),
    ("tubal run --set model.transform=ha", ["hartley", "haar", "hadamard"], [], []),
    ("tubal run --set model.stack=attention,m", ["mixer"], [], []),
    ("tubal run grid.yaml --set model.norm_k", None, ["model.norm_kind="], ["model.norm="]),
    ("tubal re", ["report", "retry"], [], []),
    ("tubal run ", None, ["grid.yaml", "imdb.yaml", "imdb"], ["none"]),
    ("tubal compare ", None, ["imdb"], ["none", "far", "half"]),
    ("tubal compare --studies elsewhere ", None, ["far"], ["imdb"]),
    ("tubal compare --studies=elsewhere ", None, ["far"], ["imdb"]),
    ("tubal predict imdb/3", None, ["3fa9c1d0"], ["88aa02", "half"]),
    ("tubal ablate studies/imdb/", None, ["3fa9c1d0", "88aa02"], ["half"]),
    ("tubal run grid.yaml --only ", ["3fa9c1d0", "88aa02"], [], []),
    ("tubal run imdb.yaml --only 3", ["3fa9c1d0"], [], []),
    ("tubal retry --studies elsewhere far --only ", ["77bb"], [], []),
    ("tubal bench --mode ", ["training", "inference", "generation"], [], []),
    ("tubal bench --mode=t", ["training"], [], []),
    ("tubal bench --precision ", ["float", "bf16"], [], []),
    ("tubal ablate imdb --at ", ["output", "residual", "input"], [], []),
    ("tubal report imdb --metric ", ["accuracy", "loss", "perplexity", "bits_per_byte"], [], []),
    ("tubal submit --engine ", ["slurm", "local"], [], []),
    ("tubal plan --plugin o", None, ["own.so"], ["case.h5"]),
    ("tubal verify c", None, ["case.h5"], ["grid.yaml"]),
    ("tubal run --studies e", None, ["elsewhere"], ["grid.yaml"]),
]
assert len(cases) > 80 and chosen >= 20 and len(transforms) >= 11, (len(cases), chosen, transforms)


def wrong(shell, case, answer):
    line, all_of, some, none = case
    answer = [word.rstrip("/") for word in answer]
    last = line.split(" ")[-1]
    if "," in last:
        answer = [word.rsplit(",", 1)[-1] for word in answer]
    if "/" in last:
        answer = [word.rsplit("/", 1)[-1] for word in answer]
    if shell == "zsh":  # lists -h beside --help
        answer = [word for word in answer if not re.fullmatch("-[a-zA-Z]", word)]
    if all_of is not None and sorted(set(answer)) != sorted(all_of):
        return f"{shell}: `{line}`: {' '.join(answer)}; wanted {' '.join(all_of)}"
    lost, extra = set(some) - set(answer), set(none) & set(answer)
    if lost or extra:
        return f"{shell}: `{line}`: {' '.join(answer)[:300]}; missing {lost or '-'}, too much {extra or '-'}"


failures = []
for name, shell in shells.installed(FILES).items():
    answers = shell.ask([case[0] for case in cases])
    assert len(answers) >= len(cases), f"{name}: {len(answers)} answers to {len(cases)} lines"
    found = [w for w in (wrong(name, case, answer) for case, answer in zip(cases, answers)) if w]
    print(f"{name}: {len(cases)} lines, {len(found)} wrong", *found, sep="\n")
    failures += found

# The real thing: keys typed into bash, one of them the tabulator.
bash = shells.Terminal("bash", "--norc", "--noprofile", "-i")
bash.talk(f"bind 'set enable-bracketed-paste off'; source {FILES}/tubal.bash; tubal() {{ echo \"GOT $*\"; }}; echo BE''GUN\n", "BEGUN")
typed = bash.talk("tubal run --set model.activation=sw\t--sweep model.transform=haar,cosine_p\tgr\t\necho DO''NE\n", "DONE")
if "GOT run --set model.activation=swiglu --sweep model.transform=haar,cosine_product grid.yaml" not in typed:
    failures.append(typed)
    print(f"typed into bash: {typed}")
os.write(bash.end, b"exit\n")
bash.close()
for shell in ("zsh", "fish"):
    if shell not in shells.installed(FILES):
        print(f"{shell} is not installed: not tried")
sys.exit(bool(failures))
