"""What comes of images that are preprocessed wrongly, so that a check can name the mistake a student has made."""

from collections.abc import Callable

import numpy as np

from course_utils.models import preprocess

BASES = ("vgg16", "mobilenet_v2", "efficientnet_lite0")
"""The bases of the labs: preprocessing for another one of them is a usual mistake."""


def wrongly_preprocessed(name: str, pixels: np.ndarray) -> dict[str, np.ndarray]:
    """What is said of each usual mistake in preprocessing pixels, (N, height, width, 3) from 0 to 255 → what comes out."""
    pixels = pixels.astype(np.float32)
    return {
        "The images are not preprocessed": pixels,
        f"The images are divided by 255, which is not what {name} was trained with": pixels / 255,
        "The images are preprocessed after a division by 255": preprocess(name, pixels / 255),
        "The images are preprocessed twice": preprocess(name, preprocess(name, pixels)),
        "Red and blue have changed places": preprocess(name, pixels[..., ::-1]),
        **{f"The images are preprocessed for {other}": preprocess(other, pixels) for other in BASES if other != name},
    }


def likeliest(wrong: dict[str, np.ndarray], expected: np.ndarray, distance: Callable[[np.ndarray], float]) -> str:
    """The mistake that a student's values are nearest to, where they are far nearer to it than to what was expected; else ""."""
    nearest = min(wrong, key=lambda mistake: distance(wrong[mistake]))
    return nearest if distance(wrong[nearest]) <= distance(expected) / 8 else ""
