"""Augmentation: images that stay apart under it, what reaches the base inside a model, and dropout switched off."""

import contextlib
from collections.abc import Iterator

import numpy as np

from course_utils.checks import Incorrect, check_shape, finite
from course_utils.checks.common.frozen_base import layers_of_base
from course_utils.checks.common.preprocessing import likeliest, wrongly_preprocessed
from course_utils.checks.common.weights import leaves
from course_utils.models import preprocess

_CORNERS = ((200, 70, 70), (70, 190, 70), (70, 70, 200), (190, 190, 60), (60, 190, 190), (190, 60, 190))


def coloured_images(rng: np.random.Generator, side: int) -> np.ndarray:
    """Six images, uint8 (6, side, side, 3), that no flip, rotation, zoom, shift or change of brightness makes look alike.

    Each has a colour of its own, and soft spots that show where up and left are; their order depends on the random numbers.
    """
    from PIL import Image

    images = []
    for corner in rng.permutation(np.array(_CORNERS)):
        spots = rng.integers(-45, 46, size=(6, 6, 1)) + rng.integers(-12, 13, size=3) + corner
        tile = Image.fromarray(np.clip(spots, 0, 255).astype(np.uint8))
        images.append(np.asarray(tile.resize((side, side), Image.Resampling.BICUBIC)))
    return np.stack(images)


class _SeenError(BaseException):
    """Carries what reached a layer, and saves running the rest; Keras would reword an Exception on its way."""


def entering(model, base, images: np.ndarray, *, training: bool) -> np.ndarray:
    """What reaches the base's first layer inside a model, float32: the images after everything that stands before it.

    Where the base is not in the model, at any depth, this is a complaint. ``images`` are (N, height, width, 3), what
    the model takes; ``training`` says how it is run.
    """
    return reaching(model, layers_of_base(model, base)[0][1], images, training=training)


def reaching(model, layer, images: np.ndarray, *, training: bool = False) -> np.ndarray:
    """What reaches a layer inside a model, float32; arguments as for ``entering``."""
    import keras

    run = layer.call

    def look(inputs, *_, **__):
        raise _SeenError(keras.ops.convert_to_numpy(inputs))

    layer.call = look
    try:
        model(images.astype(np.float32), training=training)
    except _SeenError as seen:
        return seen.args[0].astype(np.float32)
    finally:
        layer.call = run
    raise Incorrect(f"{layer.name} is in your model, but no image passes through it;", "expected all of them to.")


@contextlib.contextmanager
def without_dropout(model) -> Iterator[list[str]]:
    """Switches off what drops or shakes single values at random: what still differs between two passes is other images.

    It yields the classes of the layers concerned. The model is as it was afterwards.
    """
    import keras

    layers = keras.layers
    droppers = layers.Dropout, layers.GaussianDropout, layers.AlphaDropout  # SpatialDropout2D is a kind of Dropout
    found = [(layer, "rate", layer.rate) for layer in leaves(model) if isinstance(layer, droppers)]
    found += [(layer, "stddev", layer.stddev) for layer in leaves(model) if isinstance(layer, layers.GaussianNoise)]
    try:
        for layer, name, _ in found:
            setattr(layer, name, 0.0)
        yield [type(layer).__name__ for layer, *_ in found]
    finally:
        for layer, name, value in found:
            setattr(layer, name, value)


def check_preprocessed(model, base, images: np.ndarray, name: str, *, tolerance: float = 0.01) -> None:
    """Complains unless pixels from 0 to 255 reach the base as the base ``name`` was trained to receive them."""
    given = finite(entering(model, base, images, training=False), "what reaches the base")
    expected = preprocess(name, images)
    check_shape(given, expected.shape, "What reaches the base has shape")

    def distance(other: np.ndarray) -> float:
        return float(np.abs(given - other).mean())

    if distance(expected) < tolerance:
        return
    mistake = likeliest(wrongly_preprocessed(name, images), expected, distance)
    look = f"Is something random at work outside training? Expected what preprocess({name!r}, images) gives."
    raise Incorrect(
        f"{mistake or 'The images reach the base in another form than it was trained with'}.",
        f"What reaches the base runs from {given.min():.3g} to {given.max():.3g}; "
        f"expected {expected.min():.3g} to {expected.max():.3g}.",
        "" if mistake else look,
    )
