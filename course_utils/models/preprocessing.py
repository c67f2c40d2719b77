"""The methods by which pretrained networks' training images were preprocessed."""

import warnings

import numpy as np

from course_utils.errors import BadArgumentError


def apply(kind: str, images) -> np.ndarray:
    """Preprocesses images; ``kind`` is ``Base.preprocessing``. See ``models.preprocess``."""
    pixels = _checked(images)
    if kind == "caffe":
        mean = np.array((103.939, 116.779, 123.68), np.float32)  # of blue, green and red
        return np.subtract(pixels[..., ::-1], mean, dtype=np.float32, order="C")
    preprocessed = pixels.astype(np.float32)
    if kind == "tf":
        preprocessed /= 127.5
        preprocessed -= 1
    elif kind == "torch":
        preprocessed /= 255
        preprocessed -= np.array((0.485, 0.456, 0.406), np.float32)
        preprocessed /= np.array((0.229, 0.224, 0.225), np.float32)
    elif kind == "lite":  # what is left is "inside"
        preprocessed -= 127
        preprocessed /= 128
    return preprocessed


def _checked(images) -> np.ndarray:
    try:
        pixels = np.asarray(images)
    except Exception as error:  # every backend refuses a symbolic tensor in its own way
        raise BadArgumentError(
            "images must hold numbers, not a placeholder for them: preprocess works on arrays, before the model. Inside "
            "a model use keras.layers.Rescaling or the preprocess_input function of keras.applications."
        ) from error
    if pixels.dtype.kind not in "uif":
        raise BadArgumentError(f"images must be an array of numbers from 0 to 255, not of {pixels.dtype}.")
    if pixels.ndim not in (3, 4) or pixels.shape[-1] != 3:
        raise BadArgumentError(
            "images must have the shape (N, height, width, 3) or (height, width, 3), red-green-blue last, not "
            f"{pixels.shape}. Repeat a grey channel three times; leave out a transparency channel."
        )
    if pixels.size == 0 or pixels.dtype == np.uint8:
        return pixels
    low, high = float(pixels.min()), float(pixels.max())
    if not np.isfinite([low, high]).all():
        raise BadArgumentError("images must be finite numbers from 0 to 255, but some are NaN or infinite.")
    # Smooth resizing overshoots 0 and 255 a little, which is fine. Black images are fine too.
    advice = ""
    if pixels.dtype.kind == "f" and 0 <= low < high <= 1:
        advice = "Multiply them by 255."
    elif low < -32 or (low < 0 and high <= 3):
        advice = "Were they preprocessed before?"
    elif high > 288:
        advice = "Divide them until they fit (16-bit images: by 257)."
    if advice:
        # The line that is named called `models.preprocess` or `Base.preprocess`, which called `apply`.
        warnings.warn(f"images should go from 0 to 255, but go from {low:.4g} to {high:.4g}. {advice}", stacklevel=4)
    return pixels
