"""Whether a batch of images has the shape and the values that a base was trained with."""

import numpy as np

from course_utils.checks import Incorrect, as_array, check_shape, describe, finite, in_short
from course_utils.checks.common.preprocessing import likeliest, wrongly_preprocessed
from course_utils.models import preprocess

SIDE = 224
"""Height and width, in pixels, that most bases were trained on."""

ALIKE = 0.98
"""Correlation from which on two images show the same: any method of resizing a smooth photograph reaches it."""


def smooth_photo(rng: np.random.Generator, *, panorama: bool = False) -> np.ndarray:
    """Large soft spots of colour, never square: uint8 (height, width, 3) that every resizing method shrinks to the same."""
    from PIL import Image

    short, long = int(rng.integers(150, 240)), int(rng.integers(600, 700) if panorama else rng.integers(300, 420))
    width, height = (short, long) if rng.random() < 0.5 else (long, short)
    spots = rng.integers(0, 256, size=(4, 5, 3), dtype=np.uint8)
    return np.asarray(Image.fromarray(spots).resize((width, height), Image.Resampling.BICUBIC))


def flat_photo(rng: np.random.Generator, *, brighter: int = 0) -> np.ndarray:
    """One colour with three unlike channels: uint8 (height, width, 3) that no cropping or turning changes."""
    colour = rng.permutation([rng.integers(5, 40), rng.integers(90, 110), rng.integers(150, 170)]) + brighter
    return np.broadcast_to(colour.astype(np.uint8), (*rng.integers(150, 420, size=2), 3)).copy()


def as_batch(value: object) -> np.ndarray:
    """A student's batch as an array of images, where its axes or its kind are wrong as well: (N, height, width, 3)."""
    if isinstance(value, list | tuple):
        rows = [as_array(row, "a row of your batch") for row in value]
        if len({row.shape for row in rows}) != 1:
            raise Incorrect(f"You return {describe(value)}, of rows of several shapes;", "expected one array.")
        value = np.stack(rows)
    array = as_array(value, "your batch")
    array = array[None] if array.ndim == 3 else array
    if array.ndim != 4 or array.shape[-1] != 3:
        raise Incorrect(
            f"Your batch has shape {array.shape};",
            f"expected (number of photographs, {SIDE}, {SIDE}, 3).",
            "The colour channels come last.",
        )
    return finite(array, "your batch")


def check_is_batch(value: object, number: int) -> None:
    """Complains unless a student's batch is one array of ``number`` square colour images."""
    expected = (number, SIDE, SIDE, 3)
    if isinstance(value, list | tuple):
        look = "np.stack joins equal images."
        raise Incorrect(f"You return {describe(value)};", f"expected one array of shape {expected}.", look)
    array, look = as_array(value, "your batch"), "Resize every photograph to 224 by 224, then stack."
    if array.shape == expected[1:]:
        look = "The first axis counts photographs, even when there is only one."
    elif array.shape == (number, 3, SIDE, SIDE):
        look = "The colour channels come last."
    check_shape(array, expected, f"For {number} photograph{'s' * (number > 1)} your batch has shape", look)


def _alike(images: np.ndarray, photos: list[np.ndarray]) -> np.ndarray:
    """Correlation of each image with each photograph squeezed to its size, whatever was done to the range of values."""
    from PIL import Image

    size = images.shape[2:0:-1]
    squeezed = [np.asarray(Image.fromarray(p).resize(size, Image.Resampling.BILINEAR), float) for p in photos]
    rows = [image.mean(axis=-1).ravel() for image in [*images.astype(float), *squeezed]]
    return np.corrcoef(rows)[: len(images), len(images) :]


def check_whole(value: object, photos: list[np.ndarray]) -> None:
    """Complains unless each photograph is there as a whole, in any order."""
    images = as_batch(value)
    if _alike(images, photos).max(axis=0).min() >= ALIKE:
        return
    turned = _alike(images.swapaxes(1, 2), photos).max(axis=0).min() >= ALIKE
    raise Incorrect(
        "Height and width have changed places." if turned else "Your images do not show the whole photographs.",
        "Expected each one squeezed to 224 by 224, neither cropped, padded nor rotated.",
    )


def _middles(value: object) -> np.ndarray:
    """The colour in the middle of each image of a student's batch, (N, 3): what stands at its edges does not count."""
    images = as_batch(value).astype(float)
    height, width = (side // 2 for side in images.shape[1:3])
    return images[:, height - 1 : height + 2, width - 1 : width + 2].mean(axis=(1, 2))


def check_order(value: object, brightness: list[float]) -> None:
    """Complains unless the rows are as bright, one compared with the other, as the photographs of one colour were."""
    rows = _middles(value).mean(axis=1)
    if len(rows) != len(brightness) or not (np.argsort(rows) == np.argsort(brightness)).all() or np.ptp(rows) == 0:
        raise Incorrect(
            f"Of {len(brightness)} photographs of one colour, as bright as {in_short(brightness)}, your rows are as bright "
            f"as {in_short(rows[:9])};",
            "expected a row for each, in the order they came.",
        )


def check_preprocessed(value: object, photo: np.ndarray, name: str) -> None:
    """Complains unless a photograph of one colour has the values that a base was trained with; recognises usual mistakes."""
    colour = _middles(value).mean(axis=0)
    expected = preprocess(name, photo[:1, :1])[0, 0]
    # One grey level, in the units of this base: 1 for vgg16, 1/127.5 for mobilenet_v2.
    ends = preprocess(name, np.array([0, 255], np.uint8).repeat(3).reshape(2, 1, 1, 3))
    level = float(np.ptp(ends, axis=0).max()) / 255

    def distance(other: np.ndarray) -> float:
        return float(np.abs(colour - other.reshape(3)).mean()) / level

    if distance(expected) <= 2:
        return
    wrong = {what: values[0, 0] for what, values in wrongly_preprocessed(name, photo[:1, :1]).items()}
    wrong["Numbers were cut off after the preprocessing (is something uint8?)"] = expected.astype(np.int64) % 256
    mistake = likeliest(wrong, expected, distance)
    raise Incorrect(
        f"{mistake or 'Your numbers are not those that this base expects'}.",
        f"For {name} a photograph of the colour {photo[0, 0].tolist()} becomes {colour.round(3).tolist()};",
        f"expected {expected.astype(float).round(3).tolist()}.",
    )


def check_like_colour(given: object, in_colour: object) -> None:
    """Complains unless grey and transparent photographs become what the same photographs in three channels become."""
    odd, plain = as_batch(given).astype(float), as_batch(in_colour).astype(float)
    if odd.shape != plain.shape or np.abs(odd - plain).mean() > 0.02 * max(1e-9, float(np.ptp(plain))):
        raise Incorrect(
            "A grey photograph, or one with a fourth channel, does not become what the same one in colour becomes.",
            "Expected three equal channels for a grey one, and the fourth channel dropped.",
        )
