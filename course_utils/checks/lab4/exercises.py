"""Lab 4, "Fine-tune on a GPU kernel": one check per exercise, the same for students, hidden tests and self-study.

Functions are checked on small made-up bases, so that a check takes seconds on any machine. The two stages are in ``stages``.
What training at full scale has given is evaluated by the artefact that comes out of it, without training again: ``artefacts``.
"""

import copy
from typing import NamedTuple

import numpy as np

from course_utils.checks import ExerciseCheck, Incorrect, as_number, as_tuple, check_close, describe, exercise, once
from course_utils.checks.common.intervals import check_interval
from course_utils.checks.common.models import as_model, copy_of, output_of, predict
from course_utils.checks.lab4 import made_up
from course_utils.models import find_base, load_base

SHORTCUTS = "A chain of the layers loses the shortcuts between them. keras.Model can start at any tensor of the base."
TOO_FAR = "This is what comes out of that layer: you went one layer too far."
TOO_LATE = "A shortcut leads around that layer, so the two models must meet before it: base.get_layer(first).input."


@exercise(advice={"is not connected to": TOO_LATE})
@made_up.in_float32()
def split_at(check: ExerciseCheck) -> None:
    """Checks ``split_at(base, first)``: two models that do one after the other what the base does.

    Copies of the layers that hold the base's weights are as right as the layers themselves: what is trained and handed in
    is ``top``, and the base is not asked again. They could not be told apart either where models travel as data.
    """
    import keras

    cut, side = find_base("mobilenet_v2").cut, int(check.rng.choice([32, 64]))
    mobilenet = load_base("mobilenet_v2", weights=None, input_shape=(side, side, 3), cut=cut)
    cases = [
        (made_up.residual_base(check.rng), f"block_{int(check.rng.integers(2, 6))}_expand"),
        (mobilenet, f"block_{int(check.rng.integers(8, 13))}_expand"),
    ]
    batches = [check.rng.normal(size=(3, *base.input_shape[1:])).astype(np.float32) for base, _ in cases]

    @once
    def both(number: int) -> tuple:
        base, first = cases[number]
        return as_tuple(check.call(copy_of(base), first), 2, "two things: bottom and top")

    with check.criterion(0.5, "bottom"):
        for number, (base, first) in enumerate(cases):
            check_close(
                output_of(as_model(both(number)[0]), batches[number]),
                _at(base, first, "input", batches[number]),
                f"For {first} your bottom gives",
                "that layer receives",
                wrong=[(TOO_FAR, _at(base, first, "output", batches[number]))],
                look="base.get_layer(first).input is the tensor that bottom has to end with.",
            )
    with check.criterion(0.5, "top"):
        for number, (base, first) in enumerate(cases):
            top, receives = as_model(both(number)[1]), _at(base, first, "input", batches[number])
            try:
                gives = output_of(top, receives)
            except Incorrect:
                if not isinstance(top, keras.Sequential):
                    raise
                said = f"Your top cannot be used on what {first} receives;"
                raise Incorrect(said, "it is a Sequential.", SHORTCUTS) from None
            subject = f"For what {first} receives, your top gives"
            check_close(gives, predict(base, batches[number]), subject, "the base gives", look=SHORTCUTS)
            order = [layer.name for layer in base.layers]
            expected = sum(layer.count_params() for layer in base.layers[order.index(first) :])
            if top.count_params() != expected:
                said = f"Your top has {top.count_params():,} parameters;"
                raise Incorrect(said, f"expected the {expected:,} of {first} and all layers after it, and of no other.")


def _at(base, first: str, end: str, images: np.ndarray) -> np.ndarray:
    """The base's activations at one end of a layer, ``"input"`` or ``"output"``."""
    import keras

    return predict(keras.Model(base.inputs, getattr(base.get_layer(first), end)), images)


BANDS = (((0.32, 0.40), 1e5), ((0.51, 0.59), 0.35), ((0.70, 0.78), 1))
"""Where the chosen model's accuracy on the test scenes may lie, in each of the problems; a fixed interval fits at most one. With each:
by how much its largest scores stand out. It may be the least sure, or so sure that its mistakes make its loss the largest."""


