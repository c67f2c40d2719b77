"""Lab 4, "Fine-tune on a GPU kernel": one check per exercise, the same for students, hidden tests and self-study.

Functions are judged on small made-up bases, so that a check takes seconds on any machine; what training at full scale has
given is judged by the small artefact that comes out of it (``artefacts``), without training again. The exercises about the
two stages are in ``lab4_stages``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course_utils.checks.common.finetuning import images_and_labels, in_float32, made_up_residual_base, read_pair
from course_utils.checks.common.models import as_model, output_of, predict
from course_utils.checks.common.training import copy_of
from course_utils.checks.core.exercise_check import ExerciseCheck, Incorrect, as_array, describe, finite, in_short, once
from course_utils.checks.core.verdict import Verdict
from course_utils.checks.lab4.artefacts import check_handed_in, check_trained_tensors

SHORTCUTS = "A chain of the layers loses the shortcuts between them. keras.Model can start at any tensor of the base."


# --- 4: the split -----------------------------------------------------------------------------------------------------


def split_at(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``split_at(base, first)``: two models that do one after the other what the base does.

    Copies of the layers that hold the base's numbers are as right as the layers themselves: what is trained and handed in
    is ``top``, and the base is not asked again. They could not be told apart either where models travel as data.
    """
    from course_utils.models.loading import load_base
    from course_utils.models.registry import find_base

    advice = {
        "is not connected to": "A shortcut leads around that layer, so the two models must meet before it: base.get_layer(first).input."
    }
    check = ExerciseCheck("split_at", answer, seed=seed, advice=advice)
    with check, in_float32():
        small, block = made_up_residual_base(check.rng), int(check.rng.integers(2, 6))
        images, _ = images_and_labels(check.rng, 5, 2)
        both = once(lambda: read_pair(check.call(copy_of(small), f"block_{block}_expand"), "bottom and top"))
        with check.criterion(0.35, "bottom gives what the first layer receives"):
            _check_bottom(as_model(both()[0]), small, f"block_{block}_expand", images)
        with check.criterion(0.40, "top, after bottom, gives what the base gives"):
            _check_top(both(), small, f"block_{block}_expand", images)
        with check.criterion(0.25, "MobileNetV2"):
            cut, first = find_base("mobilenet_v2").cut, f"block_{int(check.rng.integers(8, 13))}_expand"
            base = load_base("mobilenet_v2", weights=None, input_shape=(32, 32, 3), cut=cut)
            images = check.rng.normal(size=(2, 32, 32, 3)).astype(np.float32)
            pair = read_pair(check.call(copy_of(base), first), "bottom and top")
            _check_bottom(as_model(pair[0]), base, first, images)
            _check_top(pair, base, first, images)
    return check.verdict()


def _received(base, first: str, images: np.ndarray) -> np.ndarray:
    import keras

    return predict(keras.Model(base.inputs, base.get_layer(first).input), images)


def _alike(given: np.ndarray, expected: np.ndarray) -> bool:
    # Relative to the largest number alone: what comes out of many layers with random weights is tiny.
    limit = 1e-3 * float(np.abs(expected).max())
    return given.shape == expected.shape and np.allclose(given, expected, rtol=1e-3, atol=limit)


def _check_bottom(bottom, base, first: str, images: np.ndarray) -> None:
    expected, given = _received(base, first, images), output_of(bottom, images)
    if _alike(given, expected):
        return
    after = predict(_until(base, first), images)
    raise Incorrect(
        f"For {first} your bottom gives {given.shape}, beginning {in_short(given.reshape(-1)[:3])};",
        f"that layer receives {expected.shape}, beginning {in_short(expected.reshape(-1)[:3])}.",
        "This is what comes out of that layer: you went one layer too far."
        if _alike(given, after)
        else "base.get_layer(first).input is the tensor you want bottom to end with.",
    )


def _until(base, name: str):
    import keras

    return keras.Model(base.inputs, base.get_layer(name).output)


def _check_top(pair: tuple, base, first: str, images: np.ndarray) -> None:
    import keras

    bottom, top = as_model(pair[0]), as_model(pair[1])
    expected = predict(base, images)
    try:
        given = output_of(top, _received(base, first, images))
    except Incorrect:
        if not isinstance(top, keras.Sequential):
            raise
        raise Incorrect(
            f"Your top cannot be used on what {first} receives;", "it is a Sequential.", SHORTCUTS
        ) from None
    total, whole = bottom.count_params() + top.count_params(), base.count_params()
    if not _alike(given, expected):
        raise Incorrect(
            f"Fed with what {first} receives, your top gives {given.shape}, beginning {in_short(given.reshape(-1)[:3])};",
            f"the base gives {expected.shape}, beginning {in_short(expected.reshape(-1)[:3])}.",
            SHORTCUTS,
        )
    if total != whole:
        raise Incorrect(
            f"Bottom and top have {total:,} parameters together;",
            f"expected the base's {whole:,}: no layer in both, none left out.",
        )


