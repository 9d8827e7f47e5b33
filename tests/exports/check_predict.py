"""`tubal predict` gives trial.h5's own predictions; models are gathered whole; wrong input is told and loses nothing.

check_predict.py TUBAL FOLDER
"""
import csv
import io
import json
import os
import pathlib
import random
import shutil
import struct
import subprocess

import h5py
import numpy as np

import study
from study import check

CLASSES = ["game, board", "naïve \"art\"", "été"]  # names that need quoting
GRID = """study: texts
data: {name: csv, train: train.csv, test: test.csv, text: review, label: kind, max_length: 12, tokenizer: {vocabulary: 60}}
model: {width: 16, depth: 1, heads: 4, p: 4}
training: {epochs: 2, batch_size: 16, optimizer: {learning_rate: 3e-3}}
seeds: {first: 0, count: 1}
sweep:
  - grid: {model.transform: [dct, dft]}
  - set: {data.tokenizer.kind: sentencepiece, data.truncation: head_tail}
    grid: {model.p: [1]}
  - set: {model.kind: bag_of_words}
    grid: {training.epochs: [1]}
baseline: {model.p: 1}
"""


def write_texts(path, n, rng):
    """Words by class, some that occur once, capitals, accents, marks, quotes, commas; none, few or too many."""
    texts = []
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["kind", "review"])
        for i in range(n):
            k = rng.randrange(3)
            words = [rng.choice([f"word{k}{rng.randrange(8)}", f"Common{rng.randrange(9)}", f"rare{rng.randrange(10**6)}", "É'té!", "film, \"art\"", "<br />"])
                     for _ in range(rng.choice([1, 5, 9, 30]))]
            texts.append(" ".join(words) if i % 50 else "")
            out.writerow([CLASSES[k], texts[-1]])
    return texts


def predict(name, text, *options, studies, status=0):
    result = subprocess.run([study.TUBAL, "predict", name, "--studies", str(studies), *options],
                            input=text if isinstance(text, bytes) else text.encode(), capture_output=True)
    result.stdout, result.stderr = result.stdout.decode(), result.stderr.decode()
    check(result.returncode == status, f"predict {name} {options}", result)
    return result


def header_of(path):
    data = path.read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    return json.loads(data[8:8 + size]), data[8 + size:]


def without_vocabulary(trial):
    """The model as an earlier version wrote it, status.json with its new digest."""
    header, data = header_of(trial / "model.safetensors")
    for key in ("tokenizer", "classes"):
        del header["__metadata__"][key]
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)
    (trial / "model.safetensors").write_bytes(struct.pack("<Q", len(head)) + head + data)
    status = json.loads((trial / "status.json").read_text())
    status["files"]["model.safetensors"] = study.digest(trial / "model.safetensors")
    (trial / "status.json").write_text(json.dumps(status))


def check_models(studies, folder, trials):
    out = folder / "models-out"
    result = study.tubal("export", "texts", "--studies", studies, "--safetensors", "--output", out)
    check(result.returncode == 0, "tubal export --safetensors", result)
    with open(out / "models" / "models.csv", newline="") as file:
        index = {row["id"]: row for row in csv.DictReader(file, strict=True)}
    check(set(index) == set(trials), f"models.csv names {set(index)}")
    for name, trial in trials.items():
        path = out / "models" / index[name]["file"]
        check(path.read_bytes() == (trial / "model.safetensors").read_bytes(), f"{path} is not the trial's model")
        check(path.name.endswith(f"_seed0_{name}.safetensors") and all(part.split("=")[0] in path.name for part in index[name]["cell"].split()), f"{path.name}: no cell")
        header, data = header_of(path)
        at = 0  # tensors tile the data, each as large as its shape says
        for key, tensor in sorted(((k, t) for k, t in header.items() if k != "__metadata__"), key=lambda item: item[1]["data_offsets"]):
            check(tensor["dtype"] == "F32" and tensor["data_offsets"][0] == at, f"{name}: {key}: {tensor}")
            at += 4 * int(np.prod(tensor["shape"]))
            check(tensor["data_offsets"][1] == at, f"{name}: {key}: {tensor}")
        check(at == len(data) and np.isfinite(np.frombuffer(data, "<f4")).all(), f"{name}: {at} bytes of tensors, {len(data)} of data")
        check(at == 4 * int(index[name]["parameters_total"]), f"{name}: {at // 4} parameters, the table says {index[name]['parameters_total']}")
        with h5py.File(trial / "trial.h5") as file:
            check(float(index[name]["test_accuracy"]) == file.attrs["test_accuracy"], f"{name}: accuracy in models.csv")
    one = min(trials)
    result = study.tubal("export", "texts", "--studies", studies, "--safetensors", "--trial", one[:8], "--output", folder / "one")
    check(result.returncode == 0 and len(list((folder / "one" / "models").glob("*.safetensors"))) == 1, "--trial", result)
    bad = study.tubal("export", "texts", "--studies", studies, "--safetensors", "--trial", "zzzz", "--output", folder / "none")
    check(bad.returncode == 2 and "zzzz" in bad.stderr and not (folder / "none").exists(), "an unknown trial", bad)


