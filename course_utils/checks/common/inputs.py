"""What checks put into a student's function: images and small models, drawn from random numbers."""

import functools

import numpy as np

from course_utils.checks import Incorrect
from course_utils.data import sample_photos
from course_utils.models import load_base


def photograph(rng: np.random.Generator, *, side: int = 224) -> np.ndarray:
    """A part of one of the course's photographs, sometimes mirrored: uint8 (side, side, 3)."""
    from PIL import Image

    photos = _photos()
    photo = photos[rng.integers(len(photos))]
    edge = int(min(photo.shape[:2]) * rng.uniform(0.6, 1.0))
    top, left = (int(rng.integers(length - edge + 1)) for length in photo.shape[:2])
    part = Image.fromarray(photo[top : top + edge, left : left + edge])
    pixels = np.asarray(part.resize((side, side), Image.Resampling.BILINEAR))
    return np.ascontiguousarray(pixels[:, ::-1] if rng.random() < 0.5 else pixels)


@functools.cache
def _photos() -> list[np.ndarray]:
    return [photo.array for photo in sample_photos().values()]


def renumbered(rng: np.random.Generator, count: int) -> np.ndarray:
    """New numbers for ``count`` classes: int64 (count,), in which none keeps its own."""
    order = rng.permutation(count)
    return np.roll(order, 1)[np.argsort(order)]


def made_up_base(rng: np.random.Generator):
    """A small base of ten blocks with BatchNorm, from (N, 16, 16, 3); its sizes, and what its blocks are called, are drawn.

    No name says which layers are BatchNorm.
    """
    import keras

    layers, word = keras.layers, str(rng.choice(["block", "stage", "part", "unit"]))
    tensor = images = keras.Input((16, 16, 3), name="images")
    tensor = layers.Conv2D(int(rng.integers(2, 9)), 3, padding="same", name="stem_conv")(tensor)
    for block in range(1, 11):
        filters = int(rng.integers(2, 9))
        tensor = layers.Conv2D(filters, 3, padding="same", use_bias=block % 2 == 0, name=f"{word}{block}_conv")(tensor)
        tensor = layers.BatchNormalization(name=f"{word}{block}_scaled")(tensor)
        tensor = layers.ReLU(name=f"{word}{block}_relu")(tensor)
    return keras.Model(images, tensor, name="made_up_base")


def made_up_classifier(rng: np.random.Generator):
    """A small classifier with a shortcut, from (N, 24, 24, 3) to probabilities of 3 to 8 classes.

    The length of what its last layer receives, 11 to 39, and the number of classes are drawn at random. Every layer has a name
    that Keras would not give by itself. A student's function may build on the model in another process, where Keras counts
    names anew: with "dense_1" here, a new Dense there could come to the same name.
    """
    import keras

    layers = keras.layers
    images = keras.Input((24, 24, 3), name="made_up_images")
    tensor = layers.Conv2D(8, 3, padding="same", activation="relu", name="made_up_stem")(images)
    branch = layers.Conv2D(8, 3, padding="same", activation="relu", name="made_up_branch")(tensor)
    tensor = layers.Add(name="made_up_sum")([tensor, branch])
    tensor = layers.GlobalAveragePooling2D(name="made_up_pool")(tensor)
    tensor = layers.Dense(int(rng.integers(11, 40)), name="made_up_hidden")(
        tensor
    )  # no ReLU: one more would change nothing
    tensor = layers.Dense(int(rng.integers(3, 9)), activation="softmax", name="made_up_answers")(tensor)
    return keras.Model(images, tensor, name="made_up_classifier")


def with_head(base, classes: int, *, front: tuple = (), dropout: float = 0.0, training: bool | None = None):
    """A base with pooling and a softmax of so many classes on top: base and head in one functional model.

    ``front`` are layers before the base, which is called with ``training`` if that is given. ``dropout`` is the rate of
    a Dropout before the last layer. The last layers are called "pool", "drop" if it is there, and "head".
    """
    import keras

    tensor = images = keras.Input(base.input_shape[1:])
    for layer in front:
        tensor = layer(tensor)
    maps = base(tensor) if training is None else base(tensor, training=training)
    tensor = keras.layers.GlobalAveragePooling2D(name="pool")(maps)
    if dropout:
        tensor = keras.layers.Dropout(dropout, name="drop")(tensor)
    return keras.Model(images, keras.layers.Dense(classes, activation="softmax", name="head")(tensor))


def with_biases(rng: np.random.Generator, model):
    """The model, each bias, beta and gamma moved at random: where they are as in a new one, wiping them out would not show."""
    for weight in model.weights:
        if weight.path.endswith(("bias", "beta", "gamma")):
            weight.assign(weight + rng.normal(scale=0.1, size=weight.shape))
    return model


def check_classes_met(predicted: np.ndarray, labels: np.ndarray, fewest: int) -> None:
    """Complains unless so many classes are predicted correctly at least once: knowing the two commonest can be half of it."""
    if (met := len(np.unique(labels[predicted == labels]))) < fewest:
        raise Incorrect(
            f"Of the {len(np.unique(labels))} classes among {len(labels)} unseen scenes, {met} are ever predicted correctly;",
            f"expected {fewest} or more.",
            "Did it learn from the images of every class?",
        )


@functools.cache
def pretrained(name: str, size: int | None = None, cut: str | None = None):
    """A pretrained base for images of this size, or of any, to compare with; nobody may change it."""
    return load_base(name, input_shape=(size, size, 3), cut=cut)
