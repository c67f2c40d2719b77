"""Augmentation: what reaches the base in training and outside it, and which image an augmented one came from."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import numpy as np

from course_utils.checks.common.training import find_base
from course_utils.checks.core.exercise_check import Incorrect, as_array, describe, finite
from course_utils.inspect import leaf_layers

_CORNERS = ((200, 70, 70), (70, 190, 70), (70, 70, 200), (190, 190, 60), (60, 190, 190), (190, 60, 190))


def coloured_images(rng: np.random.Generator, side: int) -> np.ndarray:
    """Six images that no flip, turn, zoom, shift or change of light can make look like one another.

    Each has a colour of its own, and soft spots that show where up and left are.

    Returns:
        uint8 (6, side, side, 3), in an order that depends on the random numbers.
    """
    from PIL import Image

    images = []
    for corner in rng.permutation(np.array(_CORNERS)):
        spots = rng.integers(-45, 46, size=(6, 6, 1)) + rng.integers(-12, 13, size=3) + corner
        tile = Image.fromarray(np.clip(spots, 0, 255).astype(np.uint8))
        images.append(np.asarray(tile.resize((side, side), Image.Resampling.BICUBIC)))
    return np.stack(images)


def origins(images: np.ndarray, originals: np.ndarray) -> np.ndarray:
    """For each image, the position of the original it was made from, judged by its colour.

    Args:
        images: (M, height, width, 3), 0 to 255.
        originals: (N, height, width, 3), from ``coloured_images``.

    Returns:
        int64 (M,).
    """

    def hues(batch: np.ndarray) -> np.ndarray:
        # Without the grey part and the length, so that darker, paler and black-cornered images stay what they are.
        colours = batch.astype(np.float64).mean(axis=(1, 2))
        colours -= colours.mean(axis=1, keepdims=True)
        return colours / np.maximum(np.linalg.norm(colours, axis=1, keepdims=True), 1e-9)

    return (hues(images) @ hues(originals).T).argmax(axis=1)


class _SeenError(BaseException):
    """Carries what reached the base, and saves running the rest; Keras would reword an Exception on its way."""


def entering(model, base, images: np.ndarray, *, training: bool) -> np.ndarray:
    """What reaches the base inside a model: the images after everything that stands before it.

    Args:
        model: a plain Keras model with the base in it, at any depth.
        base: the base to look for.
        images: (N, height, width, 3), what the model takes.
        training: run the model as in training, or as outside it.

    Returns:
        float32, what the base's first layer is given.

    Raises:
        Incorrect: the base is not in the model.
    """
    import keras

    first = find_base(model, base)[0][1]
    run = first.call

    def look(inputs, *_, **__):
        raise _SeenError(keras.ops.convert_to_numpy(inputs))

    first.call = look
    try:
        model(images.astype(np.float32), training=training)
    except _SeenError as seen:
        return seen.args[0].astype(np.float32)
    finally:
        first.call = run
    raise Incorrect("The base stands in your model, but no image passes through it;", "expected all of them to.")


@contextlib.contextmanager
def dropout_at_rest(model) -> Iterator[list[str]]:
    """Switches off what drops or shakes single numbers at random: what still differs between two passes is other images.

    Args:
        model: it is as it was afterwards.

    Yields:
        The classes of the layers concerned.
    """
    import keras

    layers = keras.layers
    droppers = layers.Dropout, layers.GaussianDropout, layers.AlphaDropout  # SpatialDropout2D is a kind of Dropout
    found = [(layer, "rate") for _, layer in leaf_layers(model) if isinstance(layer, droppers)]
    found += [(layer, "stddev") for _, layer in leaf_layers(model) if isinstance(layer, layers.GaussianNoise)]
    kept = [getattr(layer, name) for layer, name in found]
    try:
        for layer, name in found:
            setattr(layer, name, 0.0)
        yield [type(layer).__name__ for layer, _ in found]
    finally:
        for (layer, name), value in zip(found, kept, strict=True):
            setattr(layer, name, value)


def check_prepared(model, base, images: np.ndarray, name: str, *, tolerance: float = 0.01) -> None:
    """Complains unless pixels from 0 to 255 reach the base as the base ``name`` was trained to receive them."""
    from course_utils.models.loading import preprocess

    given = finite(entering(model, base, images, training=False), "what reaches the base")
    expected = preprocess(name, images)
    if given.shape != expected.shape:
        raise Incorrect(
            f"What reaches the base has shape {given.shape[1:]};", f"expected images of {expected.shape[1:]}."
        )
    if np.abs(given - expected).mean() < tolerance:
        return
    pixels = images.astype(np.float32)
    wrong = {
        "The pixels reach the base as they are, without any preparation": pixels,
        "The pixels are divided by 255, which is not what this base was trained with": pixels / 255,
        "The images are prepared twice": (expected / 127.5) - 1,
        "The images are prepared after a division by 255": pixels / 255 / 127.5 - 1,
        "Red and blue have changed places": expected[..., ::-1],
        "This is the preparation of vgg16": preprocess("vgg16", images),
    }
    likeliest = min(wrong, key=lambda mistake: float(np.abs(given - wrong[mistake]).mean()))
    known = np.abs(given - wrong[likeliest]).mean() < np.abs(given - expected).mean() / 8
    raise Incorrect(
        f"{likeliest}." if known else "The images reach the base in another form than it was trained with.",
        f"What reaches the base runs from {given.min():.3g} to {given.max():.3g}; "
        f"expected {expected.min():.3g} to {expected.max():.3g}.",
        "" if known else "Is something random at work outside training? Is every pixel x turned into x / 127.5 - 1?",
    )


def check_still_outside_training(model, base, images: np.ndarray) -> None:
    """Complains unless the same images reach the base in the same form every time, outside training."""
    once, again = (entering(model, base, images, training=False) for _ in range(2))
    if once.shape != again.shape or not np.allclose(once, again, atol=1e-4):
        raise Incorrect(
            "Outside training the same images reach the base in another form each time;",
            "expected augmentation to rest then.",
            "Leave what is random to Keras's own layers: they rest when nothing is being trained.",
        )


def check_active_in_training(model, base, images: np.ndarray) -> None:
    """Complains unless training shows the base new versions of the images, and still images in the base's range.

    Dropout and noise do not count: they damage single numbers of an image, and make no other image of it.
    """
    still = entering(model, base, images, training=False)
    with dropout_at_rest(model) as resting:
        once, again = (entering(model, base, images, training=True) for _ in range(2))
    for other, what in ((still, "as they are"), (again, "in the same form each time")):
        if once.shape == other.shape and np.abs(once - other).max() < 1e-4:
            raise Incorrect(
                f"In training the images reach the base {what}"
                + (f" (with {', '.join(dict.fromkeys(resting))} switched off);" if resting else ";"),
                "expected a new version of them in every step.",
                "Layers such as RandomFlip have to stand in the model, on the way from its input to the base."
                + (" Dropout and noise change single numbers, and are no augmentation of images." if resting else ""),
            )
    finite(once, "what reaches the base in training")
    # Room for interpolation that overshoots, and for light that changes.
    if once.min() < -1.6 or once.max() > 1.6 or not 0.4 < once.std() / max(still.std(), 1e-6) < 2:
        raise Incorrect(
            f"In training what reaches the base runs from {once.min():.3g} to {once.max():.3g} with deviation "
            f"{once.std():.2g}; outside training from {still.min():.3g} to {still.max():.3g} with deviation {still.std():.2g};",
            "expected images of much the same range.",
            "Layers such as RandomBrightness count on pixels from 0 to 255: augment before the preparation, not after it.",
        )


def read_views(value: object, originals: np.ndarray, views: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Reads three arrays, one row per view and image: images, features, labels.

    Raises:
        Incorrect: it is something else; the message says what.
    """
    rows, shape = views * len(originals), originals.shape[1:]
    if isinstance(value, dict) or not isinstance(value, list | tuple) or len(value) != 3:
        raise Incorrect(f"You return {describe(value)};", "expected three arrays: images, features, labels.")
    images, features, labels = (
        as_array(part, f"your {name}") for part, name in zip(value, ("images", "features", "labels"), strict=True)
    )
    for array, expected, name in (
        (images, (rows, *shape), "images"),
        (labels, (rows,), "labels"),
    ):
        if array.shape != expected:
            look = ""
            if array.shape == (views, len(originals), *expected[1:]):
                look = "np.concatenate joins the views along the first axis; np.stack adds one."
            elif array.shape[:1] == (len(originals),):
                look = "There is one row for every image, but there should be one for every view of it."
            raise Incorrect(
                f"For {len(originals)} images and {views} views your {name} have shape {array.shape};",
                f"expected {expected}.",
                look,
            )
    if features.ndim != 2 or len(features) != rows:
        raise Incorrect(
            f"For {len(originals)} images and {views} views your features have shape {features.shape};",
            f"expected one row for each of the {rows} views.",
        )
    return finite(images, "your images"), finite(features, "your features"), labels


