"""Whether a batch of images has the shape and the values that a base was trained with."""

from __future__ import annotations

import numpy as np

from course_utils.checks import Incorrect, as_array, check_shape, describe, finite
from course_utils.checks.common.preprocessing import likeliest, wrongly_preprocessed
from course_utils.models import preprocess

SIDE = 224
"""Height and width, in pixels, that most bases were trained on."""


def smooth_image(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Large soft spots of colour: uint8 (height, width, 3) that every resizing method shrinks to nearly the same."""
    from PIL import Image

    spots = rng.integers(0, 256, size=(4, 5, 3), dtype=np.uint8)
    spots[0, 0], spots[-1, -1] = 0, 255  # so that the range of values shows whether they were scaled
    return np.asarray(Image.fromarray(spots).resize((width, height), Image.Resampling.BICUBIC))


def read_batch(batch: object, number: int) -> np.ndarray:
    """Returns a student's batch as an array, or complains unless it is one of ``number`` square colour images."""
    expected = (number, SIDE, SIDE, 3)
    if isinstance(batch, list | tuple):
        look = "np.stack joins equal images."
        raise Incorrect(f"You return {describe(batch)};", f"expected one array of shape {expected}.", look)
    array = as_array(batch, "your batch")
    look = "Resize every photograph to 224 by 224, then stack."
    if array.shape == expected[1:]:
        look = "The first axis counts photographs, even when there is only one."
    elif array.shape == (number, 3, SIDE, SIDE):
        look = "The colour channels come last."
    check_shape(array, expected, f"For {number} photograph{'s' * (number > 1)} your batch has shape", look)
    return finite(array, "your batch")


def check_values(batch: object, photos: list[np.ndarray], name: str) -> None:
    """Compares a batch with the photographs, resized and preprocessed here; recognises the usual mistakes."""
    from PIL import Image

    array = read_batch(batch, len(photos)).astype(np.float64)
    pixels = np.stack(
        [np.asarray(Image.fromarray(p).resize((SIDE, SIDE), Image.Resampling.BILINEAR), np.float32) for p in photos]
    )
    # One grey level, in the units of this base: 1 for vgg16, 1/127.5 for mobilenet_v2.
    ends = preprocess(name, np.array([0, 255], np.uint8).repeat(3).reshape(2, 1, 1, 3))
    level = float(np.ptp(ends, axis=0).max()) / 255

    def distance(expected: np.ndarray) -> float:
        return float(np.abs(array - expected).mean()) / level

    expected = preprocess(name, pixels)
    if distance(expected) <= 4:
        return
    wrong = wrongly_preprocessed(name, pixels) | {
        "Numbers were cut off after the preprocessing (is something uint8?)": expected.astype(np.int64) % 256,
        "Height and width have changed places": preprocess(name, pixels.swapaxes(1, 2)),
    }
    if len(photos) > 1:
        wrong["The photographs come in another order"] = expected[::-1]
    mistake = likeliest(wrong, expected, distance)
    raise Incorrect(
        f"{mistake or 'These are not the photographs as this base expects them'}.",
        f"For {name} your values run from {array.min():.3g} to {array.max():.3g} with mean {array.mean():.3g}; "
        f"expected {expected.min():.3g} to {expected.max():.3g} with mean {expected.mean():.3g}.",
        "" if mistake else "Is each whole photograph there, squeezed to 224 by 224, neither cropped nor rotated?",
    )
