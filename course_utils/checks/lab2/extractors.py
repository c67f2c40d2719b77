"""Whether an extractor gives the right features, and whether images reach it preprocessed."""

import functools

import numpy as np

from course_utils.checks import Incorrect, as_array, check_shape, finite
from course_utils.checks.common import models
from course_utils.checks.common.from_base import FromBase
from course_utils.checks.common.inputs import pretrained
from course_utils.checks.common.models import predict
from course_utils.checks.common.preprocessing import likeliest, wrongly_preprocessed
from course_utils.models import preprocess

BASE = "vgg16"
CUT = "block5_pool"


_base = functools.partial(pretrained, BASE)


def read_extractor(value: object, photo: np.ndarray, cut: str) -> FromBase:
    """What a student's extractor does with an image, uint8 (size, size, 3), where the layer ``cut`` was asked for."""
    batch, layers = preprocess(BASE, photo[None]), [layer.name for layer in _base().layers[1:]]
    layers.sort(key=lambda layer: layer != cut)
    return FromBase(value, {BASE: _base()}, batch, again=preprocess(BASE, batch), layers=layers)


def check_input(extractor: FromBase, size: int) -> None:
    """Complains unless an extractor takes preprocessed images of a size, and leaves them alone."""
    models.check_takes(extractor.model, (size, size, 3), "the base")
    if extractor.found and extractor.found[2]:
        raise Incorrect("Your model preprocesses the image by itself;", "expected it to take preprocessed images.")


def made_up_extractor(rng: np.random.Generator, *, dropout: bool = False, steady: bool = False):
    """A small extractor that stands for VGG16, from preprocessed images (N, side, side, 3) to vectors; and ``side``.

    That and the length are drawn at random. With ``dropout`` it ends in a Dropout, which acts in training alone. One that is
    ``steady`` gives features that are the larger the brighter an image is, whatever was done to its range of values.
    """
    import keras

    side, channels = int(rng.integers(24, 40)), int(rng.integers(9, 21))
    layers = keras.layers
    maps = [] if steady else [layers.Conv2D(channels, 3, padding="same"), layers.ReLU()]
    end = [layers.Dropout(0.5)] * dropout + [layers.Dense(channels)] * steady
    stack = [keras.Input((side, side, 3)), *maps, layers.GlobalAveragePooling2D(), *end]
    # Named after the base, so that preprocessing images by the base's name works too.
    extractor = keras.Sequential(stack, name=BASE)
    for weight in extractor.weights:
        if weight.path.endswith("kernel"):
            values = rng.normal(scale=0.3, size=weight.shape)
            weight.assign(np.abs(values) if steady else values)
    return extractor, side


def read_rows(value: object, number: int, length: int) -> np.ndarray:
    """Reads features, float64 (number, length), or complains about their shape."""
    array, look = as_array(value, "your features"), ""
    if array.ndim == number == 1:
        look = "One image makes a batch of one, and its features an array of one row."
    elif array.ndim != 2:
        look = "np.concatenate joins the batches' arrays along the first axis."
    elif array.shape[1] == length and len(array) < number:
        look = "Is the last batch, which is smaller than the others, there?"
    check_shape(array, (number, length), f"For {number} image{'s' * (number > 1)} you return", look)
    return finite(array.astype(np.float64), "your features")


def some_rows(value: object, number: int) -> np.ndarray:
    """Features of the first images at least, float64 (n, length), where their number or their axes are wrong as well."""
    parts = value if isinstance(value, list | tuple) else [value]
    rows = [as_array(part, "your features") for part in parts]
    array = np.concatenate([row.reshape(len(row), -1) if row.ndim > 1 else row.reshape(1, -1) for row in rows])
    return finite(array[:number].astype(np.float64), "your features")


def check_preprocessed(extractor, images: np.ndarray, given: np.ndarray) -> None:
    """Complains unless rows, in any order, are those of images preprocessed for VGG16; recognises the usual mistakes."""

    def ordered(found: np.ndarray) -> np.ndarray:
        return found[np.argsort(found.sum(axis=1))]  # one feature may be 0 in many rows

    def rows(batch: np.ndarray) -> np.ndarray:
        return ordered(predict(extractor, batch)[: len(given)])

    def distance(features: np.ndarray) -> float:
        return float(np.abs(ordered(given) - features).mean())

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
        f"The features of the row with the smallest sum add up to {ordered(given)[0].sum():.3g};",
        f"expected {expected[0].sum():.3g}.",
        f"{mistake}." if mistake else look,
    )
