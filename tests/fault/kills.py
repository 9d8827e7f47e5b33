"""SIGKILL of the runner, of trials or of both at random instants, at least 40 times; an undisturbed run is the truth.

kills.py [--language] TUBAL FOLDER [KILLS] [SEED]. A second process reads every HDF5 file of the study all the time.
"""
import multiprocessing
import pathlib
import random
import subprocess
import time

import study
from study import check


def reader(root, stop, told):
    count, problem = 0, ""
    while not stop.is_set() and not problem:
        try:
            count += study.read_everything(pathlib.Path(root))
        except Exception as e:  # whatever it is, a reader must not meet it
            problem = f"{type(e).__name__}: {e}"
        time.sleep(0.002)
    told.put((count, problem))


def finished(studies):
    """What must never change again: {id: (digest of trial.h5, attempt)} of complete trials."""
    root = studies / "faults" / "trials"
    return {i: (study.digest(root / i / "trial.h5"), row["attempt"])
            for i, row in study.states(studies).items() if row["state"] == "complete"}


def main():
    given = study.arguments()
    folder, wanted, seed = given + ["40", "20260305"][len(given) - 1:]
    folder, wanted = pathlib.Path(folder), int(wanted)
    rng = random.Random(int(seed))
    grid = study.write_grid(folder / "grid.yaml", epochs=study.epochs_for(folder, 0.6))
    began = time.time()
    truth = study.tubal("run", grid, "--studies", folder / "truth")
    check(truth.returncode == 0, "the undisturbed run", truth)
    whole = time.time() - began

    kills = {"runner": 0, "trial": 0, "both": 0}
    rounds = reads = 0
    while sum(kills.values()) < wanted:
        studies = folder / f"round-{rounds}"
        rounds += 1
        stop, told = multiprocessing.Event(), multiprocessing.Queue()
        watcher = multiprocessing.Process(target=reader, args=(str(studies / "faults"), stop, told), daemon=True)
        watcher.start()
        done = {}
        command = [study.TUBAL, "run", str(grid), "--studies", str(studies)]
        while sum(kills.values()) < wanted and len(done) < 4:
            runner = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(rng.uniform(0.02, 0.6 * whole))
            who = rng.choice(list(kills))
            hit = 0
            if who != "trial":
                hit = runner.poll() is None
                runner.kill()
            if who != "runner":
                victims = study.trial_processes(studies)
                hit += study.kill(victims[:1] if who == "trial" else victims)
            kills[who] += hit > 0
            if who == "trial":  # the runner survives and records it; then it is ended, too, to make the next round
                time.sleep(rng.uniform(0.0, 0.2))
                runner.terminate()
            runner.wait()
            study.wait_for_trials(studies)
            if (studies / "faults" / "plan.yaml").exists():
                now = finished(studies)
                for i, facts in done.items():
                    check(now.get(i) == facts, f"finished trial {i} was lost or repeated: {facts} became {now.get(i)}")
                done = now
        last = study.tubal("run", grid, "--studies", studies)
        check(last.returncode == 0, "the run after the kills", last)
        for i, facts in done.items():
            check(finished(studies)[i] == facts, f"finished trial {i} was repeated by the last run")
        stop.set()
        count, problem = told.get()
        watcher.join()
        check(not problem, f"a reader met an error: {problem}")
        reads += count
        study.same_results(folder / "truth" / "faults", studies / "faults")
        sound = study.tubal("verify", studies / "faults")
        check(sound.returncode == 0, "tubal verify of the study", sound)
        leftovers = [p for p in studies.rglob("*") if p.name == "lease" or p.name.endswith(".damaged")]
        check(not leftovers, f"left behind: {leftovers}")
        again = study.tubal("run", grid, "--studies", studies)
        check(again.returncode == 0 and "Nothing to run" in again.stdout, "a second run ran something", again)
    check(all(kills.values()), f"not every kind of kill happened: {kills}")
    check(reads > 0, "the reader read nothing")
    print(f"{sum(kills.values())} kills ({', '.join(f'{n} {who}' for who, n in kills.items())}) in {rounds} studies, seed {seed}: "
          f"every metric, parameter and prediction is bit-identical; {reads} files read meanwhile without an error")


if __name__ == "__main__":
    main()