def check_views(images: np.ndarray, originals: np.ndarray, views: int) -> None:
    """Complains unless every original has ``views`` views, no two alike, and not one far from its original."""
    if images.min() < -26 or images.max() > 281 or images.max() <= 16:
        raise Incorrect(
            f"The images you return run from {images.min():.3g} to {images.max():.3g};",
            "expected pixels from 0 to 255, as they are before the preparation.",
        )
    source = origins(images, originals)
    counts = np.bincount(source, minlength=len(originals))
    if (counts != views).any():
        raise Incorrect(
            f"Of {len(originals)} images your views show {int((counts > 0).sum())}, between {counts.min()} and "
            f"{counts.max()} times each;",
            f"expected each of them {views} times.",
            "Judged by colour: augment with flips, turns, zooms and light, not with other colours.",
        )
    for number, original in enumerate(originals):
        same = images[source == number].astype(np.float32)
        gaps = [np.abs(a - b).max() for place, a in enumerate(same) for b in same[:place]]
        if max(np.abs(same - original).max(axis=(1, 2, 3))) < 1:
            raise Incorrect(
                "Every view is the image itself;",
                "expected augmented ones.",
                "Random layers rest outside training, and predict is outside: call augment(batch, training=True).",
            )
        if min(gaps) < 1e-3:
            raise Incorrect(
                f"Two of the {views} views of an image are the same;",
                "expected every view to be drawn anew.",
                "A layer that is made anew with the same seed draws the same numbers again: make it once. And flips alone "
                "know only two versions of an image.",
            )


