"""ImageNet's 1000 classes, and predictions in words."""

import functools

import numpy as np

from course_utils.errors import BadArgumentError
from course_utils.storage import shipped_table


@functools.cache
def imagenet_classes() -> tuple[tuple[str, str], ...]:
    """Returns (WordNet id, name) of each class, in the order of a pretrained top's outputs."""
    return tuple((row["wnid"], row["name"]) for row in shipped_table("imagenet_classes.csv"))


def decode_predictions(predictions, *, top: int = 5) -> list[list[tuple[str, str, float]]]:
    """Turns predictions of a 1000-class top into words; needs no network.

    Args:
        predictions: probabilities, (N, 1000), as ``model.predict`` returns them.
        top: how many classes for each image, from 1 to 1000.

    Returns:
        For each image a list of (WordNet id, name, probability), the most probable first.

    Raises:
        BadArgumentError: another shape, or ``top`` out of range.
    """
    classes = imagenet_classes()
    if hasattr(predictions, "detach"):  # a PyTorch tensor, which may be on a GPU
        predictions = predictions.detach().cpu()
    try:
        scores = np.asarray(predictions, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise BadArgumentError(f"predictions must be an array of numbers, not {type(predictions).__name__}.") from error
    if scores.ndim != 2 or scores.shape[1] != len(classes):
        hint = (
            "Add the batch axis: predictions[None]." if scores.shape == (len(classes),) else "Use a base with its top."
        )
        raise BadArgumentError(f"predictions must have the shape (N, {len(classes)}), not {scores.shape}. {hint}")
    if not isinstance(top, (int, np.integer)) or not 1 <= top <= len(classes):
        raise BadArgumentError(f"top must be an integer from 1 to {len(classes)}, not {top!r}.")
    best = np.argsort(-scores, axis=1, kind="stable")[:, :top]
    return [[(*classes[i], float(row[i])) for i in order] for row, order in zip(scores, best, strict=True)]
