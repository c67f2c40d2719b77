"""Whether an extractor gives the right features, and whether images reach it preprocessed."""

from __future__ import annotations

import functools

import numpy as np

from course_utils.checks import Incorrect, as_array, check_shape, close, finite, in_short
from course_utils.checks.common import models
from course_utils.checks.common.models import predict
from course_utils.checks.common.preprocessing import likeliest, wrongly_preprocessed
from course_utils.models import load_base, preprocess

BASE = "vgg16"
CUT = "block5_pool"


POOLINGS = {
    "avg": lambda maps: maps.mean(axis=(1, 2)),
    "max": lambda maps: maps.max(axis=(1, 2)),
    "none": lambda maps: maps,
    "flat": lambda maps: maps.reshape(len(maps), -1),
}


@functools.cache
def _base():
    return load_base(BASE, input_shape=(None, None, 3))


@functools.cache
def _weights() -> list[np.ndarray]:
    return _base().get_weights()


class Extractor:
    """A student's extractor, with what was asked for, and what it does: found by comparing with all that it could do."""

    def __init__(self, value: object, photo: np.ndarray, cut: str) -> None:
        """Runs the model on a preprocessed image.

        Args:
            value: what the student's function returned.
            photo: uint8 (size, size, 3); its height is the size that was asked for.
            cut: the layer that was asked for.
        """
        self.model, self.size, self.cut = models.as_model(value), photo.shape[0], cut
        self.takes = models.known_shape(self.model, "input", (None, self.size, self.size, 3), "the base")
        self.weights = self.model.get_weights()
        begins = [array.shape for array in _weights()][: len(self.weights)]
        self.of_base = len(self.weights) > 0 and [array.shape for array in self.weights] == begins
        batch = preprocess(BASE, photo[None])
        if self.takes[1:3] not in ((None, None), photo.shape[:2]):
            batch = preprocess(BASE, np.resize(photo, (*self.takes[1:3], 3))[None])
        self.given = models.output_of(self.model, batch)
        self.does = self._found(batch)

    def _found(self, batch: np.ndarray) -> tuple[str, str, bool] | None:
        """The layer whose maps come out, how they are pooled, and whether images are preprocessed in the model."""
        import keras

        base = _base()
        layers = [layer for layer in base.layers[1:]]
        inside = keras.Model(base.input, [layer.output for layer in layers])
        try:
            base.set_weights((self.weights if self.of_base else []) + _weights()[len(self.weights) * self.of_base :])
            for again in (False, True):
                images = preprocess(BASE, batch) if again else batch
                outputs = [np.asarray(maps) for maps in inside(images.astype(np.float32), training=False)]
                # The layer that was asked for comes first, should two give the same.
                for layer, maps in sorted(zip(layers, outputs, strict=True), key=lambda pair: pair[0].name != self.cut):
                    for pooling, pool in POOLINGS.items():
                        if close(self.given, pool(maps)):
                            return layer.name, pooling, again
        finally:
            base.set_weights(_weights())
        return None

    def check_input(self) -> None:
        """Complains unless the model takes preprocessed images of the size that was asked for, and leaves them alone."""
        models.check_takes(self.model, (self.size, self.size, 3), "the base")
        if self.does and self.does[2]:
            raise Incorrect(
                "Your model preprocesses the image by itself;",
                "expected it to take images that are preprocessed already.",
            )

    def check_cut(self) -> None:
        """Complains unless it ends at the layer that was asked for."""
        layer = self._said()[0]
        if layer != self.cut:
            look = "Taking layers off base.layers changes a list and not the model." if layer == CUT else ""
            raise Incorrect(
                f"Your model gives what comes out at {layer};", f"expected {self.cut}, the argument cut.", look
            )

    def check_average(self) -> None:
        """Complains unless each channel of the map becomes its mean."""
        pooling = self._said()[1]
        if pooling != "avg":
            said = {
                "max": "These are the maxima of the channels;",
                "none": f"Your model gives the whole feature map, {self.given.shape}, without any pooling;",
                "flat": f"Your model gives the flattened feature map, {self.given.shape};",
            }
            raise Incorrect(said[pooling], "expected one number per channel, its mean.")

    def check_pretrained(self) -> None:
        """Complains unless the weights are those of ImageNet."""
        if not self.of_base:
            raise Incorrect(
                "Your model's weights are not those of VGG16's first layers;", "expected these and no others."
            )
        if not all(map(np.array_equal, self.weights, _weights())):
            raise Incorrect(
                "The base in your model does not have its pretrained weights;", "expected those of ImageNet."
            )

    def _said(self) -> tuple[str, str, bool]:
        if self.does is None:
            raise Incorrect(
                f"Your model turns an image into {self.given.shape}, beginning {in_short(self.given.ravel()[:4])}: nothing "
                "that comes of a layer of VGG16;",
                f"expected the mean of each channel at {self.cut}.",
            )
        return self.does