# --- 5: choosing and reporting ----------------------------------------------------------------------------------------


BANDS = ((0.32, 0.40), (0.51, 0.59), (0.70, 0.78))
"""Where the chosen model's accuracy on the test scenes may lie, in each of the problems; an interval by heart fits at most one."""


def choose_and_report(answer: object, *, seed: int | None = None) -> Verdict:
    """Judges ``choose_and_report(validation, validation_labels, test, test_labels, test_groups)``."""
    check = ExerciseCheck("choose_and_report", answer, seed=seed)
    with check:
        problems = _problems(check.rng)
        given = once(lambda number: _read_report(check.call(*problems[number].arguments())))
        with check.criterion(0.4, "chosen on the validation scenes"):
            for number, problem in enumerate(problems):
                _check_choice(given(number)[0], problem)
        with check.criterion(0.3, "its accuracy on the test scenes"):
            for number, problem in enumerate(problems):
                _check_reported(given(number)[1], problem)
        with check.criterion(0.3, "an interval that counts cut-outs"):
            for number, problem in enumerate(problems):
                _check_ends(*given(number)[2:], problem)
    return check.verdict()


@dataclass(frozen=True)
class _Problem:
    """Several models' answers to validation and to test scenes: name → scores, in an order of its own for either."""

    validation: dict[str, np.ndarray]
    validation_labels: np.ndarray
    test: dict[str, np.ndarray]
    test_labels: np.ndarray
    groups: np.ndarray

    def arguments(self) -> tuple:
        """What the student's function is given: copies."""
        validation, test = (
            {name: scores.copy() for name, scores in kind.items()} for kind in (self.validation, self.test)
        )
        return validation, self.validation_labels.copy(), test, self.test_labels.copy(), self.groups.copy()

    def right(self, name: str, *, test: bool) -> np.ndarray:
        """Which scenes a model has right."""
        scores, labels = (self.test, self.test_labels) if test else (self.validation, self.validation_labels)
        return scores[name].argmax(axis=1) == labels

    def best(self, *, test: bool = False) -> str:
        """The name of the model that has most of the validation scenes right, or of the test scenes."""
        return max(self.validation, key=lambda name: self.right(name, test=test).mean())


def _problems(rng: np.random.Generator) -> list[_Problem]:
    """One problem for each of ``BANDS``; no name, no place in a dictionary and no number is right in two of them."""
    names = np.array(["head only", "rate 1e-5", "rate 1e-4", "from the cache"])
    bests, places = rng.permutation(names)[: len(BANDS)], rng.permutation([[0, 3], [1, 2], [2, 1]])
    problems = []
    for best, (place, on_test), band in zip(bests, places, rng.permutation(BANDS), strict=True):
        others = rng.permutation(names[names != best])
        share = float(rng.uniform(*band))
        higher = share + float(rng.uniform(0.14, 0.18))
        # The first of the others is best on the test scenes, and second on the validation scenes.
        rest = [float(share - rng.uniform(0.05, 0.15)) for _ in others[1:]]
        on_validation = dict(zip([best, *others], [higher, share, *rest], strict=True))
        on_the_test = dict(zip([best, *others], [share, higher, *rest], strict=True))
        validation, validation_labels, _ = _answers(rng, _in_order(rng, on_validation, str(best), int(place)))
        test, labels, groups = _answers(rng, _in_order(rng, on_the_test, str(best), int(on_test)))
        problems.append(_Problem(validation, validation_labels, test, labels, groups))
    return problems


def _in_order(rng: np.random.Generator, shares: dict[str, float], name: str, place: int) -> dict[str, float]:
    """The same shares in another order, one name at a given place."""
    order = [str(other) for other in rng.permutation([other for other in shares if other != name])]
    return {other: shares[other] for other in [*order[:place], name, *order[place:]]}


def _check_choice(name: str, problem: _Problem) -> None:
    best = problem.best()
    if name == best:
        return
    if name not in problem.validation:
        raise Incorrect(
            f"You choose {name[:60]!r};",
            f"expected one of {', '.join(problem.validation)}.",
            "The names are the keys of the dictionary validation, and of test.",
        )
    raise Incorrect(
        f"You choose {name!r}, right on {problem.right(name, test=False).mean():.0%} of the validation scenes;",
        f"expected {best!r}, right on {problem.right(best, test=False).mean():.0%}.",
        "That one is best on the test scenes. Chosen by them, its accuracy there is no test any more."
        if name == problem.best(test=True)
        else "The best one is right most often on the validation scenes; argmax(axis=1) gives the classes.",
    )


