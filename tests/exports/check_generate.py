"""`tubal generate` writes whole characters as they come, `tubal predict` tells how likely lines are; wrong input is told.

check_generate.py TUBAL TEST_EXPERIMENTS FOLDER
"""
import csv
import io
import json
import math
import os
import pathlib
import pty
import signal
import subprocess
import time

import study
from study import check

CONTEXT = 8  # of the trial that test_experiments makes


def run(*words, text="", status=0):
    result = subprocess.run([study.TUBAL, *(w if isinstance(w, bytes) else str(w) for w in words)], input=text if isinstance(text, bytes) else text.encode(), capture_output=True)
    result.stdout, result.stderr = result.stdout.decode(), result.stderr.decode()  # fails where a character is broken
    check(result.returncode == status, f"tubal {words} with `{text[:60]}`", result)
    check(status != 2 or result.stderr.startswith("tubal: ") and result.stderr.count("\n") <= 2, f"tubal {words}: its message", result)
    return result


def check_samples(trial):
    three = [json.loads(line) for line in run("generate", trial, "--prompt", "der ", "--samples", 3, "--seed", 5, "--tokens", 50, "--json").stdout.splitlines()]
    check([s["sample"] for s in three] == [0, 1, 2] and all(s["prompt"] == "der " and s["seed"] == 5 for s in three), f"samples: {three}")
    check(all(s["tokens"] == len(s["text"]) and (s["tokens"] == 50 or s["ended"]) for s in three), "a token a character")
    one = json.loads(run("generate", trial, "--prompt", "der ", "--seed", 5, "--tokens", 50, "--json").stdout)
    check(one == three[0], "the first sample depends on the number of samples")
    plain = run("generate", trial, "--prompt", "der ", "--seed", 5, "--tokens", 50, "--samples", 3).stdout
    check(plain == "---\n".join("der " + s["text"] + "\n" for s in three), f"plain text and JSON differ:\n{plain}")
    check(run("generate", trial, "--seed", 5, "--tokens", 50, "--samples", 3, text="der \n").stdout == plain, "the prompt on standard input")
    greedy = run("generate", trial, "--prompt", "der ", "--temperature", 0, "--seed", 1).stdout
    check(all(run("generate", trial, "--prompt", "der ", *o).stdout == greedy for o in (["--temperature", "0", "--seed", "2"], ["--top-k", "1"], ["--top-p", "1e-9"])),
          "temperature 0, top-k 1 and a tiny top-p are the argmax")
    for options in (["--temperature", "3"], ["--top-k", "3"], ["--top-p", "0.5"], ["--prompt", ""], ["--top-k", "100000"]):
        check(run("generate", trial, *options).stdout != "", f"generate {options}")
    long = run("generate", trial, "--prompt", "der fuß läuft. " * 30, "--tokens", 5)
    check(f"sees the last {CONTEXT}" in long.stderr and long.stdout.startswith("der fuß läuft. " * 30), "a prompt beyond the context", long)
    check(len(run("generate", trial, "--tokens", 1, "--prompt", "d").stdout) == 3, "one token")


