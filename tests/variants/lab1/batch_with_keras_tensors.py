"""Resizes with keras.ops and returns a tensor of the backend."""

import keras
import numpy as np

from course_utils.models import preprocess

REPLACES = "prepare-batch"


def prepare_batch(photos, name):
    squares = []
    for photo in photos:
        if photo.ndim == 2:
            photo = np.repeat(photo[:, :, np.newaxis], 3, axis=2)
        squares.append(keras.ops.image.resize(photo[:, :, :3].astype("float32"), (224, 224), interpolation="bilinear"))
    pixels = keras.ops.stack(squares)
    return keras.ops.convert_to_tensor(preprocess(name, keras.ops.convert_to_numpy(pixels)))
