"""Lab 6, "Your own images": one check per exercise, the same for students, hidden tests and self-study.

The functions are judged on made-up paths, labels and answers, and the two stages on EfficientNet-Lite0 itself. What a
student hands in, the model and the images it was held out from, is judged by predicting with the model once more. The exercises
about the network are in ``lab6_models``, and what is handed in at the end in ``lab6_handed_in``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

import numpy as np

from course_utils.checks.common.splits import (
    check_accuracy,
    check_complete,
    check_interval,
    check_no_leak,
    check_seed,
    check_shares,
    made_up_answers,
    made_up_scenes,
)
from course_utils.checks.core.exercise_check import ExerciseCheck, Incorrect, as_array, describe, finite, once
from course_utils.checks.core.verdict import Verdict
from course_utils.checks.lab6.models import in_lab_6_s_words

# --- 1: objects -------------------------------------------------------------------------------------------------------


def objects_of(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``objects_of(paths)``: images of the same object → the same number."""
    check = ExerciseCheck("objects_of", answer, seed=seed)
    with check:
        paths = _made_up_paths(check.rng)
        given = once(lambda: _read_numbers(check.call(list(paths)), len(paths)))
        with check.criterion(0.2, "one number for each image"):
            given()
        with check.criterion(0.3, "views of one object get the same number"):
            _check_not_trivial(given())
            apart = _pairs(paths, given(), same_object=True)
            if apart:
                raise Incorrect(
                    f"{apart[0]} and {apart[1]} get different numbers;",
                    "expected one: they show the same object.",
                    "Everything before the last hyphen of the file's name says which object it is.",
                )
        with check.criterion(0.3, "different objects get different numbers"):
            _check_not_trivial(given())
            joined = _pairs(paths, given(), same_object=False)
            if joined:
                same_name = _stem(joined[0]) == _stem(joined[1])
                raise Incorrect(
                    f"{joined[0]} and {joined[1]} get the same number;",
                    "expected two: these are different objects.",
                    "They lie in different folders: the class belongs to the object's name."
                    if same_name
                    else "A name may hold several hyphens, and only the last one counts: rsplit('-', 1).",
                )
        with check.criterion(0.2, "in the order of the paths"):
            order = check.rng.permutation(len(paths))
            shuffled = [paths[i] for i in order]
            numbers = _read_numbers(check.call(list(shuffled)), len(shuffled))
            if _pairs(shuffled, numbers, same_object=True) or _pairs(shuffled, numbers, same_object=False):
                raise Incorrect(
                    "With the paths in another order your numbers do not follow;",
                    "expected the number at a position to belong to the path at that position.",
                )
    return check.verdict()


def _made_up_paths(rng: np.random.Generator) -> list[str]:
    """Paths with everything that a naming rule can meet: hyphens in names, two classes with one name, a single view."""
    things = rng.choice(["mug", "tea-pot", "old-red-chair", "lamp2", "box"], size=4, replace=False)
    paths = []
    for kind in ("kitchen", "garage"):
        for thing in things:
            views = int(rng.integers(2, 5))
            paths += [f"{kind}/{thing}-{view}.jpg" for view in range(1, views + 1)]
        paths.append(f"{kind}/{rng.choice(['broom', 'vase'])}.png")
    paths += ["garage/tea-kettle-1.jpg", "garage/tea-towel-1.jpg"]
    return [paths[i] for i in rng.permutation(len(paths))]


def _check_not_trivial(numbers: np.ndarray) -> None:
    """One number for all is never apart where it should be one, and one for each never joined: neither earns a part."""
    different = len(np.unique(numbers))
    if different in (1, len(numbers)):
        raise Incorrect(
            f"You give {different} different number{'s' * (different > 1)} to {len(numbers)} images;",
            "expected one for each object.",
            "Everything before the last hyphen of the file's name says which object it is.",
        )


def _stem(path: str) -> str:
    stem = PurePosixPath(path).stem
    return stem.rsplit("-", 1)[0]


def _object(path: str) -> tuple[str, str]:
    return PurePosixPath(path).parent.name, _stem(path)


