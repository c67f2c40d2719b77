"""What moved: small fingerprints of a model's weights, taken before and after, and their comparison."""

import hashlib
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from course_utils.errors import BadArgumentError
from course_utils.inspect.tables import Table
from course_utils.inspect.trainable import leaf_layers, weight_values

# A sketch this wide gives the distance between two tensors to about 4 % (one standard deviation, 1/sqrt(2 * width)).
_SKETCH = 256


class WeightPrint(NamedTuple):
    """The fingerprint of one weight."""

    shape: tuple[int, ...]
    sha256: str  # of its bytes; equal exactly when every number is equal to the last bit
    norm: float  # Euclidean length of the weight, all its numbers taken as one vector
    statistic: bool  # whether it is one of BatchNorm's moving statistics, which move without being trained
    sketch: np.ndarray  # float64; the numbers themselves if there are at most 256, else their signed sums in 256 bins


class Fingerprint(dict):
    """The fingerprints of all weights: path of a layer with weights -> (class name, {weight name -> `WeightPrint`})."""

    def __repr__(self) -> str:
        weights = sum(len(prints) for _, prints in self.values())
        return f"Fingerprint of {weights} weights in {len(self)} layers"


def fingerprint(model: Any) -> Fingerprint:
    """Takes the fingerprint of a built Keras model: a few kilobytes per weight, whatever the weight's size."""
    import keras

    prints = Fingerprint()
    for path, layer in leaf_layers(model):
        if layer.weights:
            is_norm = isinstance(layer, keras.layers.BatchNormalization)
            weights = {
                weight.name: _print(weight_values(weight), statistic=is_norm and weight.name.startswith("moving_"))
                for weight in layer.weights
            }
            prints[path] = (type(layer).__name__, weights)
    return prints


def _print(values: np.ndarray, *, statistic: bool) -> WeightPrint:
    flat = np.ascontiguousarray(values).ravel()
    digest = hashlib.sha256(flat.tobytes()).hexdigest()
    flat = flat.astype(np.float64)
    sketch = flat
    if flat.size > _SKETCH:
        # Every number goes, with a random sign, into one of the bins: the same bin each time, because the seed is
        # fixed. The sums change by about as much as the numbers do, so they show how far a weight moved.
        random = np.random.default_rng(flat.size)
        place = random.integers(0, 2 * _SKETCH, size=flat.size, dtype=np.uint16)
        sums = np.bincount(place, weights=flat, minlength=2 * _SKETCH)
        sketch = sums[:_SKETCH] - sums[_SKETCH:]
    return WeightPrint(values.shape, digest, float(np.linalg.norm(flat)), statistic, sketch)


class Comparison(Table):
    """What moved between two fingerprints; prints as a table.

    Attributes:
        rows: one per layer in both, in the model's order: ``layer``, ``kind``, ``moved`` (any trained weight differs),
            ``distance`` (how far the trained weights moved, relative to their length before; ``None`` where a layer has
            only statistics; to about 4 %), ``statistics_moved`` (``None`` where there are none) and
            ``statistics_distance``.
        moved, statistics_moved: paths of the layers whose trained weights, or BatchNorm statistics, moved.
        unchanged: paths of the layers in which neither moved.
        only_before, only_after: paths of the layers that the other model lacks.
    """

    def __init__(self, rows: list[dict[str, Any]], *, only_before: list[str], only_after: list[str]) -> None:
        self.moved = [row["layer"] for row in rows if row["moved"]]
        self.statistics_moved = [row["layer"] for row in rows if row["statistics_moved"]]
        self.unchanged = [row["layer"] for row in rows if not row["moved"] and not row["statistics_moved"]]
        self.only_before, self.only_after = only_before, only_after
        batchnorms = sum(row["statistics_moved"] is not None for row in rows)
        notes = [f"Trained weights moved in {len(self.moved)} of {len(rows)} layers."]
        if batchnorms:
            notes.append(f"BatchNorm statistics moved in {len(self.statistics_moved)} of {batchnorms} layers.")
        for layers, which in ((only_before, "first"), (only_after, "second")):
            if layers:
                notes.append(f"Only in the {which}: " + ", ".join(layers) + ".")
        columns = [("layer", "layer"), ("kind", "class"), ("moved", "moved"), ("distance", "how far")]
        if batchnorms:
            columns += [("statistics_moved", "statistics moved"), ("statistics_distance", "how far")]
        caption = "What moved, first layer to last; how far is relative to the length before"
        super().__init__(columns, rows, caption=caption, notes=notes)


def compare(before: Fingerprint, after: Fingerprint) -> Comparison:
    """Compares two fingerprints, of one model or of two with layers of the same names: which layers moved, and how far.

    Raises:
        BadArgumentError: no fingerprints, no layer in both, or other shapes of a layer's weights.
    """
    for given in (before, after):
        if not isinstance(given, Fingerprint):
            raise BadArgumentError(
                f"Two fingerprints were expected; a {type(given).__name__} was received. "
                "Call fingerprint(model) before and after, and compare the two results."
            )
    shared = [path for path in before if path in after]
    if not shared:
        raise BadArgumentError(
            "Two fingerprints of models with layers of the same names were expected; "
            f"the first begins with {next(iter(before), 'nothing')!r}, the second with {next(iter(after), 'nothing')!r}. "
            "Take both of the same model, or of the base alone (model.get_layer(name))."
        )
    rows = [_row(path, *before[path], after[path][1]) for path in shared]
    return Comparison(
        rows,
        only_before=[path for path in before if path not in after],
        only_after=[path for path in after if path not in before],
    )


def _row(path: str, kind: str, old: Mapping[str, WeightPrint], new: Mapping[str, WeightPrint]) -> dict[str, Any]:
    if {name: p.shape for name, p in old.items()} != {name: p.shape for name, p in new.items()}:
        raise BadArgumentError(
            f"Weights of the same shapes were expected in {path!r}; "
            f"{[p.shape for p in old.values()]} and {[p.shape for p in new.values()]} were received. "
            "Compare two states of one architecture."
        )
    moved, distance = _changed([(old[name], new[name]) for name in old if not old[name].statistic])
    statistics_moved, statistics_distance = _changed([(old[name], new[name]) for name in old if old[name].statistic])
    row = {"layer": path, "kind": kind, "moved": bool(moved), "distance": distance}
    return row | {"statistics_moved": statistics_moved, "statistics_distance": statistics_distance}


def _changed(pairs: list[tuple[WeightPrint, WeightPrint]]) -> tuple[bool, float] | tuple[None, None]:
    """Says whether any weight changed, and how far all of them did, relative to their length before."""
    if not pairs:
        return None, None
    differs = any(old.sha256 != new.sha256 for old, new in pairs)
    moved = float(np.sqrt(sum(np.sum((new.sketch - old.sketch) ** 2) for old, new in pairs)))
    length = float(np.sqrt(sum(old.norm**2 for old, _ in pairs)))
    if length == 0:  # a bias that began at zero, say
        return differs, float("inf") if moved else 0.0
    return differs, moved / length