def check_likelihoods(trial):
    sample = json.loads(run("generate", trial, "--prompt", "", "--seed", 2, "--tokens", 40, "--json").stdout)
    lines = ["der fuß läuft.", "", sample["text"].replace("\n", " "), "così è – naïve!", "zzz", "der fuß 🦊 läuft. " * 20]
    text = "\n".join(lines) + "\n"
    answers = [json.loads(line) for line in run("predict", trial, "--json", text=text).stdout.splitlines()]
    table = [line.split("\t") for line in run("predict", trial, text=text).stdout.splitlines()]
    head, *rows = csv.reader(io.StringIO(run("predict", trial, "--csv", text=text).stdout), strict=True)
    check(head == list(answers[0]) == ["log_probability", "tokens", "per_token", "bits_per_byte"], f"columns: {head}")
    check(table == rows and len(rows) == len(lines), "the table and CSV differ")
    for line, answer, row in zip(lines, answers, rows):
        check([json.dumps(answer[key]).replace("null", "nan") for key in head] == row, f"`{line}`: JSON {answer} and CSV {row} differ")
        check(answer["tokens"] == len(line), f"`{line}`: a token a character")
        if line:
            check(answer["log_probability"] < 0 and math.isclose(answer["per_token"], answer["log_probability"] / len(line)), f"`{line}`: {answer}")
            check(math.isclose(answer["bits_per_byte"], -answer["log_probability"] / math.log(2) / len(line.encode())), f"`{line}`: {answer}")
    check(answers[1] == {"log_probability": 0.0, "tokens": 0, "per_token": None, "bits_per_byte": None}, f"an empty line: {answers[1]}")
    if "\n" not in sample["text"]:
        check(math.isclose(sample["log_probability"], answers[2]["log_probability"], rel_tol=1e-4), "a sample's own likelihood")
    alone = [json.loads(run("predict", trial, "--json", "--batch", 1, text=line + "\n").stdout) for line in lines]
    check(all(math.isclose(a["log_probability"], b["log_probability"], rel_tol=1e-5, abs_tol=1e-12) for a, b in zip(alone, answers)), "lines alone and together")
    check("1 line with tokens that the model does not know" in run("predict", trial, text=text).stderr, "unknown characters are told")
    bad = run("predict", trial, text=b"der\ncaf\xe9\n", status=2)
    check(len(bad.stdout.splitlines()) == 1 and "standard input:2:" in bad.stderr and "byte 4" in bad.stderr, "text in another encoding", bad)
    both = run("predict", trial, "--csv", "--json", status=2)
    check("give one" in both.stderr, "two forms", both)


def check_wrong_input(trial, folder):
    """Each: options, standard input, what the message must have."""
    for options, text, words in (
        (["--prompt", "der Fuß"], "", ["`F` (U+0046)", "byte 5", "none of the"]),
        (["--prompt", "der 🐍"], "", ["`🐍` (U+1F40D)", "byte 5"]),
        ([], "der Fuß", ["standard input", "U+0046"]),
        (["--prompt", b"caf\xe9"], "", ["--prompt", "byte 4", "UTF-8"]),
        ([], b"caf\xe9", ["standard input", "byte 4", "UTF-8"]),
        ([], "der " * (1 << 19), ["standard input", "1048576 bytes"]),
        (["--temperature", "nan"], "", ["temperature", "nan", "0 or more"]),
        (["--temperature", "-1"], "", ["temperature", "-1", "0 or more"]),
        (["--temperature", "inf"], "", ["temperature", "inf"]),
        (["--top-k", "0"], "", ["top-k", "found 0", "1 to"]),
        (["--top-k", "-3"], "", ["top-k", "found -3"]),
        (["--top-p", "0"], "", ["top-p", "found 0"]),
        (["--top-p", "1.5"], "", ["top-p", "1.5", "at most 1"]),
        (["--top-p", "nan"], "", ["top-p", "nan"]),
        (["--tokens", "0"], "", ["--tokens", "found 0", "1 to"]),
        (["--samples", "0"], "", ["--samples", "found 0"]),
        (["--seed", "-1"], "", ["--seed", "found -1", "0 to"]),
        (["--tokens", "many"], "", ["many"]),
        (["--temprature", "1"], "", ["temprature", "temperature"]),
    ):
        result = run("generate", trial, *options, text=text, status=2)
        check(result.stdout == "" and all(word in result.stderr for word in words), f"generate {options}: {words}", result)
    # Trials that are none, have no model, or are classifiers.
    check("STUDY/TRIAL" in run("generate", "nothing", status=2).stderr, "no trial")
    (folder / "grid.yaml").write_text("study: classes\ndata: {name: synthetic, synthetic: {train: 60, test: 20, words: 30, length: 8}, max_length: 8}\n"
                                      "model: {width: 8, depth: 1, heads: 2, p: 2}\ntraining: {epochs: 1}\n")
    result = study.tubal("run", folder / "grid.yaml", "--studies", folder / "studies")
    check(result.returncode == 0, "tubal run", result)
    classifier = next((folder / "studies" / "classes" / "trials").iterdir())
    check("tubal predict" in run("generate", classifier, "--prompt", "a", status=2).stderr, "a classifier's trial")
    status = json.loads((classifier / "status.json").read_text())
    (classifier / "status.json").write_text(json.dumps({**status, "state": "interrupted"}))
    check("it is interrupted" in run("generate", classifier, "--prompt", "a", status=2).stderr, "a trial without a model")
    model = trial / "model.safetensors"
    whole = model.read_bytes()
    model.write_bytes(whole[:-50] + bytes([whole[-50] ^ 1]) + whole[-49:])
    check("model.safetensors" in run("generate", trial, "--prompt", "d", status=1).stderr, "a damaged model")
    model.write_bytes(whole)


