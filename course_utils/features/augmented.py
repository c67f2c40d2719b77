"""Augmentation for saved features: draw K augmented views of every image once, and run the base once over each.

Features that are saved cannot be augmented any more. Images can, before the base sees them. K views cost K passes
through the base, whatever the number of epochs that follows; training with augmentation inside the model costs one
pass in every epoch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from course_utils.errors import BadArgumentError, whole_number
from course_utils.features.extraction import extract

BATCH = 64
"""Random layers draw for a batch at a time, so the batch is part of what makes a view and is the same for everybody."""


class ViewFeatures(NamedTuple):
    """The features of all views, with what belongs to each row.

    Rows come view by view: first every image's first view, in the order of the images, then every image's second
    view, and so on. So ``features.reshape(views, images, ...)`` takes the views apart again.

    Attributes:
        features: float32 array (views * N, …).
        labels: array (views * N,), the images' labels, repeated.
        groups: array (views * N,), the images' groups, repeated: views of one image never belong on two sides of a
            split.
        view: int64 array (views * N,), the number of the view, from 0.
    """

    features: np.ndarray
    labels: np.ndarray
    groups: np.ndarray
    view: np.ndarray


def augmented_view(images: np.ndarray, *, augment: Callable[..., Any], view: int, seed: int = 0) -> np.ndarray:
    """Draws one augmented view of every image; the same seed and number of the view give the same images.

    Args:
        images: array (N, height, width, channels), 0 to 255.
        augment: a Keras layer or model with random layers, such as a ``Sequential`` of ``RandomFlip`` and
            ``RandomRotation``. It must leave the range of the values alone: preparing them for a base comes afterwards.
            Its random state is set anew, and left behind as it is after drawing.
        view: which view, from 0. A view does not depend on how many others are drawn.
        seed: another seed gives other views.

    Returns:
        uint8 array of the size that ``augment`` puts out, normally that of ``images``.

    Raises:
        BadArgumentError: nothing in ``augment`` is random, or it returns something else than an image for each image.
    """
    import keras

    images = np.asarray(images)
    _set_random_state(augment, [whole_number("seed", seed, minimum=0), whole_number("view", view, minimum=0)])
    drawn = []
    for start in range(0, len(images), BATCH):
        batch = images[start : start + BATCH].astype("float32")
        result = keras.ops.convert_to_numpy(augment(batch, training=True))  # random layers do nothing without training
        _check_view(batch, result)
        drawn.append(np.clip(np.rint(result), 0, 255).astype(np.uint8))
    return np.concatenate(drawn)


def extract_views(
    base: Any,
    images: np.ndarray,
    *,
    labels: Sequence[int] | np.ndarray,
    groups: Sequence[int] | np.ndarray,
    augment: Callable[..., Any],
    views: int,
    seed: int = 0,
    preprocess: str | Callable[[np.ndarray], np.ndarray] | None = None,
    precision: str = "float32",
    store: Any = None,
    progress: bool = True,
) -> ViewFeatures:
    """Runs a base once over K augmented views of every image.

    Every view is an entry of its own in the store, so going from 4 views to 6 later computes two.

    Args:
        base: a built ``keras.Model``, as for ``features.extract``.
        images: array (N, height, width, channels), 0 to 255.
        labels: N labels.
        groups: N groups: which object each image shows.
        augment: as for ``augmented_view``.
        views: how many views of every image, from 1.
        seed: another seed gives other views.
        preprocess: as for ``features.extract``; applied after augmenting.
        precision: as for ``features.extract``.
        store: as for ``features.extract``.
        progress: show a bar for each view, on standard output, when it takes more than a second.

    Returns:
        The features of all views, with labels and groups repeated to match.

    Raises:
        BadArgumentError: labels or groups of another length, or anything that ``augmented_view`` or ``extract`` refuse.
    """
    views = whole_number("views", views, minimum=1)
    labels, groups = np.asarray(labels), np.asarray(groups)
    for name, values in (("labels", labels), ("groups", groups)):
        if values.shape != (len(images),):
            raise BadArgumentError(
                f"{name} must have one entry for each of the {len(images)} images, received shape {values.shape}. "
                "Give those of the images; they are repeated here."
            )
    features = [
        extract(
            base,
            augmented_view(images, augment=augment, view=view, seed=seed),
            preprocess=preprocess,
            precision=precision,
            store=store,
            progress=progress,
        )
        for view in range(views)
    ]
    return ViewFeatures(
        features=np.concatenate(features),
        labels=np.tile(labels, views),
        groups=np.tile(groups, views),
        view=np.repeat(np.arange(views), len(images)),
    )


def _set_random_state(augment: Any, start: list[int]) -> None:
    """Gives every random layer a state of its own that follows from ``start`` alone."""
    # A layer's random state is two whole numbers: a seed, and a count of the draws so far.
    states = [v for v in getattr(augment, "variables", []) if v.name == "seed_generator_state"]
    if not states:
        raise BadArgumentError(
            f"augment must be a Keras layer or model with random layers; {type(augment).__name__} has none, so every "
            "view would be the same. For example keras.Sequential([keras.layers.RandomFlip('horizontal')])."
        )
    for number, state in enumerate(states):
        state.assign([int(np.random.SeedSequence([*start, number]).generate_state(1)[0] >> 1), 0])


def _check_view(batch: np.ndarray, result: np.ndarray) -> None:
    if result.ndim != 4 or len(result) != len(batch) or result.shape[-1] != batch.shape[-1]:
        raise BadArgumentError(
            f"augment must return one image for each of the {len(batch)} it is given, received shape {result.shape}. "
            "Pass only the layers that change images, not the base."
        )
    if result.min() < -64 or (batch.max() > 8 and result.max() < 4):
        raise BadArgumentError(
            f"augment must leave the images between 0 and 255, but returned {result.min():.3g} to {result.max():.3g}. "
            "Take the rescaling out: preprocess does that after the views are drawn."
        )
