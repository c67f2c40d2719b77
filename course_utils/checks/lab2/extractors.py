"""Whether an extractor gives the right features, and whether images reach it preprocessed."""

from __future__ import annotations

import functools

import numpy as np

from course_utils.checks import Incorrect, as_array, check_shape, finite, in_short
from course_utils.checks.common.models import check_pooled, predict
from course_utils.checks.common.preprocessing import likeliest, wrongly_preprocessed
from course_utils.models import load_base, preprocess

BASE = "vgg16"
CUT = "block5_pool"


@functools.cache
def _base():
    return load_base(BASE, input_shape=(None, None, 3))


def check_extractor(value: object, photo: np.ndarray, cut: str) -> None:
    """Complains unless a student's model turns a preprocessed image into the averages of VGG16's map at the layer ``cut``.

    The image is made of ``photo``, uint8 (size, size, 3).
    """
    import keras

    base, batch = _base(), preprocess(BASE, photo[None])

    def maps(layer: str, images: np.ndarray) -> np.ndarray:
        return predict(keras.Model(base.input, base.get_layer(layer).output), images)

    twice = "Your model preprocesses the image by itself; it is to be given images that are preprocessed already."
    mistakes = [(twice, maps(cut, preprocess(BASE, batch)))]
    if cut != CUT:
        uncut = (
            f"This is what comes out at {CUT}, the end of the base, whatever cut is. (Taking layers off base.layers "
            "changes a list and not the model.)"
        )
        mistakes.append((uncut, maps(CUT, batch)))
    check_pooled(value, f"a cut at {cut}", "avg", batch, maps(cut, batch), mistakes=mistakes)


def made_up_extractor(rng: np.random.Generator):
    """A small extractor with BatchNorm and Dropout, which behave differently in training; it stands for VGG16.

    Returns:
        ``(model, side)``: from preprocessed images (N, side, side, 3) to vectors.
    """
    import keras

    side, channels = int(rng.integers(24, 40)), int(rng.integers(9, 21))
    layers = keras.layers
    # Named after the base, so that preprocessing images by the base's name works too.
    extractor = keras.Sequential(
        [
            keras.Input((side, side, 3)),
            layers.Conv2D(channels, 3, padding="same"),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.GlobalAveragePooling2D(),
            layers.Dropout(0.5),
        ],
        name=BASE,
    )
    for weight in extractor.weights:
        if weight.path.endswith("moving_mean"):
            weight.assign(rng.normal(scale=20, size=weight.shape))
        elif weight.path.endswith("moving_variance"):
            weight.assign(rng.uniform(200, 900, size=weight.shape))
        elif weight.path.endswith("kernel"):
            weight.assign(rng.normal(scale=0.3, size=weight.shape))
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


def check_preprocessed(extractor, images: np.ndarray, given: np.ndarray) -> None:
    """Complains unless features are those of images preprocessed for VGG16; recognises the usual mistakes."""

    def distance(features: np.ndarray) -> float:
        return float(np.abs(given - features).mean())

    right = preprocess(BASE, images)
    expected = predict(extractor, right)
    if distance(expected) <= 1e-2 * float(np.abs(given).mean()) + 1e-4:
        return
    wrong = wrongly_preprocessed(BASE, images) | {"The rows come in another order than the images": right[::-1]}
    mistake = likeliest({words: predict(extractor, batch) for words, batch in wrong.items()}, expected, distance)
    raise Incorrect(
        f"Your first row starts {in_short(given[0, :4])};",
        f"expected {in_short(expected[0, :4])}.",
        f"{mistake}." if mistake else 'VGG16 expects preprocess("vgg16", images), once, and nothing else.',
    )
