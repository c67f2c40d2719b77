"""What a student's model does with a pretrained base: which one, up to which layer, how its maps are pooled."""

from collections.abc import Iterable

import numpy as np

from course_utils.checks import Incorrect, close, in_short
from course_utils.checks.common.models import as_model, known_shape, output_of

POOLINGS = {
    "avg": ("the averages", lambda maps: maps.mean(axis=(1, 2))),
    "max": ("the maxima", lambda maps: maps.max(axis=(1, 2))),
    "both": ("the averages, then the maxima", lambda maps: np.hstack([maps.mean(axis=(1, 2)), maps.max(axis=(1, 2))])),
    "": ("the maxima, then the averages", lambda maps: np.hstack([maps.max(axis=(1, 2)), maps.mean(axis=(1, 2))])),
    "none": ("the whole feature map, without any pooling", lambda maps: maps),
    "flat": ("the flattened feature map", lambda maps: maps.reshape(len(maps), -1)),
}
"""How maps (N, height, width, channels) may be pooled: in words, and done."""


class FromBase:
    """A student's model, and what it does, found by comparing with all that it could do.

    Its own weights are put into the base for that, so that weights which are not the pretrained ones are found apart.
    """

    def __init__(
        self,
        value: object,
        bases: dict,
        batch: np.ndarray,
        *,
        again: np.ndarray | None = None,
        layers: Iterable[str] = (),
    ) -> None:
        """Runs the model on a batch, (1, height, width, 3); where it takes another size, on a part of that.

        ``bases`` are pretrained, for images of any size, and are left as they are. ``again`` is what preprocessing makes of the batch,
        where a model may do that by mistake. ``layers`` are those whose maps may come out, by default the base's last.
        """
        import keras

        self.model, self.found = as_model(value, complete=False), None
        self.takes = known_shape(self.model, "input", (None, *batch.shape[1:]), "the base")
        self.weights = self.model.get_weights()
        shapes = [array.shape for array in self.weights]
        begins = {name: [tuple(w.shape) for w in base.weights][: len(shapes)] for name, base in bases.items()}
        self.base = next((name for name in bases if shapes and begins[name] == shapes), None)
        name = self.base or next(iter(bases))
        base, kept = bases[name], bases[name].get_weights()
        self.pretrained = bool(self.base) and all(map(np.array_equal, self.weights, kept))
        sides = [side or there for side, there in zip(self.takes[1:], batch.shape[1:], strict=True)]
        forms = [np.resize(one, (1, *sides)).astype(np.float32) for one in (batch, again) if one is not None]
        self.given = output_of(self.model, forms[0])
        names = list(layers) or [base.layers[-1].name]
        inside = keras.Model(base.input, [base.get_layer(layer).output for layer in names])
        try:
            if self.base and not self.pretrained:  # a large base's take long to put there
                base.set_weights(self.weights + kept[len(self.weights) :])
            for preprocesses, images in enumerate(forms):
                for layer, maps in zip(names, keras.tree.flatten(inside(images, training=False)), strict=True):
                    for pooling, (_, pool) in POOLINGS.items():
                        if self.found is None and close(self.given, pool(np.asarray(maps))):
                            self.found = layer, pooling, bool(preprocesses)
        finally:
            if self.base and not self.pretrained:
                base.set_weights(kept)

    def check_cut(self, layer: str) -> None:
        """Complains unless the model's output comes from a layer."""
        if self._what()[0] != layer:
            look = "Taking layers off base.layers changes a list and not the model."
            raise Incorrect(f"Your model gives what comes out at {self._what()[0]};", f"expected {layer}.", look)

    def check_pooling(self, pooling: str) -> None:
        """Complains unless the maps are pooled as was asked for, a key of ``POOLINGS``."""
        if self._what()[1] != pooling:
            is_, expected = POOLINGS[self._what()[1]][0], POOLINGS[pooling][0]
            raise Incorrect(f"Your model gives {is_}, {self.given.shape};", f"expected {expected} of the channels.")

    def check_pretrained(self) -> None:
        """Complains unless the model holds a base's first layers, and these with their pretrained weights."""
        if not self.base:
            raise Incorrect("Your model's weights are not those of the base's first layers;", "expected these alone.")
        if not self.pretrained:
            raise Incorrect(
                "The base in your model does not have its pretrained weights;", "expected those of ImageNet."
            )

    def _what(self) -> tuple[str, str, bool]:
        if self.found is None:
            raise Incorrect(
                f"Your model turns an image into {self.given.shape}, beginning {in_short(self.given.ravel()[:4])};",
                "expected what comes of a layer of the base, pooled.",
            )
        return self.found
