"""Checks of arguments that hold one value per image."""

from __future__ import annotations

import numpy as np

from course_utils.errors import BadArgumentError


def one_row(name: str, values: np.ndarray) -> np.ndarray:
    """Returns ``values`` as an array (N,), N at least 1, or explains what the argument called ``name`` must be."""
    array = np.asarray(values)
    if array.ndim != 1 or len(array) == 0:
        raise BadArgumentError(
            f"{name} must be one row of values, one per image; you gave an array of shape {array.shape}."
        )
    return array


def numbered(groups: np.ndarray) -> tuple[np.ndarray, int]:
    """Returns groups numbered from 0, whatever they are called, and how many there are."""
    distinct, numbers = np.unique(one_row("groups", groups), return_inverse=True)
    return numbers, len(distinct)
