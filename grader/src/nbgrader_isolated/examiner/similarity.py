"""The same artefact handed in twice: tensors of two students that are equal, or nearly, need manual review.

Nothing is compared unless an instructor names the variables, since honest work on fixed seeds can come out equal. The
examiner, which is the only one to decode a student's values, draws a small sketch of each tensor; sketches are compared.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterable

import numpy as np

from nbgrader_isolated.outcomes import LIKE_ANOTHER, Outcome, Record
from nbgrader_isolated.wire import keras_model

SAMPLES = 64
FEWEST = 64
MOST_TENSORS, MOST_LOOKED_AT = 400, 20_000
TOLERANCE = 1e-3


def sketches(name: str, value: object) -> list[dict]:
    """Sketches of the tensors in a value: its shape, and numbers from fixed places in it, in units of its spread.

    Small tensors and constant ones say nothing about who made them, and are left out. Of very many the largest count: with
    others nobody can hide them.
    """
    found = []
    largest = sorted(itertools.islice(_tensors(value), MOST_LOOKED_AT), key=lambda tensor: -tensor.size)
    for tensor in largest:
        flat = np.asarray(np.real(tensor), np.float64).reshape(-1)
        spread = float(np.std(flat)) if np.isfinite(flat).all() else 0.0
        if spread > 0:
            places = np.random.default_rng(flat.size).integers(flat.size, size=SAMPLES)
            numbers = [round(float(number), 6) for number in flat[places] / spread]
            found.append({"name": name, "shape": list(tensor.shape), "numbers": numbers})
        if len(found) == MOST_TENSORS:
            break
    return found


def _tensors(value: object) -> Iterable[np.ndarray]:
    if keras_model.is_model(value):
        for weight in value.weights:
            yield from _tensors(keras_model.as_numpy(weight.value))
    elif isinstance(value, np.ndarray) and value.dtype.kind in "fc" and value.size >= FEWEST:
        yield value
    elif isinstance(value, np.ndarray) and value.dtype.kind == "O":
        for item in value.flat:
            yield from _tensors(item)
    elif keras_model.is_tensor(value):
        yield from _tensors(keras_model.as_numpy(value))
    elif isinstance(value, dict):
        for item in value.values():
            yield from _tensors(item)
    elif isinstance(value, list | tuple | deque):
        for item in value:
            yield from _tensors(item)


def alike(one: dict, other: dict) -> bool:
    """Whether two sketches are of the same tensor, but for noise far smaller than its spread."""
    if one["shape"] != other["shape"]:
        return False
    return all(abs(a - b) < TOLERANCE for a, b in zip(one["numbers"], other["numbers"], strict=True))


def pairs(drawn: dict[str, list[dict]]) -> list[tuple[str, str, str]]:
    """Finds students with the same tensor under the same name.

    Args:
        drawn: student → sketches.

    Returns:
        (student, other student, variable), each pair once per variable.
    """
    places: dict[tuple, list[tuple[str, dict]]] = {}  # only tensors of one place and shape can be alike
    for student, sketches in sorted(drawn.items()):
        for sketch in sketches:
            places.setdefault((sketch["name"], *sketch["shape"]), []).append((student, sketch))
    found = {
        (one, other, mine["name"])
        for there in places.values()
        for (one, mine), (other, theirs) in itertools.combinations(there, 2)
        if one != other and alike(mine, theirs)
    }
    return sorted(found)


def find_copies(
    graded: dict[str, list[Record]], settled: set[frozenset[str]]
) -> tuple[list[tuple[str, str, str]], dict[str, list[Record]]]:
    """Sets to manual review whoever handed in what somebody else handed in, and takes that back where it holds no more.

    Args:
        graded: student → records, one of each notebook; they are changed in place.
        settled: pairs that somebody has looked into.

    Returns:
        The pairs found, as :func:`pairs` gives them, and student → those of the records that were changed.
    """
    drawn = {
        student: [sketch for record in records for sketch in record.sketches] for student, records in graded.items()
    }
    found = [pair for pair in pairs(drawn) if frozenset(pair[:2]) not in settled]
    suspected = {student for pair in found for student in pair[:2]}
    changed: dict[str, list[Record]] = {}
    for student, records in graded.items():
        for record in records:
            # A record without sketches was never compared.
            if bool(record.alone) != (student in suspected) and (record.alone or record.sketches):
                _turn(record)
                changed.setdefault(student, []).append(record)
    return found, changed


def _turn(record: Record) -> None:
    """Sets a record to manual review, or restores the outcome that it had."""
    if record.alone:
        record.outcome, record.alone = Outcome(record.alone), ""
        record.notes = [note for note in record.notes if note != LIKE_ANOTHER]
    else:
        record.outcome, record.alone = Outcome.NEEDS_MANUAL_REVIEW, str(record.outcome)
        record.notes = [*record.notes, LIKE_ANOTHER]
