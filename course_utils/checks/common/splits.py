"""Whether scenes are split without a leak, and whether an accuracy comes with an honest interval."""

from __future__ import annotations

import numpy as np

from course_utils.checks.core.exercise_check import Incorrect, as_array, describe, finite

FEWEST_HELD_OUT, MOST_HELD_OUT = 0.12, 0.40
"""Share of the scenes that a split may hold out. A quarter is asked for, and few cut-outs cannot be cut to measure."""


def made_up_scenes(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Labels and groups of scenes that do not exist: a few classes, objects with 2 to 6 scenes each, in random order.

    Returns:
        ``(labels, groups)``, int64 (N,) each; the numbers of the groups are large and have gaps.
    """
    classes = int(rng.integers(3, 6))
    objects = rng.integers(8, 14, size=classes)
    of_object = np.repeat(np.arange(classes), objects)
    names = rng.choice(10_000, size=len(of_object), replace=False)
    order = rng.permutation(np.repeat(np.arange(len(of_object)), rng.integers(2, 7, size=len(of_object))))
    return of_object[order].astype(np.int64), names[order].astype(np.int64)


def read_split(value: object, number: int) -> tuple[np.ndarray, np.ndarray]:
    """Reads a pair (train, held out) of positions from 0 to ``number`` - 1; masks of True and False will do too."""
    pair = value if isinstance(value, list | tuple) else None
    if pair is None or len(pair) != 2:
        raise Incorrect(f"You return {describe(value)};", "expected a pair: positions to train on, positions held out.")
    parts = []
    for part, what in zip(pair, ("your first array", "your second array"), strict=True):
        array = as_array(part, what)
        if array.dtype == bool and array.shape == (number,):
            array = np.flatnonzero(array)
        if array.ndim != 1 or array.size == 0 or not np.array_equal(array, array.astype(np.int64)):
            raise Incorrect(
                f"{what[:1].upper()}{what[1:]} is {describe(part)};", "expected a row of whole numbers, at least one."
            )
        parts.append(array.astype(np.int64))
    return parts[0], parts[1]


def check_complete(value: object, groups: np.ndarray) -> None:
    """Complains unless every scene is in exactly one of the two parts."""
    number = len(groups)
    train, held_out = read_split(value, number)
    both = np.concatenate([train, held_out])
    if both.min() < 0 or both.max() >= number:
        named = "These look like the groups' own numbers: " if np.isin(both, groups).all() else ""
        raise Incorrect(
            f"For {number} scenes your positions run from {both.min()} to {both.max()};",
            f"expected 0 to {number - 1}.",
            f"{named}return positions of scenes, as np.flatnonzero gives them." if named else "",
        )
    twice = len(both) - len(np.unique(both))
    missing = number - len(np.unique(both))
    if twice:
        raise Incorrect(
            f"{twice} of your {len(both)} positions come more than once;",
            "expected every scene in one part only.",
            "Were the scenes shuffled anew between taking the first part and taking the second? Draw once, then divide.",
        )
    if missing:
        raise Incorrect(f"{missing} of {number} scenes are in neither part;", "expected every scene in one of them.")


def check_no_leak(value: object, groups: np.ndarray) -> None:
    """Complains when some cut-out has scenes on both sides."""
    train, held_out = read_split(value, len(groups))
    if max(train.max(), held_out.max()) >= len(groups):
        check_complete(value, groups)
    shared = np.intersect1d(groups[train], groups[held_out])
    if len(shared):
        raise Incorrect(
            f"{len(shared)} of {len(np.unique(groups))} cut-outs have scenes on both sides (cut-out {shared[0]} has "
            f"{np.sum(groups[train] == shared[0])} and {np.sum(groups[held_out] == shared[0])});",
            "expected all scenes of a cut-out on one side.",
            "Divide the cut-outs, np.unique(groups), and let the scenes follow: np.isin(groups, chosen) says which do.",
        )


def check_shares(value: object, labels: np.ndarray, groups: np.ndarray) -> None:
    """Complains unless about a quarter is held out and every class is on both sides."""
    train, held_out = read_split(value, len(groups))
    if max(train.max(), held_out.max()) >= len(groups):
        check_complete(value, groups)
    share = len(held_out) / len(groups)
    for side, index in (("to train on", train), ("held out", held_out)):
        absent = np.setdiff1d(labels, labels[index])
        if len(absent):
            raise Incorrect(
                f"No scene {side} is of class {', '.join(map(str, absent))};",
                "expected every class on both sides.",
                "Divide the cut-outs of each class by themselves.",
            )
    if not FEWEST_HELD_OUT <= share <= MOST_HELD_OUT:
        swapped = "The part to train on comes first." if 1 - MOST_HELD_OUT <= share <= 1 - FEWEST_HELD_OUT else ""
        raise Incorrect(f"You hold out {share:.0%} of the scenes;", "expected about a quarter.", swapped)


def check_seed(first: object, again: object, others: list[object], number: int) -> None:
    """Complains unless a seed decides the split: the same one gives it again, others give others."""
    held_out = np.sort(read_split(first, number)[1])
    if not np.array_equal(held_out, np.sort(read_split(again, number)[1])):
        raise Incorrect(
            "Two calls with the same seed hold out different scenes;",
            "expected the same.",
            "np.random.default_rng(seed), made inside the function, starts anew on every call.",
        )
    if all(np.array_equal(held_out, np.sort(read_split(other, number)[1])) for other in others):
        raise Incorrect("Whatever the seed, the same scenes are held out;", "expected other ones for another seed.")


def made_up_answers(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Probabilities, labels and groups of a model that does not exist: some objects it knows, some it does not.

    Returns:
        ``(probabilities, labels, groups)``: float64 (N, classes) whose largest number is often below one half, int64
        (N,), int64 (N,). Large groups are harder than small ones, so that a mean over groups is another number.
    """
    classes, objects = int(rng.integers(5, 9)), int(rng.integers(55, 75))
    sizes = rng.integers(2, 9, size=objects)
    ease = np.clip(rng.beta(0.6, 0.35, size=objects) - 0.06 * (sizes - 5), 0.02, 0.98)
    groups = rng.permutation(np.repeat(np.arange(objects), sizes))
    labels = rng.integers(classes, size=objects)[groups]
    right = rng.random(len(groups)) < ease[groups]
    chosen = np.where(right, labels, (labels + rng.integers(1, classes, size=len(groups))) % classes)
    scores = rng.random((len(groups), classes))
    scores[np.arange(len(groups)), chosen] = scores.max(axis=1) + rng.uniform(0.05, 2.0, size=len(groups))
    names = rng.choice(10_000, size=objects, replace=False)
    return scores / scores.sum(axis=1, keepdims=True), labels.astype(np.int64), names[groups].astype(np.int64)


def read_interval(value: object) -> tuple[float, float, float]:
    """Reads (accuracy, low, high)."""
    if not isinstance(value, list | tuple | np.ndarray) or len(value) != 3:
        raise Incorrect(f"You return {describe(value)};", "expected three numbers: accuracy, lower end, upper end.")
    parts = [as_array(part, "one of your three numbers") for part in value]
    for part in parts:
        if part.size != 1:
            raise Incorrect(f"One of your three numbers is {describe(part)};", "expected a single number.")
    numbers = finite(np.array([float(part.reshape(())) for part in parts]), "your numbers")
    if numbers.max() > 1.001:
        raise Incorrect(f"Your largest number is {numbers.max():.3g};", "expected shares from 0 to 1, not percentages.")
    return tuple(float(number) for number in numbers)


def check_accuracy(value: object, probabilities: np.ndarray, labels: np.ndarray, groups: np.ndarray) -> None:
    """Complains unless the accuracy is the share of scenes whose likeliest class is the right one."""
    given = read_interval(value)[0]
    correct = probabilities.argmax(axis=1) == labels
    expected = float(correct.mean())
    if abs(given - expected) < 1e-3:
        return
    one_hot = np.eye(probabilities.shape[1])[labels]
    by_cutout = float(np.mean([correct[groups == group].mean() for group in np.unique(groups)]))
    cells = "This compares number by number with one-hot labels, and most of those are zeros that nobody gets wrong."
    mistakes = {
        float(((probabilities > 0.5) == (one_hot == 1)).mean()): cells,
        float((np.round(probabilities) == one_hot).all(axis=1).mean()): "A likeliest class may well stay below 0.5.",
        by_cutout: "This is the mean over cut-outs; scenes should count alike, so cut-outs with more scenes count more.",
    }
    look = next((sentence for number, sentence in mistakes.items() if abs(given - number) < 2e-3), "")
    raise Incorrect(
        f"For {len(labels)} scenes you give an accuracy of {given:.3f};",
        f"expected {expected:.3f}.",
        look or "The class a model names is the one with the largest probability, argmax over axis 1.",
    )


def check_interval(value: object, correct: np.ndarray, groups: np.ndarray, level: float) -> None:
    """Complains unless the ends are those of an interval that resamples whole cut-outs.

    They may differ by about a third of a standard error, so that another random number or another formula for the same
    thing passes.
    """
    from course_utils.evaluate.statistics import accuracy_interval

    _, low, high = read_interval(value)
    if low > high:
        raise Incorrect(f"Your interval goes from {low:.3f} to {high:.3f};", "expected the lower end first.")
    expected = accuracy_interval(correct, groups, level=level, resamples=4000, seed=1)
    deviation = accuracy_interval(correct, groups, level=0.6827, resamples=4000, seed=1)
    slack = 0.35 * (deviation.high - deviation.low) / 2

    def same(other) -> bool:
        return abs(low - other.low) < slack and abs(high - other.high) < slack

    if same(expected):
        return
    by_image = accuracy_interval(correct, np.arange(len(correct)), level=level, resamples=4000, seed=1)
    usual = accuracy_interval(correct, groups, level=0.90, resamples=4000, seed=1)
    if same(by_image):
        look = (
            "This is the interval of scenes that know nothing of each other. Draw cut-outs, each with all its scenes."
        )
    elif high - low < slack:
        look = (
            "Every draw gives the same: draw with replacement, so that some cut-outs come twice and others not at all."
        )
    elif level != 0.90 and same(usual):
        look = "This is the interval at level 0.90; the argument level says which one is asked for."
    else:
        look = "For each draw take as many cut-outs as there are, with replacement, and the accuracy over all their scenes."
    raise Incorrect(
        f"At level {level:.2f} your interval goes from {low:.3f} to {high:.3f};",
        f"expected about {expected.low:.3f} to {expected.high:.3f}.",
        look,
    )
