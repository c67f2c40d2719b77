"""Whether a batch of images has the shape and the values that a base was trained with."""

from __future__ import annotations

import numpy as np

from course_utils.checks.common.inputs import CLASSIFIER, SIDE
from course_utils.checks.core.exercise_check import Incorrect, as_array, describe, finite


def check_shape(batch: object, number: int) -> np.ndarray:
    """Returns a student's batch as an array, or complains unless it is one of ``number`` square colour images."""
    expected = (number, SIDE, SIDE, 3)
    if isinstance(batch, list | tuple):
        raise Incorrect(
            f"You return {describe(batch)};",
            f"expected one array of shape {expected}.",
            "np.stack joins equal images.",
        )
    array = as_array(batch, "your batch")
    if array.shape != expected:
        if array.shape == expected[1:]:
            look = "The first axis counts photographs, even when there is only one."
        elif array.shape == (number, 3, SIDE, SIDE):
            look = "The colour channels come last."
        else:
            look = "Resize every photograph to 224 by 224, then stack."
        noun = "photograph" if number == 1 else "photographs"
        raise Incorrect(f"For {number} {noun} your batch has shape {array.shape};", f"expected {expected}.", look)
    return finite(array, "your batch")


def check_values(batch: object, photos: list[np.ndarray], name: str) -> None:
    """Compares a batch with the photographs, resized and preprocessed here; recognises the usual mistakes."""
    from PIL import Image

    from course_utils.models.loading import preprocess

    array = check_shape(batch, len(photos)).astype(np.float64)
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
    wrong = {
        "These are the grey levels 0 to 255 as they came": pixels,
        "These are the grey levels divided by 255, which is not what this base was trained with": pixels / 255,
        "Red and blue have changed places": preprocess(name, pixels[..., ::-1]),
        "The preprocessing was done twice": preprocess(name, expected),
        "The preprocessing came after a division by 255": preprocess(name, pixels / 255),
        "Numbers were cut off after the preprocessing (is something uint8?)": expected.astype(np.int64) % 256,
        "Height and width have changed places": preprocess(name, pixels.swapaxes(1, 2)),
    }
    if len(photos) > 1:
        wrong["The photographs come in another order"] = expected[::-1]
    for other in ("vgg16", "mobilenet_v2", CLASSIFIER):
        if other != name:
            wrong[f"This is the preprocessing of {other}"] = preprocess(other, pixels)
    likeliest = min(wrong, key=lambda mistake: distance(wrong[mistake]))
    known = distance(wrong[likeliest]) <= distance(expected) / 8
    raise Incorrect(
        f"{likeliest}." if known else "These are not the photographs as this base wants them.",
        f"For {name} your values run from {array.min():.3g} to {array.max():.3g} with mean {array.mean():.3g}; "
        f"expected {expected.min():.3g} to {expected.max():.3g} with mean {expected.mean():.3g}.",
        "" if known else "Is each whole photograph there, squeezed to 224 by 224, neither cropped nor turned?",
    )
