"""Cross-validation that keeps the images of an object on one side."""

import numpy as np

from course_utils.errors import BadArgumentError, require_integer
from course_utils.evaluate.intervals import numbered, one_row


def grouped_splits(
    labels: np.ndarray, groups: np.ndarray, *, folds: int = 5, seed: int = 0, repeats: int = 1
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Splits images for cross-validation so that no object is on both sides, and classes are spread evenly.

    This is scikit-learn's ``StratifiedGroupKFold``, shuffled; every image is tested once in each repeat.

    Args:
        labels: array (N,): the class of each image.
        groups: array (N,): which object each image shows.
        folds: number of parts, at least 2 and at most the number of objects of the smallest class.
        seed: start of the random numbers; repeat ``r`` uses ``seed + r``.
        repeats: how many times to split at random.

    Returns:
        ``folds * repeats`` pairs ``(train_index, test_index)`` of int64 positions.

    Raises:
        BadArgumentError: arrays of other shapes, one object with two labels, or too many folds.
    """
    labels, (groups, group_count) = one_row("labels", labels), numbered(groups)
    if labels.shape != groups.shape:
        raise BadArgumentError(
            f"labels and groups must have one entry per image; you gave {len(labels)} labels, {len(groups)} groups."
        )
    folds = require_integer("folds", folds, minimum=2)
    seed, repeats = require_integer("seed", seed, minimum=0), require_integer("repeats", repeats, minimum=1)
    class_names, numbers = np.unique(labels, return_inverse=True)
    pairs = np.unique(np.stack([groups, numbers]), axis=1)
    if pairs.shape[1] != group_count:
        raise BadArgumentError(
            "Every group must have one label, because it is one object; some of yours have several. "
            "Did you mean grouped_splits(labels, groups), in this order?"
        )
    if len(class_names) < 2:
        raise BadArgumentError("labels must hold at least two classes; yours are all the same.")
    objects = np.bincount(pairs[1])
    if objects.min() < folds:
        scarce = class_names[objects.argmin()]
        raise BadArgumentError(
            f"folds={folds} needs at least {folds} objects in every class; class {scarce!s} has {objects.min()}. "
            "Ask for fewer folds, or leave that class out."
        )
    from sklearn.model_selection import StratifiedGroupKFold

    splits = []
    for repeat in range(repeats):
        splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=seed + repeat)
        splits += splitter.split(numbers, numbers, groups)
    return splits
