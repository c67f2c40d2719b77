"""Whether a model is a pretrained base for another input size, pooled as was asked."""

from __future__ import annotations

import functools

import numpy as np

from course_utils.checks import Incorrect
from course_utils.checks.common import models
from course_utils.models import load_base

POOLINGS = {"avg": 0.15, "max": 0.15, "both": 0.25}
"""What can be asked for, and its share of the points."""

KNOWN = ("efficientnet_lite0", "vgg16")


@functools.cache
def _base(name: str):
    """The pretrained base for images of any size."""
    return load_base(name, input_shape=(None, None, 3))


@functools.cache
def _weights(name: str) -> list[np.ndarray]:
    return _base(name).get_weights()


class Rebuilt:
    """A student's model, with what was asked for."""

    def __init__(self, value: object, name: str, shape: tuple[int, int, int], pooling: str) -> None:
        """Finds out which base the model holds, by the shapes of its weights."""
        self.model = models.as_model(value, complete=False)
        self.name, self.shape, self.pooling = name, shape, pooling
        self.weights = self.model.get_weights()
        shapes = [array.shape for array in self.weights]
        self.holds = next((one for one in KNOWN if [array.shape for array in _weights(one)] == shapes), None)

    def check_pooled(self, rng: np.random.Generator) -> None:
        """Complains unless the model pools the feature maps of its own base, with the weights it has there."""
        takes = models.known_shape(self.model, "input", (None, *self.shape), "the base")
        image = rng.normal(
            scale=2, size=(1, *(side or there for side, there in zip(takes[1:], self.shape, strict=True)))
        )
        name = self.holds or self.name
        base = _base(name)
        try:
            base.set_weights(self.weights if self.holds else _weights(name))
            maps = models.predict(base, image.astype(np.float32))
        finally:
            base.set_weights(_weights(name))
        models.check_pooled(self.model, f"pooling={self.pooling!r}", self.pooling, image.astype(np.float32), maps)

    def check_base(self) -> None:
        """Complains unless the model holds the base of the name that was asked for."""
        if self.holds != self.name:
            held = f"is {self.holds}" if self.holds else f"has {sum(array.size for array in self.weights):,} parameters"
            expected = sum(array.size for array in _weights(self.name))
            raise Incorrect(
                f"For {self.name!r} your model {held};", f"expected that base alone, of {expected:,} parameters."
            )

    def check_pretrained(self) -> None:
        """Complains unless the base in the model has its pretrained weights."""
        if not all(map(np.array_equal, self.weights, _weights(self.holds or self.name))):
            raise Incorrect(
                "The base in your model does not have its pretrained weights;", "expected those of ImageNet."
            )
