"""Whether images are split without a leak: every image in one part, no object on both sides, every class on either."""

from itertools import pairwise

import numpy as np

from course_utils.checks import ExerciseCheck, Incorrect, as_array, as_tuple, describe, once
from course_utils.checks.core.seeds import alike

FEWEST_HELD_OUT, MOST_HELD_OUT = 0.12, 0.40
"""Share of the images that a split may hold out. A quarter is asked for, and few objects cannot be cut to measure."""


def labels_and_groups(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Labels and groups, int64 (N,) each, of images that do not exist, in random order.

    There are some classes, and objects of 2 to 6 images each; the numbers of the groups are large and have gaps.
    """
    classes = int(rng.integers(7, 10))  # more than the scenes have
    objects = rng.integers(8, 11, size=classes)
    of_object = np.repeat(np.arange(classes), objects)
    names = rng.choice(10_000, size=len(of_object), replace=False)
    order = rng.permutation(np.repeat(np.arange(len(of_object)), rng.integers(2, 7, size=len(of_object))))
    return of_object[order].astype(np.int64), names[order].astype(np.int64)


def check_split(check: ExerciseCheck, sets: list[tuple[np.ndarray, np.ndarray]]) -> None:
    """Goes through the criteria of a function ``(labels, groups, seed)`` → positions to train on, positions held out.

    Each set of labels and groups is split with a seed, the first one with several: what holds by chance fails for some.
    """

    @once
    def given(which: int, seed: int) -> object:
        return check.call(*(array.copy() for array in sets[which]), seed)

    first = int(check.rng.integers(1000))
    near, far = list(range(first + 1, first + 6)), alike(first)
    cases = [*((which, first) for which in range(len(sets))), *((0, seed) for seed in (*near, *far))]
    with check.criterion(0.1, "every image"):
        for which, seed in cases:
            check_complete(given(which, seed), sets[which][1])
    with check.criterion(0.6, "no leak"):
        for which, seed in cases:
            check_no_leak(given(which, seed), sets[which][1])
    with check.criterion(0.1, "a quarter"):
        for which, seed in cases:
            number = len(sets[which][0])
            share = len(read_split(given(which, seed), number)[1]) / number
            if not FEWEST_HELD_OUT <= share <= MOST_HELD_OUT:
                swapped = 1 - MOST_HELD_OUT <= share <= 1 - FEWEST_HELD_OUT
                look = "The part to train on comes first." if swapped else ""
                raise Incorrect(f"You hold out {share:.0%} of the images;", "expected about a quarter.", look)
    with check.criterion(0.1, "every class"):
        for which, seed in cases:
            labels, groups = sets[which]
            for side, index in zip(("to train on", "held out"), _within(given(which, seed), groups), strict=True):
                if len(absent := np.setdiff1d(labels, labels[index])):
                    raise Incorrect(
                        f"No image {side} is of class {', '.join(map(str, absent))};",
                        "expected every class on both sides.",
                        "Divide the objects of each class by themselves.",
                    )
    with check.criterion(0.1, "seed"):
        again = check.call(*(array.copy() for array in sets[0]), first)
        check_seed(
            given(0, first), again, *([given(0, seed) for seed in some] for some in (near, far)), len(sets[0][0])
        )


def read_split(value: object, number: int) -> tuple[np.ndarray, np.ndarray]:
    """Reads a pair (train, held out) of positions from 0 to ``number`` - 1; masks of True and False will do too."""
    parts = []
    pair = as_tuple(value, 2, "a pair: positions to train on, positions held out")
    for part, what in zip(pair, ("first", "second"), strict=True):
        array = as_array(part, f"your {what} array")
        if array.dtype == bool and array.shape == (number,):
            array = np.flatnonzero(array)
        if array.ndim != 1 or array.size == 0 or not np.array_equal(array, array.astype(np.int64)):
            raise Incorrect(f"Your {what} array is {describe(part)};", "expected a row of integers, at least one.")
        parts.append(array.astype(np.int64))
    return parts[0], parts[1]


def check_complete(value: object, groups: np.ndarray) -> None:
    """Complains unless every image is in exactly one of the two parts."""
    number = len(groups)
    both = np.concatenate(read_split(value, number))
    if both.min() < 0 or both.max() >= number:
        raise Incorrect(
            f"For {number} images your positions run from {both.min()} to {both.max()};",
            f"expected 0 to {number - 1}.",
            "These look like the groups' own numbers: return positions of images, as np.flatnonzero gives them."
            if np.isin(both, groups).all()
            else "",
        )
    different = len(np.unique(both))
    if different < len(both):
        raise Incorrect(
            f"{len(both) - different} of your {len(both)} positions come more than once;",
            "expected every image in one part only.",
            "Were the images shuffled again between taking the first part and taking the second? Draw once, then divide.",
        )
    if different < number:
        raise Incorrect(
            f"{number - different} of {number} images are in neither part;", "expected every image in one of them."
        )


def check_no_leak(value: object, groups: np.ndarray) -> None:
    """Complains when some object has images on both sides."""
    train, held_out = _within(value, groups)
    shared = np.intersect1d(groups[train], groups[held_out])
    if len(shared):
        raise Incorrect(
            f"{len(shared)} of {len(np.unique(groups))} objects have images on both sides (object {shared[0]} has "
            f"{np.sum(groups[train] == shared[0])} and {np.sum(groups[held_out] == shared[0])});",
            "expected all images of an object on one side.",
            "Divide the objects, np.unique(groups), and let the images follow: np.isin(groups, chosen) says which do.",
        )


def _within(value: object, groups: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    train, held_out = read_split(value, len(groups))
    if max(train.max(), held_out.max()) >= len(groups):
        check_complete(value, groups)
    return train, held_out


def check_seed(first: object, again: object, near: list[object], alike: list[object], number: int) -> None:
    """Complains unless a seed decides the split: the same one gives it again, and others give others.

    ``near`` are splits by the next seeds, ``alike`` by seeds with the same last digits. One pair may agree by chance: few objects
    can be divided into folds in few ways.
    """

    def held_out(value: object) -> list[int]:
        return np.sort(read_split(value, number)[1]).tolist()

    if held_out(first) != held_out(again):
        raise Incorrect(
            "Two calls with the same seed hold out different images;",
            "expected the same.",
            "np.random.default_rng(seed), made inside the function, starts again on every call.",
        )
    for seeds, others in (("Whatever the seed", near), ("Whichever of the seeds with the same last digits", alike)):
        if all(held_out(first) == held_out(other) for other in others):
            raise Incorrect(f"{seeds}, the same images are held out;", "expected other ones for another seed.")
    if (same := sum(held_out(one) == held_out(next_) for one, next_ in pairwise([first, *near]))) > 1:
        raise Incorrect(
            f"Of {len(near)} seeds {same} hold out what the seed before did;", "expected others.", "Use the whole seed."
        )
