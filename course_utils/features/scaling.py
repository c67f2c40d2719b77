"""Whether a base scales its images itself, and whether what it is given was scaled before."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_utils.errors import BadArgumentError


class ScalingWatch:
    """Sees every batch on its way into a base that scales its images itself, and refuses what was scaled before.

    A batch alone may be dark. So what speaks is the range of all images; black ones, and dark ones of integer values, are right.
    """

    def __init__(self, base: Any):
        self.base = base
        self.layer, self.highest = _own_scaling(base)
        self.low, self.high, self.between = np.inf, -np.inf, False

    def see(self, batch: np.ndarray) -> None:
        """Takes a batch into account."""
        if self.highest is not None and batch.size:
            self.low, self.high = min(self.low, float(batch.min())), max(self.high, float(batch.max()))
            self.between = self.between or (batch.dtype.kind == "f" and bool((batch != np.rint(batch)).any()))

    def check(self) -> None:
        """Raises ``BadArgumentError`` where all that was seen is not what the base takes."""
        if self.highest is None:
            return
        # Smooth resizing overshoots 0 and 255 a little.
        if self.highest == 255 and (self.low < -32 or (self.low < 0 and self.high <= 3 and self.between)):
            advice = "They were preprocessed before: give the images as they are, with preprocess=None."
        elif self.highest == 255 and self.between and 0 <= self.low < self.high <= 1:
            advice = "Multiply them by 255, or leave the division out."
        elif self.highest == 1 and self.high > 32:
            advice = "Divide them by 255."
        else:
            return
        raise BadArgumentError(
            f"{self.base.name!r} scales its images itself, in {self.layer!r}, and expects 0 to {self.highest}; the images go from "
            f"{self.low:.4g} to {self.high:.4g}. {advice}"
        )


def _own_scaling(base: Any) -> tuple[str, int | None]:
    """Returns the name of the layer that scales the images, and the highest value that it expects: 255, 1 or None (none found)."""
    from keras import layers

    for layer in _operations(base):
        if any("kernel" in weight.name for weight in getattr(layer, "weights", ())):
            break
        if isinstance(layer, layers.Rescaling):
            scale = np.abs(np.asarray(layer.scale, dtype=float)).max()
            return layer.name, 255 if scale * 255 <= 8 else 1 if scale >= 8 else None
        if isinstance(layer, layers.Normalization):
            mean = np.asarray(0.0 if layer.mean is None else layer.mean, dtype=float)
            return layer.name, 255 if (mean > 8).all() else 1 if ((mean > 0) & (mean < 1)).all() else None
        if type(layer).__name__ in ("TrueDivide", "Divide", "Subtract", "Multiply", "Stack"):  # of ``preprocess_input``
            return layer.name, 255
    return "", None


def _operations(model: Any) -> Iterator[Any]:
    for layer in getattr(model, "operations", None) or model.layers:
        if getattr(layer, "layers", None):
            yield from _operations(layer)
        else:
            yield layer
