"""Augmentation for saved features: draw K augmented copies of every image once, and run the base once over each.

K copies cost K passes through the base, whatever the number of epochs; augmentation inside the model costs one in each.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from course_utils.errors import BadArgumentError, require_integer
from course_utils.features.extraction import extract
from course_utils.models.registry import Base

BATCH = 64
"""Random layers draw for a batch at a time, so the batch is part of what makes a copy and is the same for everybody."""


class AugmentedFeatures(NamedTuple):
    """The features of all augmented copies, with what belongs to each row.

    Rows come copy by copy: first every image's first copy, in the order of the images, then every image's second copy,
    and so on. So ``features.reshape(copies, images, ...)`` takes the copies apart again.

    Attributes:
        features: float32 array (copies * N, …).
        labels: array (copies * N,), the images' labels, repeated.
        groups: array (copies * N,), the images' groups, repeated: copies of one image belong on one side of a split.
    """

    features: np.ndarray
    labels: np.ndarray
    groups: np.ndarray


def augmented_copy(images: np.ndarray, *, augment: Callable[..., Any], copy_number: int, seed: int = 0) -> np.ndarray:
    """Draws one augmented copy of every image; the same seed and number give the same images.

    Args:
        images: array (N, height, width, channels), 0 to 255.
        augment: a Keras layer or model with random layers. It must keep values between 0 and 255: preprocessing for a
            base comes afterwards. Its random state is set before drawing, and is another one afterwards.
        copy_number: which copy, from 0. A copy does not depend on how many others are drawn.
        seed: another seed gives other copies.

    Returns:
        uint8 array of the size that ``augment`` puts out, normally that of ``images``.

    Raises:
        BadArgumentError: nothing in ``augment`` is random, or it returns something else than an image for each image.
    """
    import keras

    images = np.asarray(images)
    start = require_integer("seed", seed, minimum=0), require_integer("copy_number", copy_number, minimum=0)
    _set_random_state(augment, start)
    drawn = []
    for first in range(0, len(images), BATCH):
        batch = images[first : first + BATCH].astype("float32")
        result = keras.ops.convert_to_numpy(augment(batch, training=True))  # random layers do nothing without training
        _check_copy(batch, result)
        drawn.append(np.clip(np.rint(result), 0, 255).astype(np.uint8))
    return np.concatenate(drawn)


def extract_augmented(
    base: Any,
    images: np.ndarray,
    *,
    labels: Sequence[int] | np.ndarray,
    groups: Sequence[int] | np.ndarray,
    augment: Callable[..., Any],
    copies: int,
    seed: int = 0,
    preprocess: str | Base | Callable[[np.ndarray], np.ndarray] | None = None,
    precision: str = "float32",
    store: Any = None,
    progress: bool = True,
) -> AugmentedFeatures:
    """Runs a base once over K augmented copies of every image; each is an entry of its own in the store.

    Args:
        images, augment, seed: as for ``augmented_copy``.
        labels: N labels.
        groups: N groups: which object each image shows.
        copies: how many copies of every image, from 1.
        base, preprocess, precision, store, progress: as for ``features.extract``.

    Returns:
        The features of all copies, with labels and groups repeated to match.

    Raises:
        BadArgumentError: labels or groups of another length, or anything that ``augmented_copy`` or ``extract`` refuse.
    """
    copies = require_integer("copies", copies, minimum=1)
    labels, groups = np.asarray(labels), np.asarray(groups)
    for name, values in (("labels", labels), ("groups", groups)):
        if values.shape != (len(images),):
            raise BadArgumentError(
                f"{name} must have one entry for each of the {len(images)} images, received shape {values.shape}. "
                "Give those of the images; they are repeated here."
            )
    options = {"preprocess": preprocess, "precision": precision, "store": store, "progress": progress}
    features = [
        extract(base, augmented_copy(images, augment=augment, copy_number=number, seed=seed), **options)
        for number in range(copies)
    ]
    return AugmentedFeatures(np.concatenate(features), np.tile(labels, copies), np.tile(groups, copies))


def _set_random_state(augment: Any, start: Sequence[int]) -> None:
    """Gives every random layer a state of its own that follows from ``start`` alone."""
    # A layer's random state is two integers: a seed, and a count of the draws so far.
    states = [v for v in getattr(augment, "variables", []) if v.name == "seed_generator_state"]
    if not states:
        raise BadArgumentError(
            f"augment must be a Keras layer or model with random layers; {type(augment).__name__} has none, so every "
            "copy would be the same. For example keras.Sequential([keras.layers.RandomFlip('horizontal')])."
        )
    for number, state in enumerate(states):
        state.assign([int(np.random.SeedSequence([*start, number]).generate_state(1)[0] >> 1), 0])


def _check_copy(batch: np.ndarray, result: np.ndarray) -> None:
    if result.ndim != 4 or len(result) != len(batch) or result.shape[-1] != batch.shape[-1]:
        raise BadArgumentError(
            f"augment must return one image for each of the {len(batch)} it is given, received shape {result.shape}. "
            "Pass only the layers that change images, not the base."
        )
    if result.min() < -64 or (batch.max() > 8 and result.max() < 4):
        raise BadArgumentError(
            f"augment must keep values between 0 and 255, but returned {result.min():.3g} to {result.max():.3g}. "
            "Take the rescaling out: preprocess does that after the copies are drawn."
        )
