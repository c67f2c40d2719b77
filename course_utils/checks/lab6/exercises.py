"""Lab 6, "Your own images": one check per exercise, the same for students, hidden tests and self-study.

The functions are checked on made-up paths, labels and predictions, and the two stages on EfficientNet-Lite0 itself. What a
student hands in, the model and the images it was held out from, is evaluated by predicting with the model once more. The
exercises about the network are in ``stages``, what is handed in at the end in ``handed_in``, and its card in ``card``.
"""

from pathlib import PurePosixPath

import numpy as np

from course_utils.checks import ExerciseCheck, Incorrect, as_array, check_shape, exercise, once
from course_utils.checks.common.intervals import check_accuracy, check_interval, made_up_answers, read_shares
from course_utils.checks.common.splits import check_split, labels_and_groups

NAMED = "Everything before the last hyphen of the file's name says which object it is."


@exercise
def objects_of(check: ExerciseCheck) -> None:
    """Checks ``objects_of(paths)``: images of the same object → the same integer."""
    paths = _made_up_paths(check.rng)

    @once
    def given() -> np.ndarray:
        numbers = as_array(check.call(list(paths)), "what you return")
        check_shape(numbers, (len(paths),), f"For {len(paths)} paths, each of which gets one integer, you return shape")
        different = len(np.unique(numbers))
        # One integer for all is never apart where it should be one, and one for each never joined: no merit in either.
        if different in (1, len(numbers)):
            said = f"You give {different} different integer{'s' * (different > 1)} to {len(numbers)} images;"
            raise Incorrect(said, "expected one for each object.", NAMED)
        return numbers

    with check.criterion(0.4, "same object"):
        for one, other in _pairs(given(), joined=False):
            if _object(paths[one]) == _object(paths[other]):
                raise Incorrect(
                    f"{paths[one]} and {paths[other]} get different integers;",
                    "expected one: they show the same object.",
                    NAMED,
                )
    for title, same_name, look in (
        ("last hyphen", False, "A name may hold several hyphens, and only the last one counts: rsplit('-', 1)."),
        ("folders", True, "They lie in different folders: the class belongs to the object's name."),
    ):
        with check.criterion(0.3, title):
            for one, other in _pairs(given(), joined=True):
                (folder, name), (other_folder, other_name) = _object(paths[one]), _object(paths[other])
                if (folder != other_folder) if same_name else (folder == other_folder and name != other_name):
                    raise Incorrect(
                        f"{paths[one]} and {paths[other]} get the same integer;",
                        "expected two: these are different objects.",
                        look,
                    )


def _made_up_paths(rng: np.random.Generator) -> list[str]:
    """Paths with everything that a naming rule can meet: hyphens in names, classes with one name, a single image."""
    names = rng.choice(["mug", "tea-pot", "old-red-chair", "lamp2", "box", "jar-with-lid"], size=4, replace=False)
    paths = []
    for kind in rng.choice(["wine-cellar", "tool-shed"]), rng.choice(["kitchen", "garage"]):
        for name in names:
            # Past 9, so that numbers of one and of two digits occur.
            paths += [f"{kind}/{name}-{number}.jpg" for number in range(8, 8 + int(rng.integers(3, 6)))]
        paths += [f"{kind}/broom.2.png", f"{kind}/broom.3.png"]
        first, *others = rng.choice(["kettle", "towel", "spoon"], size=2, replace=False)
        paths += [f"{kind}/set-{other}-1.jpg" for other in (first, *others)]
    for between in ("", "-", "_", " "):  # folder and name, joined by this, are the same for two objects
        paths += [f"{kind}/{names[0]}{between}{names[1]}-1.jpg", f"{kind}{between}{names[0]}/{names[1]}-1.jpg"]
    return [paths[i] for i in rng.permutation(len(paths))]


def _object(path: str) -> tuple[str, str]:
    return PurePosixPath(path).parent.name, PurePosixPath(path).stem.rsplit("-", 1)[0]


def _pairs(numbers: np.ndarray, *, joined: bool) -> np.ndarray:
    """All pairs of positions that have one number, or that have two: integers (pairs, 2)."""
    alike = numbers[:, None] == numbers[None, :]
    return np.argwhere(np.triu(alike == joined, k=1))


@exercise
def split_by_object(check: ExerciseCheck) -> None:
    """Checks ``split_by_object(labels, groups, seed)``: positions to train on, positions held out."""
    check_split(check, [labels_and_groups(check.rng)])


@exercise
def evaluate_predictions(check: ExerciseCheck) -> None:
    """Checks ``evaluate_predictions(probabilities, labels, groups, training_labels)``: accuracy, low, high, baseline."""
    problems = [made_up_answers(check.rng)]
    while abs(_accuracy(*problems[-1]) - _accuracy(*problems[0])) < 0.12:  # no constant fits two such
        problems[1:] = [made_up_answers(check.rng)]
    # The most frequent class of the training part is not that of what was held out.
    counts = [np.bincount(labels, minlength=scores.shape[1]) for scores, labels, _ in problems]
    training = [
        check.rng.permutation(np.r_[np.repeat(some.argmin(), 90), np.repeat(np.arange(len(some)), 20)])
        for some in counts
    ]

    @once
    def given(number: int) -> list[float]:
        value = check.call(*(array.copy() for array in (*problems[number], training[number])))
        return read_shares(value, "accuracy", "low", "high", "baseline")

    with check.criterion(0.30, "accuracy"):
        for number, problem in enumerate(problems):
            check_accuracy(given(number)[0], *problem)
    with check.criterion(0.35, "interval"):
        for number, (scores, labels, groups) in enumerate(problems):
            check_interval(*given(number)[1:3], scores.argmax(axis=1) == labels, groups, 0.90)
    with check.criterion(0.35, "baseline"):
        for number, (_, labels, _) in enumerate(problems):
            check_baseline(given(number)[3], labels, training[number])


def _accuracy(probabilities: np.ndarray, labels: np.ndarray, _) -> float:
    return float(np.mean(probabilities.argmax(axis=1) == labels))


def check_baseline(given: float, labels: np.ndarray, training: np.ndarray, *, tolerance: float = 1e-6) -> None:
    """Complains unless a share is that of the training part's most frequent class among the labels held out."""
    frequent = int(np.bincount(training).argmax())
    expected = float(np.mean(labels == frequent))
    if abs(given - expected) > tolerance:
        look = "Take the most frequent class of the training part: how often is it the right one here?"
        if abs(given - np.bincount(labels).max() / len(labels)) <= tolerance:
            look = "That is the most frequent class of the held-out part, which nobody knows in advance. " + look
        elif abs(given - np.mean(training == frequent)) <= tolerance:
            look = "That is its share of the training part. " + look
        raise Incorrect(f"You give {given:.3f} for the majority-class baseline;", f"expected {expected:.3f}.", look)