def _pairs(paths: list[str], numbers: np.ndarray, *, same_object: bool) -> tuple[str, str] | None:
    """The first two images that are of one object but not of one number, or the other way round."""
    seen: dict = {}
    for path, number in zip(paths, numbers.tolist(), strict=True):
        key, value = (_object(path), number) if same_object else (number, _object(path))
        before, path_before = seen.setdefault(key, (value, path))
        if before != value:
            return path_before, path
    return None


def _read_numbers(value: object, count: int) -> np.ndarray:
    array = as_array(value, "what you return")
    if array.shape != (count,):
        raise Incorrect(f"For {count} paths you return {describe(value)};", "expected one number for each of them.")
    return array


# --- 2: the split -----------------------------------------------------------------------------------------------------


def split_by_object(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``split_by_object(labels, groups, seed)``: positions to train on, positions held out."""
    check = ExerciseCheck("split_by_object", answer, seed=seed)
    with check:
        labels, groups = made_up_scenes(check.rng)
        first = int(check.rng.integers(1000))
        given = once(lambda number: check.call(labels.copy(), groups.copy(), number))
        with check.criterion(0.2, "every image in one part"):
            in_lab_6_s_words(check_complete, given(first), groups)
        with check.criterion(0.4, "no object on both sides"):
            in_lab_6_s_words(check_no_leak, given(first), groups)
        with check.criterion(0.2, "about a quarter held out, every class on both sides"):
            in_lab_6_s_words(check_no_leak, given(first), groups)
            in_lab_6_s_words(check_shares, given(first), labels, groups)
        with check.criterion(0.2, "the seed decides"):
            in_lab_6_s_words(check_no_leak, given(first), groups)
            again = check.call(labels.copy(), groups.copy(), first)
            in_lab_6_s_words(check_seed, given(first), again, [given(first + 1), given(first + 2)], len(labels))
    return check.verdict()


# --- 5: judging -------------------------------------------------------------------------------------------------------


def judge(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``judge(probabilities, labels, groups, training_labels)``: accuracy, low, high, majority."""
    check = ExerciseCheck("judge", answer, seed=seed)
    with check:
        probabilities, labels, groups = made_up_answers(check.rng)
        # The class that is commonest in training is not the commonest among what was held out.
        counts = np.bincount(labels, minlength=probabilities.shape[1])
        common, rare = int(counts.argmax()), int(counts.argmin())
        training = check.rng.permutation(np.r_[np.repeat(rare, 90), np.repeat(np.arange(len(counts)), 20)])
        right = probabilities.argmax(axis=1) == labels
        majority = float(np.mean(labels == rare))
        given = once(
            lambda: _read_four(check.call(probabilities.copy(), labels.copy(), groups.copy(), training.copy()))
        )
        with check.criterion(0.25, "accuracy"):
            in_lab_6_s_words(check_accuracy, given()[:3], probabilities, labels, groups)
        with check.criterion(0.35, "an interval that counts objects"):
            in_lab_6_s_words(check_interval, given()[:3], right, groups, 0.90)
        with check.criterion(0.40, "what the majority class would reach"):
            if abs(given()[3] - majority) > 1e-6:
                peeked = abs(given()[3] - float(np.mean(labels == common))) < 1e-6
                in_training = abs(given()[3] - float(np.mean(training == rare))) < 1e-6
                look = (
                    "Somebody who always says the commonest class of the training part: how often is that right here?"
                )
                if peeked:
                    look = "That is the commonest class of the held-out part, which nobody knows beforehand. " + look
                elif in_training:
                    look = "That is its share of the training part. " + look
                raise Incorrect(f"You give {given()[3]:.3f} for the majority class;", f"expected {majority:.3f}.", look)
    return check.verdict()


def _read_four(value: object) -> tuple[float, ...]:
    if isinstance(value, Mapping) or not hasattr(value, "__len__") or len(value) != 4:
        raise Incorrect(f"You return {describe(value)};", "expected four numbers: accuracy, low, high, majority.")
    numbers = finite(
        np.array([float(as_array(one, "one of your numbers").reshape(())) for one in value]), "your numbers"
    )
    if numbers.max() > 1.001:
        raise Incorrect(f"Your largest number is {numbers.max():.3g};", "expected shares from 0 to 1, not percentages.")
    return tuple(numbers.tolist())