def main():
    folder = pathlib.Path(study.arguments()[0])
    os.environ["TUBAL_CACHE"] = str(folder / "cache")
    rng = random.Random(20260305)
    write_texts(folder / "train.csv", 300, rng)
    texts = write_texts(folder / "test.csv", 150, rng)
    (folder / "grid.yaml").write_text(GRID)
    studies = folder / "studies"
    result = study.tubal("run", folder / "grid.yaml", "--studies", studies)
    check(result.returncode == 0, "tubal run", result)
    trials = {path.name: path for path in (studies / "texts" / "trials").iterdir()}
    check(len(trials) == 4, f"{len(trials)} trials")
    kinds = set()

    # Neither the data nor the cache are needed.
    (folder / "aside").mkdir()
    for name in ("train.csv", "test.csv", "cache"):
        shutil.move(folder / name, folder / "aside" / name)
    told = study.states(studies, "texts")
    for name, trial in trials.items():
        with h5py.File(trial / "trial.h5") as file:
            check(told[name]["test_accuracy"] == file.attrs["test_accuracy"] == np.mean(file["test/label"][()] == file["test/prediction"][()]), f"{name}: its accuracy")
            names = file["test/class_name"].asstr()[()]
            labels = [names[i] for i in file["test/prediction"][()]]
            probability, true = file["test/probability"][()], file["test/label"][()]
            check(set(names) == set(CLASSES) and len(true) == 150, f"{name}: its classes")
        kinds.add(json.loads(header_of(trial / "model.safetensors")[0]["__metadata__"]["tokenizer"])["kind"])
        answer = predict(f"texts/{name[:6]}", "\n".join(texts) + "\n", studies=studies)
        rows = [line.split("\t") for line in answer.stdout.splitlines()]
        check([row[0] for row in rows] == labels, f"{name}: classes differ from trial.h5's")
        check([float(row[1]) for row in rows] == list(probability), f"{name}: probabilities differ from trial.h5's")
        check("cut after 12 tokens" in answer.stderr and "without a word" in answer.stderr, f"{name}: notes: {answer.stderr}")
        lines = predict(f"texts/{name}", "\n".join(texts), "--json", studies=studies).stdout.splitlines()
        answers = [json.loads(line) for line in lines]
        head, *table = csv.reader(io.StringIO(predict(f"texts/{name}", "\n".join(texts), "--csv", studies=studies).stdout), strict=True)
        check(head == ["label", "probability", *("probability of " + c for c in answers[0]["probabilities"])], f"{name}: CSV's head {head}")
        digits = [json.loads(line, parse_float=str) for line in lines]  # as they stand
        check([row[1] for row in rows] == [row[1] for row in table] == [d["probability"] for d in digits] and [row[0] for row in table] == labels
              and [row[2:] for row in table] == [list(d["probabilities"].values()) for d in digits], f"{name}: the table, CSV and JSON differ in a digit")
        check([a["label"] for a in answers] == labels and [a["probability"] for a in answers] == list(probability), f"{name}: --json is not trial.h5, bit by bit")
        check(all(abs(sum(a["probabilities"].values()) - 1) < 1e-12 and max(a["probabilities"], key=a["probabilities"].get) == a["label"] for a in answers), f"{name}: probabilities")
        # One at a time and in another order: the same up to rounding.
        order = rng.sample(range(150), 150)
        alone = [json.loads(line)["probability"] for line in predict(str(trial), "\n".join(texts[i] for i in order), "--json", "--batch", "1", studies=studies).stdout.splitlines()]
        check(np.abs(np.array(alone) - probability[order]).max() <= 1e-5, f"{name}: {np.abs(np.array(alone) - probability[order]).max()} apart in another order")
    check(kinds == {"word", "sentencepiece"}, f"kinds of tokenizers: {kinds}")
    check_models(studies, folder, trials)

    # What may come through a pipe.
    name, trial = min(trials.items())
    named = f"texts/{name}"
    check(predict(named, "", studies=studies).stdout == "", "no line at all")
    check(len(predict(named, "\n\n word01 \r\n\n", studies=studies).stdout.splitlines()) == 4, "empty lines have answers, too")
    bad = predict(named, b"word01 word02\nword01\ncaf\xe9\nword01\n", studies=studies, status=2)
    check(len(bad.stdout.splitlines()) == 2 and "standard input:3:" in bad.stderr and "byte 4" in bad.stderr and "UTF-8" in bad.stderr, "text in another encoding", bad)
    long = predict(named, "word01 é" * (1 << 18) + "\nword01\n", studies=studies)
    check(len(long.stdout.splitlines()) == 2 and "longer than 1048576 bytes" in long.stderr, "a line of two megabytes", long)
    check(len(predict(named, "a\0b\nword01\n", studies=studies).stdout.splitlines()) == 2, "a zero byte")
    with open("/dev/full", "w") as full:
        lost = subprocess.run([study.TUBAL, "predict", named, "--studies", str(studies)], input="word01\n", text=True, stdout=full, stderr=subprocess.PIPE)
    check(lost.returncode == 1 and "cannot write to standard output: No space left on device" in lost.stderr, f"a full disk: {lost.returncode} {lost.stderr}")

    # Names that are none, trials without a model, models that are damaged.
    for wrong, word in (("texts", "STUDY/TRIAL"), ("texts/zzzz", "zzzz"), ("text/" + name, "texts"), ("texts/", "STUDY/TRIAL")):
        check(word in predict(wrong, "", studies=studies, status=2).stderr, f"predict {wrong}")
    (folder / "planned").mkdir()
    shutil.copytree(trial, folder / "planned" / "trials" / name)
    status = json.loads((trial / "status.json").read_text())
    (folder / "planned" / "trials" / name / "status.json").write_text(json.dumps({**status, "state": "interrupted"}))
    check("it is interrupted" in predict(str(folder / "planned" / "trials" / name), "", studies=studies, status=2).stderr, "a trial without a model")
    shutil.copytree(studies, folder / "damaged")
    model = folder / "damaged" / "texts" / "trials" / name / "model.safetensors"
    data = bytearray(model.read_bytes())
    data[-100] ^= 1
    model.write_bytes(data)
    check("model.safetensors" in predict(named, "", studies=folder / "damaged", status=1).stderr, "a damaged model")
    bad = study.tubal("export", "texts", "--studies", folder / "damaged", "--safetensors")
    check(bad.returncode == 1 and "damaged" in bad.stderr and not (folder / "damaged" / "texts" / "export").exists(), "export of a damaged model", bad)

    # A model from before vocabularies were stored: the data set's, if it is the same one.
    before = predict(named, "\n".join(texts), studies=studies).stdout
    without_vocabulary(trial)
    lost = predict(named, "", studies=studies, status=2)
    check("without the vocabulary" in lost.stderr and "test.csv: no such file" in lost.stderr, "the data are not there", lost)
    for part in ("train.csv", "test.csv"):
        shutil.copy(folder / "aside" / part, folder / part)
    check(predict(named, "\n".join(texts), studies=studies).stdout == before, "the data set's vocabulary")
    with open(folder / "train.csv", "a") as file:
        file.write('été,one more\n')
    check("trained on other data" in predict(named, "", studies=studies, status=1).stderr, "changed data")
    print(f"{len(trials)} trials ({', '.join(sorted(kinds))}): every prediction of trial.h5 again from the model alone")


if __name__ == "__main__":
    main()