def check_stream(trial):
    """As they come: the first characters stand long before the last; signals and closed pipes end it cleanly."""
    endless = [study.TUBAL, "generate", str(trial), "--prompt", "der ", "--tokens", "1000000000", "--samples", "1000000"]
    for number in (signal.SIGINT, signal.SIGTERM):
        process = subprocess.Popen(endless, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        first = os.read(process.stdout.fileno(), 5)
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        text = (first + out).decode()  # fails where a character is broken
        check(process.returncode == 75 and text.startswith("der ") and text.endswith("\n") and err == b"", f"signal {number}: {process.returncode} {err}")
    process = subprocess.Popen(endless, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    os.read(process.stdout.fileno(), 100)
    process.stdout.close()
    check(process.wait(60) == -signal.SIGPIPE and process.stderr.read() == b"", f"a closed pipe: {process.returncode}")
    with open("/dev/full", "w") as full:
        lost = subprocess.run([*endless[:-2]], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    check(lost.returncode == 1 and "cannot write to standard output" in lost.stderr, f"a full disk: {lost.returncode} {lost.stderr}")
    # Waiting for its prompt it ends at once; a terminal is not waited for.
    process = subprocess.Popen([study.TUBAL, "generate", str(trial)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    check(process.wait(60) == 75, f"SIGINT while it waits for a prompt: {process.returncode}")
    terminal, end = pty.openpty()
    result = subprocess.run([study.TUBAL, "generate", str(trial), "--tokens", "5"], stdin=end, capture_output=True, timeout=60)
    check(result.returncode == 0 and result.stdout, "no prompt on a terminal", result)
    # In a terminal each piece that is written is whole characters.
    terminal, end = pty.openpty()
    process = subprocess.Popen(endless, stdout=end, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
    os.close(end)
    pieces = [os.read(terminal, 1 << 16) for _ in range(20)]
    process.send_signal(signal.SIGINT)
    while True:
        try:
            if not os.read(terminal, 1 << 16):
                break
        except OSError:  # the other end is closed
            break
    check(process.wait(60) == 75, "SIGINT in a terminal")
    b"".join(pieces[:-1]).decode()
    check(len(pieces) == 20, "a piece at a time")


def main():
    tests, folder = study.arguments()
    folder = pathlib.Path(folder)
    trial = folder / "trial"
    made = subprocess.run([tests, "a language model's trial for scripts"], env={**os.environ, "TUBAL_TEST_TRIAL": str(trial)}, capture_output=True, text=True)
    check(made.returncode == 0, "a trial", made)
    check_samples(trial)
    check_likelihoods(trial)
    check_wrong_input(trial, folder)
    check_stream(trial)
    print("samples, likelihoods, wrong input and interrupted texts of a language model")


if __name__ == "__main__":
    main()