@exercise
def choose_and_report(check: ExerciseCheck) -> None:
    """Checks ``choose_and_report(validation, validation_labels, test, test_labels, test_groups)``."""
    problems = _problems(check.rng)

    @once
    def given(number: int) -> tuple[str, float, float, float]:
        value = check.call(*copy.deepcopy(problems[number]))
        if isinstance(value, list | tuple) and len(value) == 2 and isinstance(value[1], list | tuple):
            value = [value[0], *value[1]]  # (name, (accuracy, low, high))
        name, *numbers = as_tuple(value, 4, "four things: the name, accuracy, low, high")
        if not isinstance(name, str):
            raise Incorrect(f"The name you return is {describe(name)};", "expected text.")
        accuracy, low, high = (as_number(number, "one of your three numbers") for number in numbers)
        if not -1e-9 <= low <= accuracy <= high <= 1 + 1e-9:
            raise Incorrect(
                f"You report {accuracy:.3g}, from {low:.3g} to {high:.3g};",
                "expected low, then accuracy, then high as they grow, all between 0 and 1; return name, accuracy, low, high.",
            )
        name = str.__str__(name)
        if name not in problems[number].validation:
            known = f"expected one of {', '.join(problems[number].validation)}."
            raise Incorrect(f"You choose {name[:60]!r};", known, "The names are the keys of validation, and of test.")
        return name, accuracy, low, high

    with check.criterion(0.5, "chosen"):
        for number, problem in enumerate(problems):
            name, best = given(number)[0], problem.best()
            if name != best:
                raise Incorrect(
                    f"You choose {name!r}, right on {problem.right(name, test=False).mean():.0%} of the validation scenes;",
                    f"expected {best!r}, right on {problem.right(best, test=False).mean():.0%}.",
                    "That one is best on the test scenes. Chosen by them, its accuracy there is no test any more."
                    if name == problem.best(test=True)
                    else "The best one is right most often on the validation scenes; argmax(axis=1) gives the classes.",
                )
    with check.criterion(0.2, "accuracy"):
        for number, problem in enumerate(problems):
            name, accuracy, *_ = given(number)
            expected, on_validation = (float(problem.right(name, test=test).mean()) for test in (True, False))
            if abs(accuracy - expected) > 1e-6:
                raise Incorrect(
                    f"You report {accuracy:.3f};",
                    f"expected {expected:.3f}, the share that {name!r} has right of the test scenes.",
                    "That is its accuracy on the validation scenes, by which it was chosen."
                    if abs(accuracy - on_validation) < 1e-6
                    else "Which scenes has the chosen model right? test[name].argmax(axis=1) == test_labels.",
                )
    with check.criterion(0.3, "interval"):
        for number, problem in enumerate(problems):
            name, _, *ends = given(number)
            check_interval(*ends, problem.right(name, test=True), problem.groups, 0.90)


class _Problem(NamedTuple):
    """Several models' answers to validation and to test scenes: name → scores, in an order of its own for either."""

    validation: dict[str, np.ndarray]
    validation_labels: np.ndarray
    test: dict[str, np.ndarray]
    test_labels: np.ndarray
    groups: np.ndarray

    def right(self, name: str, *, test: bool) -> np.ndarray:
        """Which scenes a model has right."""
        scores, labels = (self.test, self.test_labels) if test else (self.validation, self.validation_labels)
        return scores[name].argmax(axis=1) == labels

    def best(self, *, test: bool = False) -> str:
        """The name of the model that has most of the validation scenes right, or of the test scenes."""
        return max(self.validation, key=lambda name: self.right(name, test=test).mean())


def _problems(rng: np.random.Generator) -> list[_Problem]:
    """One problem for each of ``BANDS``; no name, no place in a dictionary and no number is right in two of them."""
    pool = ["head only", "rate 1e-5", "rate 1e-4", "from the cache", "momentum", "two blocks", "no dropout", "AdamW"]
    names = rng.choice(pool, size=4, replace=False)
    bests, places = rng.permutation(names)[: len(BANDS)], rng.permutation([[0, 3], [1, 2], [2, 1]])
    problems = []
    for best, (place, on_test), which in zip(bests, places, rng.permutation(len(BANDS)), strict=True):
        band, peak = BANDS[which]
        others = rng.permutation(names[names != best])
        share = float(rng.uniform(*band))
        higher = share + float(rng.uniform(0.14, 0.18))
        # The first of the others is best on the test scenes, and second on the validation scenes.
        rest = [float(share - rng.uniform(0.05, 0.15)) for _ in others[1:]]
        on_validation = dict(zip([best, *others], [higher, share, *rest], strict=True))
        on_the_test = dict(zip([best, *others], [share, higher, *rest], strict=True))
        validation, validation_labels, _ = _answers(rng, on_validation, str(best), place, peak)
        test, labels, groups = _answers(rng, on_the_test, str(best), on_test, peak)
        if len(problems) < 2:
            validation[str(others[0])] = _one_behind(rng, validation[str(best)], validation_labels)
        problems.append(_Problem(validation, validation_labels, test, labels, groups))
    return problems


def _one_behind(rng, scores: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Scores of a rival that has one scene fewer right, and is best by the mean over classes: what it gains is of rare ones."""
    order = (np.bincount(labels)[labels] + rng.random(len(labels))).argsort()
    right, rival = (scores.argmax(axis=1) == labels)[order], scores.copy()
    for scenes, step in ((order[~right][:11], -1), (order[right][-12:], 1)):
        rival[scenes] = np.roll(rival[scenes], step, axis=1)
    return rival


def _answers(rng, shares: dict, best: str, place: int, peak: float) -> tuple[dict, np.ndarray, np.ndarray]:
    """Made-up scores of several models on some forty objects of a few scenes each; a model has all scenes of one right, or none.

    The models come in a random order, the ``best`` at its ``place``; its largest scores stand out by ``peak``, the others' by 3.
    """
    order = list(map(str, rng.permutation([other for other in shares if other != best])))
    count = int(rng.integers(36, 46))
    groups = rng.permutation(np.repeat(rng.choice(1000, size=count, replace=False), rng.integers(7, 13, size=count)))
    _, of_object = np.unique(groups, return_inverse=True)
    labels = rng.integers(0, 6, size=count)[of_object]
    scores = {}
    for name in [*order[:place], best, *order[place:]]:
        rank = (
            (np.bincount(of_object) + 5 * rng.random(count)).argsort().argsort()
        )  # large objects are known less often
        known = (rank < round(count * shares[name]))[of_object]
        predicted = np.where(known, labels, (labels + 1) % 6)
        noise = rng.uniform(0, 0.3, size=(len(labels), 6))
        noise[np.arange(len(labels)), predicted] += peak if name == best else 3
        scores[name] = (noise / noise.sum(axis=1, keepdims=True)).astype(np.float32)
    return scores, labels, groups
