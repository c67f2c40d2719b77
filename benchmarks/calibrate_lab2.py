"""Measures how often lab 2's checks are wrong: right answers that lose points, and wrong ones that keep them.

    python benchmarks/calibrate_lab2.py [--secrets 8] [--starts 10]

Right answers are the worked solution and those of authoring/labs/lab2/answers, wrong ones lie there too. A head is trained from
several random starts, and each is evaluated on the hidden scenes of several secrets, as the hidden test does; the other
exercises run their hidden checks as they are. Features of scenes stay in the course's store, so a second run is quicker.
Writes ``benchmarks/results/calibration_lab2.json``.
"""

from __future__ import annotations

import argparse
import sys
import time

import numpy as np
from _machine import REPOSITORY, write_results

sys.path.insert(0, str(REPOSITORY))

from authoring.checking.answers import read_answers
from authoring.checking.lab import Cell, Lab, run_cell
from course_utils.checks import lab2
from course_utils.checks.common.models import output_of, rebuilt
from course_utils.checks.core.quiet import no_stderr
from course_utils.checks.core.seeds import generator
from course_utils.checks.lab2.exercises import head_problem, hidden_scenes
from course_utils.checks.lab2.heads import MOST_CLASSES, predictions_of, scaled_outside, scene_features

CHECKS = {
    "build-extractor": (lab2.build_extractor, ["build_extractor"], {"right": 2, "wrong": 1}),
    "extract-features": (lab2.extract_features, ["extract_features"], {"right": 5, "wrong": 1}),
    "keep-features": (lab2.keep_features, ["pack_features", "unpack_features"], {"right": 50, "wrong": 3}),
    "split": (lab2.split_by_object, ["split_by_object"], {"right": 100, "wrong": 5}),
    "interval": (lab2.accuracy_with_interval, ["accuracy_with_interval"], {"right": 50, "wrong": 3}),
}
"""Answer cell: its check, the names the check takes, and with how many secrets each answer is tried."""

LEARNED_WRONGLY = (
    "head_never_trained",
    "head_on_mixed_up_labels",
    "head_on_the_notebook_s_labels",
    "head_with_a_huge_learning_rate",
)
"""The wrong heads that only the threshold can tell; the others fail by their shape or by what they give."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--secrets", type=int, default=8, help="secrets whose scenes evaluate each head (default 8)")
    parser.add_argument("--starts", type=int, default=10, help="random starts of each head (default 10)")
    arguments = parser.parse_args()
    began = time.perf_counter()
    lab = Lab("lab2")
    exercises = {}
    for cell, (check, taken, secrets) in CHECKS.items():
        exercises[cell] = {"secrets": secrets}
        for kind, answers in both_kinds(lab, cell).items():
            tries = range(secrets[kind])
            exercises[cell][kind] = tally(
                {
                    name: [check(*(names[one] for one in taken), seed=secret).outcome == "right" for secret in tries]
                    for name, names in answers.items()
                }
            )
        report(cell, exercises[cell])
    for cell, check, evaluate, starts in (
        ("train-head", lab2.train_head, evaluate_head, arguments.starts),
        ("train-svm", lab2.train_svm, evaluate_svm, 1),
    ):
        kinds = both_kinds(lab, cell)
        shares, at_home = {}, {}
        for name, names in kinds["right"].items():
            evaluated = [evaluate(names, arguments.secrets, start) for start in range(starts)]
            shares[name] = [share for hidden, _ in evaluated for share in hidden]
            at_home[name] = [share for _, visible in evaluated for share in visible]
        exercises[cell] = {
            "secrets": {"right": arguments.secrets, "wrong": 1},
            "starts": starts,
            "right": tally({name: [share >= lab2.THRESHOLD for share in found] for name, found in shares.items()}),
            "right_in_the_notebook": tally(
                {name: [share >= lab2.VISIBLE_THRESHOLD for share in found] for name, found in at_home.items()}
            ),
            "accuracy": {
                name: {"lowest": round(min(found), 3), "mean": round(float(np.mean(found)), 3)}
                | {"lowest_in_the_notebook": round(min(at_home[name]), 3)}
                for name, found in shares.items()
            },
            "wrong": tally(
                {
                    name: [check(names[check.__name__], seed=0).outcome == "right"]
                    for name, names in kinds["wrong"].items()
                }
            ),
        }
        if cell == "train-head":
            exercises[cell]["nearest_wrong"] = nearest_wrong(kinds["wrong"], arguments.secrets, starts)
        report(cell, exercises[cell])
    totals = {
        f"{kind}_{what}": sum(one[kind][what] for one in exercises.values())
        for kind in ("right", "wrong")
        for what in ("runs", "passed")
    }
    results = {
        "threshold": lab2.THRESHOLD,
        "visible_threshold": lab2.VISIBLE_THRESHOLD,
        "most_classes": MOST_CLASSES,
        "scenes_per_object": lab2.SCENES_PER_OBJECT,
        "training_scenes": len(scene_features("train")[0]),
        **totals,
        "exercises": exercises,
    }
    results["minutes"] = round((time.perf_counter() - began) / 60, 1)
    name = write_results("calibration_lab2", results).name
    print(f"{totals}, {results['minutes']} minutes; written to {name}")
    return 0


def both_kinds(lab: Lab, cell: str) -> dict[str, dict[str, dict]]:
    """For ``"right"`` and ``"wrong"`` the names that each answer to an exercise defines, by the answer's name."""
    [worked] = [one.source for one in lab.cells if one.name == cell]
    sources = {"right": {"the worked solution": worked}, "wrong": {}}
    for answer in read_answers("lab2"):
        if answer.exercise == cell:
            sources["right" if answer.right else "wrong"][answer.name] = answer.source
    found = {}
    for kind, answers in sources.items():
        found[kind] = {}
        for name, source in answers.items():
            names = lab.fresh_names()
            run_cell(Cell(cell, "answer", 0, source), names)
            found[kind][name] = names
    return found