def made_up_extractor(rng: np.random.Generator, *, dropout: bool = False, steady: bool = False):
    """A small extractor that stands for VGG16, whose size and length are drawn at random.

    Args:
        rng: the random numbers.
        dropout: ends in a Dropout, which acts in training alone.
        steady: gives features that are the larger the brighter an image is, whatever was done to its range of values.

    Returns:
        ``(model, side)``: from preprocessed images (N, side, side, 3) to vectors.
    """
    import keras

    side, channels = int(rng.integers(24, 40)), int(rng.integers(9, 21))
    layers = keras.layers
    # Named after the base, so that preprocessing images by the base's name works too.
    stack = [keras.Input((side, side, 3))]
    if not steady:
        stack += [layers.Conv2D(channels, 3, padding="same"), layers.ReLU()]
    stack += [layers.GlobalAveragePooling2D(), *([layers.Dropout(0.5)] if dropout else [])]
    stack += [layers.Dense(channels)] if steady else []
    extractor = keras.Sequential(stack, name=BASE)
    for weight in extractor.weights:
        if weight.path.endswith("kernel"):
            values = rng.normal(scale=0.3, size=weight.shape)
            weight.assign(np.abs(values) if steady else values)
    return extractor, side


def read_rows(value: object, number: int, length: int) -> np.ndarray:
    """Reads features, float64 (number, length), or complains about their shape."""
    array, look = as_array(value, "your features"), ""
    if array.ndim != 2:
        look = "np.concatenate joins the batches' arrays along the first axis."
    elif array.shape[1] == length and len(array) < number:
        look = "Is the last batch, which is smaller than the others, there?"
    check_shape(array, (number, length), f"For {number} images you return", look)
    return finite(array.astype(np.float64), "your features")


def some_rows(value: object, number: int) -> np.ndarray:
    """Features of the first images at least, float64 (n, length), where their number or their axes are wrong as well."""
    parts = value if isinstance(value, list | tuple) else [value]
    rows = [as_array(part, "your features") for part in parts]
    array = np.concatenate([row.reshape(len(row), -1) if row.ndim > 1 else row.reshape(1, -1) for row in rows])
    return finite(array[:number].astype(np.float64), "your features")


def check_order(given: np.ndarray, brightness: np.ndarray) -> None:
    """Complains unless rows of a steady extractor are in the order of the images, as bright as is said."""
    first = given.sum(axis=1)
    if len(first) < 2 or not (np.argsort(first) == np.argsort(brightness[: len(first)])).all():
        raise Incorrect("The rows come in another order than the images;", "expected a row for each, in their order.")


def check_prediction_mode(given: np.ndarray) -> None:
    """Complains unless the rows of one image, given several times, are the same."""
    if np.ptp(given, axis=0).max() > 1e-3 * max(1.0, float(np.abs(given).max())):
        raise Incorrect(
            f"One image, given twice, has the rows {in_short(given[0, :4])} and {in_short(given[1, :4])};",
            "expected the same row.",
            "Dropout must act as in prediction: extractor.predict, or training=False.",
        )


def check_preprocessed(extractor, images: np.ndarray, given: np.ndarray) -> None:
    """Complains unless rows, in any order, are those of images preprocessed for VGG16; recognises the usual mistakes."""
    order = np.argsort(given[:, 0])

    def rows(batch: np.ndarray) -> np.ndarray:
        found = predict(extractor, batch)[: len(given)]
        return found[np.argsort(found[:, 0])]

    def distance(features: np.ndarray) -> float:
        return float(np.abs(given[order] - features).mean())

    expected = rows(preprocess(BASE, images))
    if given.shape[1] != expected.shape[1]:
        read_rows(given, len(images), expected.shape[1])
    if distance(expected) <= 1e-2 * float(np.abs(given).mean()) + 1e-4:
        return
    wrong = {words: rows(batch) for words, batch in wrongly_preprocessed(BASE, images).items()}
    mistake = likeliest(wrong, expected, distance)
    look = (
        'VGG16 expects preprocess("vgg16", images), once, and nothing else; the numbers are the same for every batch.'
    )
    raise Incorrect(
        f"The smallest first feature of your rows is {given[order][0, 0]:.3g};",
        f"expected {expected[0, 0]:.3g}.",
        f"{mistake}." if mistake else look,
    )