def check_features_of(features: np.ndarray, images: np.ndarray, originals: np.ndarray, base, name: str) -> None:
    """Complains unless the features are what a base gives for these images, prepared as the base ``name`` wants them."""
    import keras

    from course_utils.models.loading import preprocess

    def run(batch: np.ndarray) -> np.ndarray:
        return keras.ops.convert_to_numpy(base(batch.astype(np.float32), training=False))

    expected = run(preprocess(name, images))
    if features.shape != expected.shape:
        raise Incorrect(
            f"Your features have shape {features.shape};", f"expected {expected.shape}, as the base gives them."
        )
    scale = float(np.abs(expected).mean())

    def distance(other: np.ndarray) -> float:
        return float(np.abs(features - other).mean()) / max(scale, 1e-9)

    if distance(expected) < 0.02:  # room for images that were rounded to whole numbers on the way out
        return
    source = origins(images, originals)
    wrong = {
        "These are features of the images without any preparation": run(images),
        "These are features of the images divided by 255": run(images / 255),
        "These are features of images that were prepared twice": run(preprocess(name, preprocess(name, images))),
        "These are features of the images before augmentation": run(preprocess(name, originals[source])),
    }
    likeliest = min(wrong, key=lambda mistake: distance(wrong[mistake]))
    known = distance(wrong[likeliest]) < distance(expected) / 8
    raise Incorrect(
        f"{likeliest}." if known else "Your features are not those that the base gives for the images you return.",
        f"They differ from those by {distance(expected):.0%} on average; expected them to agree.",
        "" if known else "Do features and images come in the same order, and from the same drawing?",
    )