def tally(passed: dict[str, list[bool]]) -> dict:
    """How many runs there were, how many got full marks, and which answers did not always fare alike."""
    runs = sum(map(len, passed.values()))
    return {
        "answers": len(passed),
        "runs": runs,
        "passed": sum(map(sum, passed.values())),
        "mixed": {name: f"{sum(one)} of {len(one)}" for name, one in passed.items() if 0 < sum(one) < len(one)},
    }


def report(cell: str, exercise: dict) -> None:
    right, wrong = exercise["right"], exercise["wrong"]
    print(
        f"{cell:17} right {right['passed']} of {right['runs']}, wrong {wrong['passed']} of {wrong['runs']}", flush=True
    )
    for name, found in exercise.get("accuracy", {}).items():
        print(f"    {name:32} lowest {found['lowest']:.3f}, mean {found['mean']:.3f}", flush=True)
    for name, highest in exercise.get("nearest_wrong", {}).items():
        print(f"    {name:32} highest {highest:.3f} (wrong)", flush=True)


def counted(predicted: np.ndarray, truth: np.ndarray) -> float:
    """The accuracy, or 0 where too few of the classes are ever predicted correctly: such an answer fails too."""
    met = len(np.unique(truth[predicted == truth]))
    return float(np.mean(predicted == truth)) if met >= MOST_CLASSES else 0.0


def evaluate_head(names: dict, secrets: int, start: int) -> tuple[list[float], list[float]]:
    """The accuracy of one trained head on the hidden scenes of each secret, and on those that the notebook's check has."""
    import keras

    features, labels, _ = scene_features("train")
    keras.utils.set_random_seed(start)
    columns, numbers, classes = head_problem(np.random.default_rng(start), features.shape[1])
    with no_stderr():
        head = rebuilt(names["train_head"](features[:, columns], numbers[labels], classes))
        if scaled_outside(lambda rows: output_of(head, rows), features[:, columns], numbers[labels]):
            return [0.0] * secrets, [0.0]  # this would cost a right answer points as well

        def share(unseen: np.ndarray, truth: np.ndarray, _) -> float:
            predicted = output_of(head, unseen[:, columns]).argmax(axis=1)
            return counted(predicted, numbers[truth])

        hidden = [share(*scene_features("test", hidden_scenes(secret))) for secret in range(secrets)]
        return hidden, [share(*scene_features("validation"))]


def nearest_wrong(wrong: dict[str, dict], secrets: int, starts: int) -> dict[str, float]:
    """For each head that is wrong by what it learned, and so found by the threshold, its highest accuracy on hidden scenes."""
    return {
        name: round(max(share for start in range(starts) for share in evaluate_head(wrong[name], secrets, start)[0]), 3)
        for name in LEARNED_WRONGLY
    }


def evaluate_svm(names: dict, secrets: int, start: int) -> tuple[list[float], list[float]]:
    """The accuracy of a fitted machine for each secret, on the test and on the validation scenes; no start matters."""
    features, labels, _ = scene_features("train")
    shares = {"test": [], "validation": []}
    for secret in range(secrets):
        rng = generator("train_svm", secret)
        columns = rng.permutation(features.shape[1])
        renamed = rng.choice(np.arange(10, 100), size=6, replace=False)
        with no_stderr():
            fitted = names["train_svm"](features[:, columns], renamed[labels])
            for split, found in shares.items():
                unseen, truth, _ = scene_features(split)
                predicted = predictions_of(fitted, unseen[:, columns])
                found.append(counted(predicted, renamed[truth]))
    return shares["test"], shares["validation"]


if __name__ == "__main__":
    sys.exit(main())
