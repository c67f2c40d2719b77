"""Lab 6, "Your own images": one check per exercise, the same for students, hidden tests and self-study.

The functions are checked on made-up paths, labels and answers, and the two stages on EfficientNet-Lite0 itself. What a
student hands in, the model and the images it was held out from, is evaluated by predicting with the model once more. The
exercises about the network are in ``stages``, and what is handed in at the end in ``handed_in``.
"""

from __future__ import annotations

from pathlib import PurePosixPath

import numpy as np

from course_utils.checks import ExerciseCheck, Incorrect, as_array, check_shape, exercise, once
from course_utils.checks.common.intervals import check_accuracy, check_interval, made_up_answers, read_shares
from course_utils.checks.common.splits import check_split, labels_and_groups


@exercise
def objects_of(check: ExerciseCheck) -> None:
    """Checks ``objects_of(paths)``: images of the same object → the same number."""
    paths = _made_up_paths(check.rng)
    given = once(lambda: _read_numbers(check.call(list(paths)), len(paths)))
    with check.criterion(0.2, "one number for each image"):
        given()
    with check.criterion(0.3, "images of one object get the same number"):
        _check_not_trivial(given())
        if apart := _pair(paths, given(), same_object=True):
            raise Incorrect(
                f"{apart[0]} and {apart[1]} get different numbers;", "expected one: they show the same object.", NAMED
            )
    with check.criterion(0.3, "different objects get different numbers"):
        _check_not_trivial(given())
        if joined := _pair(paths, given(), same_object=False):
            raise Incorrect(
                f"{joined[0]} and {joined[1]} get the same number;",
                "expected two: these are different objects.",
                "They lie in different folders: the class belongs to the object's name."
                if _object(joined[0])[1] == _object(joined[1])[1]
                else "A name may hold several hyphens, and only the last one counts: rsplit('-', 1).",
            )
    with check.criterion(0.2, "in the order of the paths"):
        shuffled = [paths[i] for i in check.rng.permutation(len(paths))]
        numbers = _read_numbers(check.call(list(shuffled)), len(shuffled))
        if any(_pair(shuffled, numbers, same_object=same) for same in (True, False)):
            raise Incorrect(
                "With the paths in another order your numbers do not follow;",
                "expected the number at a position to belong to the path at that position.",
            )


NAMED = "Everything before the last hyphen of the file's name says which object it is."


def _made_up_paths(rng: np.random.Generator) -> list[str]:
    """Paths with everything that a naming rule can meet: hyphens in names, two classes with one name, a single image."""
    names = rng.choice(["mug", "tea-pot", "old-red-chair", "lamp2", "box"], size=4, replace=False)
    paths = []
    for kind in ("kitchen", "garage"):
        for name in names:
            paths += [f"{kind}/{name}-{number}.jpg" for number in range(1, int(rng.integers(2, 5)) + 1)]
        paths.append(f"{kind}/{rng.choice(['broom', 'vase'])}.png")
    paths += ["garage/tea-kettle-1.jpg", "garage/tea-towel-1.jpg"]
    return [paths[i] for i in rng.permutation(len(paths))]


def _check_not_trivial(numbers: np.ndarray) -> None:
    """One number for all is never apart where it should be one, and one for each never joined: neither earns a criterion."""
    different = len(np.unique(numbers))
    if different in (1, len(numbers)):
        raise Incorrect(
            f"You give {different} different number{'s' * (different > 1)} to {len(numbers)} images;",
            "expected one for each object.",
            NAMED,
        )


def _object(path: str) -> tuple[str, str]:
    return PurePosixPath(path).parent.name, PurePosixPath(path).stem.rsplit("-", 1)[0]


def _pair(paths: list[str], numbers: np.ndarray, *, same_object: bool) -> tuple[str, str] | None:
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
    check_shape(array, (count,), f"For {count} paths, each of which gets one number, you return an array of shape")
    return array


@exercise
def split_by_object(check: ExerciseCheck) -> None:
    """Checks ``split_by_object(labels, groups, seed)``: positions to train on, positions held out."""
    sets = [labels_and_groups(check.rng)]
    first = int(check.rng.integers(1000))
    check_split(check, sets, [first, first + 1, first + 2])


@exercise
def judge(check: ExerciseCheck) -> None:
    """Checks ``judge(probabilities, labels, groups, training_labels)``: accuracy, low, high, majority."""
    made_up = made_up_answers(check.rng)
    probabilities, labels, groups = made_up
    # The majority class of the training part is not that of what was held out.
    counts = np.bincount(labels, minlength=probabilities.shape[1])
    common, rare = int(counts.argmax()), int(counts.argmin())
    training = check.rng.permutation(np.r_[np.repeat(rare, 90), np.repeat(np.arange(len(counts)), 20)])
    right = probabilities.argmax(axis=1) == labels
    majority = float(np.mean(labels == rare))

    @once
    def given() -> list[float]:
        value = check.call(*(array.copy() for array in (*made_up, training)))
        return read_shares(value, "accuracy", "low", "high", "majority")

    with check.criterion(0.25, "accuracy"):
        check_accuracy(given()[0], *made_up)
    with check.criterion(0.35, "an interval that counts objects"):
        check_interval(*given()[1:3], right, groups, 0.90)
    with check.criterion(0.40, "what the majority class would reach"):
        if abs(given()[3] - majority) > 1e-6:
            look = "Take the majority class of the training part: how often is it the right one here?"
            if abs(given()[3] - float(np.mean(labels == common))) < 1e-6:
                look = "That is the majority class of the held-out part, which nobody knows beforehand. " + look
            elif abs(given()[3] - float(np.mean(training == rare))) < 1e-6:
                look = "That is its share of the training part. " + look
            raise Incorrect(f"You give {given()[3]:.3f} for the majority class;", f"expected {majority:.3f}.", look)