def _check_reported(accuracy: float, problem: _Problem) -> None:
    best = problem.best()
    expected, on_validation = (float(problem.right(best, test=test).mean()) for test in (True, False))
    if abs(accuracy - expected) > 1e-6:
        raise Incorrect(
            f"You report {accuracy:.3f};",
            f"expected {expected:.3f}, the share that {best!r} has right of the test scenes.",
            "That is its accuracy on the validation scenes, by which it was chosen."
            if abs(accuracy - on_validation) < 1e-6
            else "Which scenes has the chosen model right? test[name].argmax(axis=1) == test_labels.",
        )


def _check_ends(low: float, high: float, problem: _Problem) -> None:
    from course_utils.evaluate.statistics import accuracy_interval

    right = problem.right(problem.best(), test=True)
    truth = accuracy_interval(right, problem.groups)
    if max(abs(low - truth.low), abs(high - truth.high)) > 0.04:
        carelessly = accuracy_interval(right, np.arange(len(right)))
        alike = max(abs(low - carelessly.low), abs(high - carelessly.high)) < 0.02
        raise Incorrect(
            f"Your interval runs from {low:.3f} to {high:.3f};",
            f"expected about {truth.low:.3f} to {truth.high:.3f} (90 %).",
            "It takes the scenes for independent; scenes of one cut-out succeed or fail together: give test_groups."
            if alike
            else "accuracy_interval(correct, groups) gives accuracy, low, high.",
        )


def _answers(rng: np.random.Generator, shares: dict[str, float]) -> tuple[dict, np.ndarray, np.ndarray]:
    """Made-up scores of several models on some forty cut-outs of a few scenes each; a model has all scenes of one right, or none."""
    count = int(rng.integers(36, 46))
    groups = rng.permutation(np.repeat(rng.choice(1000, size=count, replace=False), rng.integers(7, 13, size=count)))
    objects, of_object = np.unique(groups, return_inverse=True)
    labels = rng.integers(0, 6, size=count)[of_object]
    scores = {}
    for name, share in shares.items():
        known = (rng.permutation(len(objects)) < round(count * share))[of_object]
        said = np.where(known, labels, (labels + 1) % 6)
        noise = rng.uniform(0, 0.3, size=(len(labels), 6))
        noise[np.arange(len(labels)), said] += 0.5
        scores[name] = (noise / noise.sum(axis=1, keepdims=True)).astype(np.float32)
    return scores, labels, groups


def _read_report(value: object) -> tuple[str, float, float, float]:
    """Reads (name, accuracy, low, high), or (name, (accuracy, low, high))."""
    parts = list(value) if isinstance(value, list | tuple) else []
    if len(parts) == 2 and isinstance(parts[1], list | tuple):
        parts = [parts[0], *parts[1]]
    if len(parts) != 4 or not isinstance(parts[0], str):
        raise Incorrect(f"You return {describe(value)};", "expected four things: the name, accuracy, low, high.")
    numbers = [finite(as_array(part, "one of your numbers"), "your numbers") for part in parts[1:]]
    if any(number.size != 1 for number in numbers):
        raise Incorrect("One of your three numbers is an array;", "expected accuracy, low and high, each one number.")
    accuracy, low, high = (float(number.reshape(())) for number in numbers)
    if not -1e-9 <= low <= accuracy <= high <= 1 + 1e-9:
        raise Incorrect(
            f"You report {accuracy:.3g}, from {low:.3g} to {high:.3g};",
            "expected low, then accuracy, then high as they grow, all between 0 and 1; return name, accuracy, low, high.",
        )
    return str.__str__(parts[0]), accuracy, low, high


# --- 6: what is handed in ---------------------------------------------------------------------------------------------


def trained_tensors(answer: object, artefact: object, *, seed: int | None = None) -> Verdict:
    """Judges ``trained_tensors(model)``, and the artefact that was made with it: scored here, without training again.

    Args:
        answer: the student's function.
        artefact: as ``load_artefact`` returns it, or None when nothing has been trained yet.
        seed: as for every check; with one the scenes are compositions that nobody has seen.
    """
    check = ExerciseCheck("trained_tensors", answer, seed=seed)
    with check, in_float32():
        check_trained_tensors(check)
        check_handed_in(check, artefact)
    return check.verdict()
